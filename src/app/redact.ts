// `--redact`: a report without what tells whose machine it is. Hosts, network addresses and serial numbers
// become pseudonyms, the same value the same one throughout the report. Everything a diagnosis rests on
// stays: kernel addresses, registers, symbols, versions, PCI addresses, times.
//
// Not promised: names of files, tasks, devices and modules are no addresses and stay as they are.

import type { ReportV1 } from "#contract/report.ts";

interface Pseudonyms {
  readonly hosts: ReadonlyMap<string, string>;
  name(kind: "ipv4" | "ipv6" | "mac" | "serial", value: string): string;
}

/** A new report; the one given stays as it is. */
export function redact(report: ReportV1): ReportV1 {
  const pseudonyms = openPseudonyms(hostsOf(report));
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === "string") {
      return FIXED.has(key) ? value : redactText(value, pseudonyms);
    }
    if (Array.isArray(value)) return value.map((item) => walk(item, key));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([k, inner]) => [k, walk(inner, k)]));
  };
  // Only free strings changed, and none that the contract narrows.
  return walk(report, "") as ReportV1;
}

/** Fields that hold machine words or words of the contract, never a name or an address of a network. */
const FIXED: ReadonlySet<string> = new Set([
  "schema",
  "id",
  "bytes",
  "release",
  "version",
  "symbol",
  "module",
  "buildId",
  "wall",
  "source",
  "kind",
  "verdict",
  "state",
  "when",
  "why",
  "for",
  "observed",
  "context",
  "interrupts",
  "reason",
  "yearFrom",
  "waitsFor",
  "askedBy",
  "event",
  "events",
  "arch",
  "flag",
  "flavour",
  "function",
  "comm",
  "signature",
  "scenario",
  "part",
  "mark",
  "modules",
]);

function hostsOf(report: ReportV1): readonly string[] {
  const all = [...report.events, ...report.notices, ...report.incidents, ...(report.boots ?? [])];
  return [...new Set(all.flatMap(({ host }) => (host === undefined || host === "" ? [] : [host])))];
}

function openPseudonyms(hosts: readonly string[]): Pseudonyms {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  return {
    hosts: new Map(hosts.map((host, index) => [host, `host-${index + 1}`])),
    name(kind, value) {
      const key = `${kind}/${value.toLowerCase()}`;
      const known = names.get(key);
      if (known !== undefined) return known;
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      names.set(key, `${kind}-${count}`);
      return `${kind}-${count}`;
    },
  };
}

//   not within a word, number or version       four numbers up to 255           nor followed by more of one
const IPV4 =
  /(?<![\w.+-])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w+]|-\d|\.\d)/g;
/** Six pairs exactly, with colons or hyphens. */
const MAC =
  /(?<![0-9a-f:.-])[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}(?![0-9a-f]|[:-][0-9a-f])/gi;
/** Candidates only: `isIpv6` decides. */
const COLONS = /(?<![\w:.])[0-9a-f:]{2,39}(?![\w:]|\.\d)/gi;
/** The word after a label of a serial number or of a machine's identity. */
const SERIAL =
  /\b(serial ?(?:number|no\.?|num)?|s\/n|sn|uuid|wwn|wwid|asset tag)(\s{0,4}[:=#]\s{0,4}"?|\s)([\w-]{4,64})/gi;
/** A name that looks like a word of a host: replaced only whole. */
const WORD = /[\w.-]+/g;

function redactText(words: string, to: Pseudonyms): string {
  const named = to.hosts.size === 0 ? words : words.replace(WORD, (word) => hostIn(word, to));
  return named
    .replace(SERIAL, (whole, label: string, gap: string, value: string) =>
      isSerial(value, gap) ? `${label}${gap}${to.name("serial", value)}` : whole,
    )
    .replace(MAC, (value) => to.name("mac", value.replaceAll("-", ":")))
    .replace(COLONS, (value) => (isIpv6(value) ? to.name("ipv6", value) : value))
    .replace(IPV4, (value: string, at: number, text: string) =>
      isVersion(text.slice(Math.max(0, at - 24), at)) ? value : to.name("ipv4", value),
    );
}

/** A sentence may end right behind the name, or a domain or a file's ending follow (`node7.log`). */
function hostIn(word: string, to: Pseudonyms): string {
  const bare = word.replace(/[.-]{1,3}$/, "");
  for (let end = bare.length; end > 0; end = bare.lastIndexOf(".", end - 1)) {
    const pseudonym = to.hosts.get(bare.slice(0, end));
    if (pseudonym !== undefined) return pseudonym + word.slice(end);
  }
  return word;
}

/** With a label and a separator any word; after a bare blank only one that holds a digit. */
function isSerial(value: string, gap: string): boolean {
  return /[:=#]/.test(gap) || (/\d/.test(value) && value.length >= 6);
}

/**
 * Eight groups, or fewer with one `::` and at least two groups. So neither a time (12:34:56), nor a PCI
 * address (0000:00:1f), nor `::` alone is one.
 */
function isIpv6(value: string): boolean {
  const halves = value.split("::");
  if (halves.length > 2 || /(?:^:(?!:))|(?:(?<!:):$)/.test(value)) return false;
  const groups = value.split(":").filter((group) => group !== "");
  if (groups.some((group) => group.length > 4)) return false;
  return halves.length === 1 ? groups.length === 8 : groups.length >= 2 && groups.length <= 7;
}

/** `BIOS 1.2.3.4`, `version 10.0.0.1`, `v1.2.3.4`: four numbers that name a release. */
function isVersion(before: string): boolean {
  return /(?:bios|firmware|fw|version|ver\.?|release|driver|kernel|rev\.?)[ :=(]{1,3}$/i.test(
    before,
  );
}
