// Scenario files: a few lines of `word values`, `#` to the end of the line is a comment.
//
//   title Five sites, one CPU with interrupts off
//   title-zh …
//   cpus 4
//   kernel concurrent                       which generation (variants.ts)
//   fetch stale                             or coherent
//   site dev_queue_xmit_nit ffffffff817d6f9b nop2 jump ffffffff817d701b
//   socket 1 open                           CPU 1 opens a timestamping socket
//   hold 2 sync 1 for 40                    CPU 2 keeps interrupts off for 40 steps of sync 1
//   toggles 2                               without sockets: flips of the key
//   mutant no-sync-1
//   seed 7

import { err, ok, type Result } from "#base/result.ts";
import type { Configuration, FetchModel, MutantId, SocketEvent } from "./configuration.ts";
import { toConfiguration } from "./default-configuration.ts";
import { type Instruction, lengthOf, type PatchSite } from "./instruction.ts";
import { findMutant } from "./mutants.ts";
import type { Hold } from "./run.ts";
import { DEFAULT_VARIANT, findVariant, type NamedVariant } from "./variants.ts";

export interface Scenario {
  readonly title?: { readonly en: string; readonly zh: string };
  readonly cpus: number;
  readonly kernel: NamedVariant;
  readonly fetch: FetchModel;
  readonly sites: readonly PatchSite[];
  readonly sockets: readonly SocketEvent[];
  readonly holds: readonly Hold[];
  readonly toggles: number;
  readonly mutant?: MutantId;
  readonly seed: number;
}

export interface ScenarioError {
  readonly code: "scenario/unknown-word" | "scenario/bad-value";
  /** 1-based. */
  readonly line: number;
  readonly message: string;
}

interface Draft {
  title: string | undefined;
  titleZh: string | undefined;
  cpus: number;
  kernel: NamedVariant;
  fetch: FetchModel;
  sites: PatchSite[];
  sockets: SocketEvent[];
  holds: Hold[];
  toggles: number;
  mutant: MutantId | undefined;
  seed: number;
}

export const MAX_CPUS = 4096;
export const MAX_SITES = 1024;

/** Reads a scenario; the first line that says nothing known is the error. */
export function parseScenario(source: string): Result<Scenario, ScenarioError> {
  const draft: Draft = {
    title: undefined,
    titleZh: undefined,
    cpus: 4,
    kernel: DEFAULT_VARIANT,
    fetch: "stale",
    sites: [],
    sockets: [],
    holds: [],
    toggles: 1,
    mutant: undefined,
    seed: 1,
  };
  const lines = source.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const words = (lines[i]?.split("#")[0] ?? "").trim().split(/\s+/);
    if (words[0] === "" || words[0] === undefined) continue;
    const complaint = readLine(draft, words[0], words.slice(1));
    if (complaint !== undefined) return err({ ...complaint, line: i + 1 });
  }
  return finish(draft, lines.length);
}

type Complaint = Omit<ScenarioError, "line"> | undefined;

const bad = (message: string): Complaint => ({ code: "scenario/bad-value", message });

function readLine(draft: Draft, word: string, values: readonly string[]): Complaint {
  const read = Object.hasOwn(READERS, word) ? READERS[word] : undefined;
  return read === undefined
    ? { code: "scenario/unknown-word", message: `${word} is no word of a scenario` }
    : read(draft, values);
}

const READERS: Readonly<Record<string, (draft: Draft, values: readonly string[]) => Complaint>> = {
  title: (draft, values) => {
    draft.title = values.join(" ");
    return undefined;
  },
  "title-zh": (draft, values) => {
    draft.titleZh = values.join(" ");
    return undefined;
  },
  cpus: (draft, [value]) => {
    draft.cpus = toNumber(value);
    return within(draft.cpus, 2, MAX_CPUS, "cpus");
  },
  seed: (draft, [value]) => {
    draft.seed = toNumber(value);
    return within(draft.seed, 0, 0xffffffff, "seed");
  },
  toggles: (draft, [value]) => {
    draft.toggles = toNumber(value);
    return within(draft.toggles, 1, 64, "toggles");
  },
  fetch: (draft, [value]) => {
    if (value !== "coherent" && value !== "stale") return bad("fetch is coherent or stale");
    draft.fetch = value;
    return undefined;
  },
  kernel: (draft, [value]) => {
    const found = findVariant(value ?? "");
    if (found === undefined) return bad(`no kernel generation is called ${value ?? "nothing"}`);
    draft.kernel = found;
    return undefined;
  },
  mutant: (draft, [value]) => {
    const found = findMutant(value ?? "");
    if (found === undefined) return bad(`no mutant is called ${value ?? "nothing"}`);
    draft.mutant = found.id;
    return undefined;
  },
  socket: (draft, [cpu, what]) => {
    if (what !== "open" && what !== "close") return bad("socket CPU open, or socket CPU close");
    draft.sockets.push({ cpu: toNumber(cpu), what });
    return within(toNumber(cpu), 1, MAX_CPUS, "the socket's CPU (CPU 0 patches)");
  },
  hold: (draft, [cpu, , sync, , steps]) => {
    const number = toNumber(sync);
    if (number !== 1 && number !== 2 && number !== 3) return bad("hold CPU sync 1|2|3 for STEPS");
    draft.holds.push({ cpu: toNumber(cpu), sync: number, steps: toNumber(steps) });
    return (
      within(toNumber(steps), 1, 10_000, "the steps of a hold") ??
      within(toNumber(cpu), 1, MAX_CPUS, "the held CPU (CPU 0 patches)")
    );
  },
  site: (draft, values) => readSite(draft, values),
};

