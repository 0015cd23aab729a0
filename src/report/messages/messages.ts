// The one list of languages.

import type { Messages } from "./catalogue.ts";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

export type Language = "en" | "zh";

export const LANGUAGES: readonly Language[] = ["en", "zh"];

const CATALOGUES: Readonly<Record<Language, Messages>> = { en, zh };

export function messagesFor(lang: Language): Messages {
  return CATALOGUES[lang];
}
