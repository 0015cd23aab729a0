// Abbreviated month names of the locales that dmesg -T and -H are run in: both print `%b` of strftime(3)
// after setlocale(3) (util-linux: sys-utils/dmesg.c, record_ctime and get_subsys_delta's caller).

import { monthAt } from "./wall-clock.ts";

//  en da nb sv, de, es, fr, it, pt, nl, pl, cs, tr, fi, hu, ru, uk; without point, lower case
const NAMES: readonly string[] = [
  "jan ene janv gen sty led oca tammi янв січ",
  "feb fév févr fev lut úno şub helmi febr фев лют",
  "mar mär mars mrt bře maalis márc мар бер",
  "apr abr avr avril kwi dub nis huhti ápr апр кві",
  "may mai maj mag mei kvě touko máj мая май тра",
  "jun juin giu cze čen čvn haz kesä jún июн чер",
  "jul juil lug lip čec čvc tem heinä júl июл лип",
  "aug ago août sie srp ağu elo авг сер",
  "sep sept set wrz zář eyl syys szept сен вер",
  "oct okt ott out paź říj eki loka окт жов",
  "nov lis kas marras ноя лис",
  "dec dez dic déc gru pro ara joulu des дек гру",
];
const MONTHS: ReadonlyMap<string, number> = new Map(
  NAMES.flatMap((names, at) => names.split(" ").map((name) => [name, at + 1] as const)),
);

/** 1..12 for `Nov`, `nov.`, `11月`, `11월`, `ноя`; 0 for a word that is no month known here. */
export function monthNamed(word: string): number {
  const english = word.length === 3 ? monthAt(word, 0) : 0;
  if (english > 0) return english;
  const numbered = /^(\d{1,2})[月월]$/.exec(word)?.[1];
  if (numbered !== undefined) return Number(numbered) <= 12 ? Number(numbered) : 0;
  return MONTHS.get(word.replace(/\.$/, "").toLowerCase()) ?? 0;
}