/** `site NAME ADDRESS OLD [TARGET] NEW TARGET`; OLD is nop2, nop5, call, jz or jnz. */
function readSite(draft: Draft, values: readonly string[]): Complaint {
  const [name = "", address = "", old = "", ...rest] = values;
  const at = toAddress(address);
  if (at === undefined) return bad(`${address} is no address`);
  const fromNop = old === "nop2" || old === "nop5";
  const [kind = "", target = ""] = fromNop ? rest : rest.slice(1);
  const disabled = fromNop ? toNop(old) : toBranch(old, rest[0] ?? "", 5);
  const enabled = toBranch(kind, target, old === "nop2" ? 2 : 5);
  if (disabled === undefined || enabled === undefined) return bad(SITE_USAGE);
  if (lengthOf(disabled) !== lengthOf(enabled)) return bad(`${name}: old and new differ in length`);
  if (!reaches(enabled, at) || !reaches(disabled, at)) return bad(`${name}: the target is too far`);
  draft.sites.push({ name, address: at, disabled, enabled });
  return within(draft.sites.length, 1, MAX_SITES, "sites");
}

const SITE_USAGE = "site NAME ADDRESS nop2|nop5|call TARGET|jz TARGET jump|call|jz TARGET";

function toNop(word: "nop2" | "nop5"): Instruction {
  return { kind: "nop", length: word === "nop2" ? 2 : 5 };
}

function toBranch(word: string, target: string, length: 2 | 5): Instruction | undefined {
  const to = toAddress(target);
  if (to === undefined) return undefined;
  switch (word) {
    case "jump":
      return { kind: "jump", length, target: to };
    case "call":
      return { kind: "call", target: to };
    case "jz":
      return { kind: "conditional", condition: 4, target: to };
    case "jnz":
      return { kind: "conditional", condition: 5, target: to };
    default:
      return undefined;
  }
}

function reaches(instruction: Instruction, address: bigint): boolean {
  if (!("target" in instruction)) return true;
  const short = instruction.kind === "jump" && instruction.length === 2;
  const distance = instruction.target - address - BigInt(lengthOf(instruction));
  return BigInt.asIntN(short ? 8 : 32, distance) === distance;
}

function finish(draft: Draft, lines: number): Result<Scenario, ScenarioError> {
  const { title, titleZh, mutant, ...rest } = draft;
  const cpus = [...draft.sockets, ...draft.holds].map((each) => each.cpu);
  const complaint = cpus.every((cpu) => cpu >= 0 && cpu < draft.cpus)
    ? patchable(draft)
    : bad(`there is no such CPU: cpus is ${draft.cpus}`);
  if (complaint !== undefined) return err({ ...complaint, line: lines });
  return ok({
    ...rest,
    ...(title === undefined ? {} : { title: { en: title, zh: titleZh ?? title } }),
    ...(mutant === undefined ? {} : { mutant }),
  });
}

/** text_poke_loc_init refuses what the handler could not emulate. */
function patchable({ sites, kernel }: Draft): Complaint {
  const conditional = sites.find((site) => site.enabled.kind === "conditional");
  return conditional === undefined || kernel.variant.conditional
    ? undefined
    : bad(
        `${conditional.name}: conditional jumps are patched since 6.3, not by kernel ${kernel.id}`,
      );
}

/** The machine a scenario describes. */
export function scenarioConfiguration(scenario: Scenario): Configuration {
  return toConfiguration({
    cpus: scenario.cpus,
    sites: scenario.sites.length > 0 ? scenario.sites : 2,
    fetch: scenario.fetch,
    ...(scenario.mutant === undefined ? {} : { mutant: scenario.mutant }),
    changes: {
      variant: scenario.kernel.variant,
      toggles: scenario.toggles,
      sockets: scenario.sockets,
    },
  });
}

function within(value: number, low: number, high: number, what: string): Complaint {
  return Number.isInteger(value) && value >= low && value <= high
    ? undefined
    : bad(`${what} must be ${low} to ${high}`);
}

function toNumber(word: string | undefined): number {
  return word !== undefined && /^\d{1,10}$/.test(word) ? Number(word) : Number.NaN;
}

function toAddress(word: string): bigint | undefined {
  return /^(0x)?[0-9a-f]{1,16}$/i.test(word) ? BigInt(`0x${word.replace(/^0x/i, "")}`) : undefined;
}
