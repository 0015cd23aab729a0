// Which boot of which host a record belongs to, and what the boot's own lines say about the machine.
//
// Invariant: a boot begins only where the log shows it: at a `Linux version` line, or where the kernel's
// clock falls back to the start. A clock that runs back a little is two CPUs or a lost order, not a boot.

import type { KernelIdentity } from "#model/kernel-event.ts";
import type { Boot, BootFact } from "#model/reading.ts";
import type { SourceRange } from "#model/source-range.ts";
import { findBootFact } from "./boot-facts.ts";
import { ownStart, ownText } from "./own-text.ts";
import type { LogRecord } from "./record.ts";

export interface BootTracker {
  /** Index into `boots()` of the boot the record belongs to. Other programs' records count with their host. */
  observe(record: LogRecord): number;
  /** The next file of the log begins, and nothing shows that the boots seen so far go on in it. */
  border(): void;
  boots(): readonly Boot[];
  /** The first line of a boot that is counted on in the one before: more than `MAX_BOOTS` are too many. */
  tooMany(): SourceRange | undefined;
}

interface Covered {
  readonly source: string;
  readonly firstLine: number;
  lastLine: number;
}

interface OpenBoot {
  readonly host: string | undefined;
  kernel: KernelIdentity | undefined;
  readonly facts: BootFact[];
  /** Its lines, one entry for each file; the last one grows. */
  readonly covered: [Covered, ...Covered[]];
  records: number;
  /** The largest stamp so far. */
  latest: bigint | undefined;
}

const SECOND = 1_000_000_000n;
/** A clock that stands below this after it was far beyond has started anew. */
const EARLY = 120n * SECOND;
/** So far back is no disorder of a console or a journal. */
const FALL = 30n * SECOND;
/** Facts of one boot; some lines repeat per CPU or console. */
const MAX_FACTS = 64;
/** Characters kept of a fact's line; printk's own are 1,024. */
const LONGEST_QUOTE = 1024;
/** A log of more boots than this is counted on in the last one. */
const MAX_BOOTS = 10_000;

export function openBoots(source: string): BootTracker {
  const boots: OpenBoot[] = [];
  const current = new Map<string, number>();
  let last: number | undefined;
  let beyond: SourceRange | undefined;

  function open(record: LogRecord): number {
    if (boots.length >= MAX_BOOTS) {
      beyond ??= rangeOf(record, source);
      return boots.length - 1;
    }
    boots.push({
      host: record.host,
      kernel: undefined,
      facts: [],
      covered: [rangeOf(record, source)],
      records: 0,
      latest: undefined,
    });
    current.set(record.host ?? "", boots.length - 1);
    return boots.length - 1;
  }

  return {
    observe(record) {
      // Text without any head has no host of its own: it stands among its neighbors' lines.
      const isBare = record.framing === "bare" && last !== undefined;
      const known = isBare ? last : current.get(record.host ?? "");
      const before = known === undefined ? undefined : boots[known];
      const isNew = before === undefined || (isKernels(record) && beginsBoot(record, before));
      const index = isNew ? open(record) : (known ?? 0);
      const boot = boots[index];
      if (boot !== undefined) note(boot, record, source);
      last = index;
      return index;
    },
    border() {
      current.clear();
      last = undefined;
    },
    boots: () => boots.map(toBoot),
    tooMany: () => beyond,
  };
}

/** The kernel's, or pasted without a head and so perhaps the kernel's. */
function isKernels(record: LogRecord): boolean {
  return record.kernel || record.program === undefined;
}

function beginsBoot(record: LogRecord, boot: OpenBoot): boolean {
  if (record.text.startsWith("Linux version ")) {
    // Lines that early code prints before it belong to the same boot.
    return boot.kernel !== undefined || (boot.latest ?? EARLY) >= SECOND;
  }
  const now = record.time?.monotonic;
  if (now === undefined || boot.latest === undefined) return false;
  return now < EARLY && boot.latest - now > FALL && now * 3n < boot.latest;
}

function note(boot: OpenBoot, record: LogRecord, source: string): void {
  cover(boot, record, source);
  if (!isKernels(record)) return;
  boot.records += 1;
  const now = record.time?.monotonic;
  if (now !== undefined && (boot.latest === undefined || now > boot.latest)) boot.latest = now;
  if (boot.kernel === undefined && record.text.startsWith("Linux version ")) {
    boot.kernel = parseLinuxVersion(record.text);
  }
  if (boot.facts.length >= MAX_FACTS) return;
  const fact = findBootFact(record.text);
  if (
    fact === undefined ||
    boot.facts.some((f) => f.name === fact.name && f.value === fact.value)
  ) {
    return;
  }
  const text = ownStart(record.text, LONGEST_QUOTE);
  boot.facts.push({ ...fact, at: { range: rangeOf(record, source), text } });
}

function cover({ covered }: OpenBoot, record: LogRecord, only: string): void {
  const last = covered.at(-1);
  if (last === undefined || last.source !== (record.source ?? only)) {
    covered.push(rangeOf(record, only));
  } else if (record.lastLine > last.lastLine) {
    last.lastLine = record.lastLine;
  }
}

function rangeOf({ source, firstLine, lastLine }: LogRecord, only: string): SourceRange {
  return { source: source ?? only, firstLine, lastLine };
}

/**
 * `Linux version 5.10.0-46-amd64 (debian-kernel@…) (gcc-10 …) #1 SMP Debian 5.10.262-1 (2026-07-31)`
 * (init/version-timestamp.c: linux_proc_banner).
 */
export function parseLinuxVersion(text: string): KernelIdentity | undefined {
  const release = /^Linux version (\S{1,128})/.exec(text)?.[1];
  if (release === undefined) return undefined;
  const hash = text.indexOf(" #");
  const version = hash < 0 ? {} : { version: ownText(text.slice(hash + 1, hash + 1 + 256)) };
  return { release: ownText(release), ...version, arch: archOf(release), taint: [] };
}

/** Distributions put the machine's name at the end of a release; elsewhere it is unknown here. */
function archOf(release: string): string {
  const name =
    /[.-](x86_64|amd64|aarch64|arm64|ppc64le|powerpc64le|s390x|riscv64|i[3-6]86|loongarch64|armv7hl|mips64el)(?:[.+_-]|$)/.exec(
      release,
    )?.[1];
  const same: Readonly<Record<string, string>> = {
    amd64: "x86_64",
    aarch64: "arm64",
    powerpc64le: "ppc64le",
  };
  return name === undefined ? "unknown" : (same[name] ?? name);
}

function toBoot(boot: OpenBoot): Boot {
  const { facts, covered, records } = boot;
  const [range, ...continuedIn] = covered;
  return {
    ...(boot.host === undefined ? {} : { host: boot.host }),
    ...(boot.kernel === undefined ? {} : { kernel: boot.kernel }),
    facts,
    range,
    ...(continuedIn.length === 0 ? {} : { continuedIn }),
    records,
  };
}
