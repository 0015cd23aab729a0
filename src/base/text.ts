// Every sentence the program writes exists in both languages, so that any renderer can switch.

/** A sentence in English and Chinese. Symbol names and log quotes stay as they are in both. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

export function text(en: string, zh: string): Text {
  return { en, zh };
}
