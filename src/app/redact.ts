// `--redact`: a report without what tells whose machine it is. Hosts, network addresses and serial numbers
// become pseudonyms, the same value the same one throughout the report; so do UUIDs, world-wide names, disks
// by id, mail addresses, users' home folders and the secrets of a command line. Everything a diagnosis rests
// on stays: kernel addresses, registers, symbols, versions, PCI addresses, times, the machine's model.
//
// Not promised: names of files, tasks, devices and modules are no addresses and stay as they are.

import type { ReportV1 } from "#contract/report.ts";

type PseudonymKind =
  | "ipv4"
  | "ipv6"
  | "mac"
  | "serial"
  | "uuid"
  | "mail"
  | "user"
  | "secret"
  | "server";

interface Pseudonyms {
  readonly hosts: ReadonlyMap<string, string>;
  name(kind: PseudonymKind, value: string): string;
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

/** A host by its name in any case, and by the first part of it where the log gives its domain too. */
function hostNames(hosts: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  let count = 0;
  for (const host of hosts.map((name) => name.toLowerCase())) {
    const short = firstLabel(host) ?? host;
    const name = names.get(host) ?? names.get(short) ?? `host-${++count}`;
    names.set(host, name);
    names.set(short, name);
  }
  return names;
}

/** `node7` of `node7.example.com`; of an address, or of a name without a domain, nothing. */
function firstLabel(host: string): string | undefined {
  const dot = host.indexOf(".");
  const label = dot < 0 ? "" : host.slice(0, dot);
  return /[a-z]/.test(label) && /^[a-z]/.test(host.slice(dot + 1)) ? label : undefined;
}

function openPseudonyms(hosts: readonly string[]): Pseudonyms {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  return {
    hosts: hostNames(hosts),
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
//   but the second half of a range is one       (10.0.0.1-10.0.0.9)
const IPV4 =
  /(?:(?<![\w.+-])|(?<=(?<![\w.+-])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}-))(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w+]|-(?!\d{1,3}\.\d{1,3}\.\d{1,3}\.\d)\d|\.\d)/g;
/** Clouds make names of hosts of their addresses. */
const IPV4_NAME = /(?<![\w-])ip-(\d{1,3}-\d{1,3}-\d{1,3}-\d{1,3})(?![\w-])/g;
/** Six pairs (Ethernet), eight (Fibre Channel, EUI-64), twenty (InfiniBand), with colons or hyphens. */
const MAC =
  /(?<![0-9a-f:.-])[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:(?:\1[0-9a-f]{2}){4}|(?:\1[0-9a-f]{2}){6}|(?:\1[0-9a-f]{2}){18})(?![0-9a-f]|[:-][0-9a-f])/gi;
const MAC_WITH_DOTS = /(?<![\w.])[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}(?![\w.])/gi;
const UUID = /(?<![\w-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])/gi;
/** World-wide names, and `disk/by-id`, whose last part is a model and its serial number. */
const WWN = /(?<![\w.])(wwn-0x|naa\.|eui\.|nguid\.|t10\.)([0-9a-z][\w.-]{7,63})/gi;
const DISK = /(\/by-id\/(?:[a-z0-9]{2,8}-)?)([\w.:+-]{4,128})/g;
/** `user:password@` of an address, then mail addresses. */
const LOGIN = /(:\/\/)([^\s/@:]{1,64}(?::[^\s/@]{0,128})?)(?=@)/g;
const MAIL =
  /(?<![\w.%+-])[\w.%+-]{1,64}@[a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63}){0,7}\.[a-z]{2,24}(?![\w-])/gi;
const HOME = /(\/(?:home|Users)\/)([^\s/:;,"'`()<>|]{1,64})/g;
/** `rd.iscsi.password=x`, `luks.key=x`: what stands behind a word of secrecy on a command line. */
const SECRET =
  /((?:passw(?:or)?d|passphrase|secret|token|psk|api_?key|luks\.key|credentials?)[\w.-]{0,32}=)("[^"]{1,256}"|[^\s"',;]{1,256})/gi;
/** Whom a network file system waits for (net/sunrpc, fs/nfs, fs/smb, net/ceph). */
const SERVER = /(\b[Ss]erver )([a-z0-9][\w.-]{0,253})(?= (?:not responding|OK|has not responded))/g;
/** An IPv6 address that ends like one of IPv4. */
const MIXED = /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)/gi;
/** Candidates only: `isIpv6` decides. */
const COLONS = /(?<![\w:.])[0-9a-f:]{2,39}(?![\w:]|\.\d)/gi;
/** The word after a label of a serial number or of a machine's identity. */
const SERIAL =
  /(?<![a-z0-9])((?:id_)?serial[ _]?(?:number|no\.?|num|short)?|serno|s\/n|sn|(?:part)?uuid|wwn|wwid|wwpn|asset tag)(\s{0,4}[:=#]\s{0,4}"?|\s)([\w-]{4,64})/gi;
/** A name that looks like a word of a host: replaced only whole. */
const WORD = /[\w.-]+/g;

function redactText(words: string, to: Pseudonyms): string {
  const named = to.hosts.size === 0 ? words : words.replace(WORD, (word) => hostIn(word, to));
  return LABELED.reduce(
    (text, [pattern, kind]) =>
      text.replace(pattern, (_, label: string, value: string) => `${label}${to.name(kind, value)}`),
    named,
  )
    .replace(SERIAL, (whole, label: string, gap: string, value: string) =>
      isSerial(value, gap) ? `${label}${gap}${to.name("serial", value)}` : whole,
    )
    .replace(UUID, (value) => to.name("uuid", value))
    .replace(MAIL, (value) => (/^secret-\d+@/.test(value) ? value : to.name("mail", value)))
    .replace(MAC, (value) => to.name("mac", bareMac(value)))
    .replace(MAC_WITH_DOTS, (value) => to.name("mac", bareMac(value)))
    .replace(MIXED, (value) => (isMixed(value) ? to.name("ipv6", value) : value))
    .replace(COLONS, (value) => (isIpv6(value) ? to.name("ipv6", value) : value))
    .replace(IPV4_NAME, (_, value: string) => to.name("ipv4", value.replaceAll("-", ".")))
    .replace(IPV4, (value: string, at: number, text: string) =>
      isVersion(text.slice(Math.max(0, at - 24), at)) ? value : to.name("ipv4", value),
    );
}

/** A label that stays and a value that does not. */
const LABELED: readonly (readonly [RegExp, PseudonymKind])[] = [
  [SECRET, "secret"],
  [LOGIN, "secret"],
  [HOME, "user"],
  [DISK, "serial"],
  [WWN, "serial"],
  [SERVER, "server"],
];

/** One address, however its parts are set apart. */
function bareMac(value: string): string {
  return value.replaceAll(/[:.-]/g, "");
}

/** `::ffff:10.0.0.1` is IPv4's own and read as that. */
function isMixed(value: string): boolean {
  return value.includes("::") && !/^::(?:ffff:)?\d+\./i.test(value);
}

/** A sentence may end right behind the name, or a domain or a file's ending follow (`node7.log`). */
function hostIn(word: string, to: Pseudonyms): string {
  const bare = word.replace(/[.-]{1,3}$/, "");
  for (let end = bare.length; end > 0; end = bare.lastIndexOf(".", end - 1)) {
    const pseudonym = to.hosts.get(bare.slice(0, end).toLowerCase());
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
