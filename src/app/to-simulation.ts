// The simulator's states and effects as the contract says them. Nothing is computed here that the
// simulator did not find.

import type {
  BrokenInvariant,
  SimulatedCpu,
  SimulatedExploration,
  SimulatedRun,
  SimulatedScenario,
  SimulatedStep,
  SiteHolds,
  WouldRun,
} from "#contract/simulation.ts";
import { POKE_PHASES } from "#model/poke-phase.ts";
import type { Action } from "#simulator/textpoke/action.ts";
import { toRecordBytes } from "#simulator/textpoke/code-image.ts";
import type { Violation } from "#simulator/textpoke/effect.ts";
import type { Counterexample, Exploration } from "#simulator/textpoke/explorer.ts";
import type { FlowCounts } from "#simulator/textpoke/flow-check.ts";
import { assemble, bytesOf, type Machine } from "#simulator/textpoke/machine.ts";
import { expectedBreaks, findMutant } from "#simulator/textpoke/mutants.ts";
import type { Packet } from "#simulator/textpoke/packets.ts";
import { ipisPerToggle, type Operation } from "#simulator/textpoke/program.ts";
import { checkRunFlow, type Run, type RunStep } from "#simulator/textpoke/run.ts";
import type { Scenario } from "#simulator/textpoke/scenario.ts";
import { ENABLED, type State, TRAP } from "#simulator/textpoke/state.ts";
import { effectWords, INVARIANTS } from "#simulator/textpoke/words.ts";
import { wouldRun } from "#simulator/textpoke/would-run.ts";

export function toSimulatedScenario(
  machine: Machine,
  scenario: Scenario,
  name: string,
): SimulatedScenario {
  const { configuration } = machine;
  const { id, since, commit, what } = scenario.kernel;
  const mutant = configuration.mutant === undefined ? undefined : findMutant(configuration.mutant);
  return {
    name,
    ...(scenario.title === undefined ? {} : { title: scenario.title }),
    cpus: configuration.cpus,
    fetch: configuration.fetch,
    seed: scenario.seed,
    kernel: { id, since, commit, what },
    ...(mutant === undefined
      ? {}
      : { mutant: { id: mutant.id, what: mutant.what, why: mutant.why } }),
    sites: configuration.sites.map((site, index) => ({
      name: site.name,
      address: hexAddress(site.address),
      disabled: hex(bytesOf(machine, index).disabled),
      enabled: hex(bytesOf(machine, index).enabled),
    })),
    ipisPerToggle: ipisPerToggle(configuration),
  };
}

export function toSimulatedRun(run: Run): SimulatedRun {
  const verdict = checkRunFlow(run);
  return {
    finished: run.finished,
    steps: toSteps(run.machine, run.start, run.steps),
    records: run.records.map((record) => ({
      step: record.time,
      cpu: record.cpu,
      address: hexAddress(record.address),
      old: hex(record.old),
      new: hex(record.new),
      record: hex(toRecordBytes(record)),
    })),
    trace: run.packets.map((packets, cpu) => ({
      cpu,
      packets: packets.map(toPacket),
      decoded: verdict.decoded[cpu] ?? false,
    })),
    ipis: run.ipis,
    broadcasts: run.broadcasts,
    imagesAgree: verdict.imagesAgree,
  };
}

export function toSimulatedExploration(
  machine: Machine,
  found: Exploration,
  flow: FlowCounts,
  reductions: readonly string[],
): SimulatedExploration {
  const { mutant, fetch, variant, sites } = machine.configuration;
  const breaks = found.counterexamples.map((example) => example.invariant);
  const known = mutant === undefined ? undefined : findMutant(mutant);
  const expected = expectedBreaks(known, fetch, variant);
  const met = found.complete && [...breaks].sort().join() === [...expected].sort().join();
  return {
    verdict: breaks.length > 0 ? "broken" : found.complete ? "safe" : "undecided",
    states: found.states,
    transitions: found.transitions,
    depth: found.depth,
    reductions,
    counterexamples: found.counterexamples.map((example) => ({
      broken: toBroken({ ...example.violation, invariant: example.invariant }),
      steps: toSteps(machine, example.start, numbered(machine, example)),
    })),
    ...(sites.every((site) => site.disabled.kind.endsWith("nop"))
      ? { expected: { breaks: expected, met } }
      : {}),
    decoder: { ...flow },
  };
}

interface Stepped extends Pick<RunStep, "number" | "cpu" | "effects" | "violations" | "state"> {
  readonly action: RunStep["action"];
}

function numbered(machine: Machine, example: Counterexample): Stepped[] {
  return example.steps.map((step, i) => ({
    ...step,
    number: i + 1,
    cpu: cpuOfAction(machine, step.action),
  }));
}

function cpuOfAction(machine: Machine, action: Action): number {
  return "actor" in action ? (machine.actors[action.actor]?.cpu ?? 0) : action.cpu;
}

function toSteps(machine: Machine, start: State, steps: readonly Stepped[]): SimulatedStep[] {
  let before = start;
  return steps.map((step) => {
    const made = toStep(machine, before, step);
    before = step.state;
    return made;
  });
}

function toStep(machine: Machine, before: State, step: Stepped): SimulatedStep {
  const name = (site: number) => machine.configuration.sites[site]?.name ?? `site ${site}`;
  const sentences = step.effects.map((effect) => effectWords(effect, name));
  const sent = step.effects.find((effect) => effect.kind === "sent");
  const acknowledged = step.effects.find((effect) => effect.kind === "acknowledged");
  const id = phaseOf(machine, before, step.action);
  const phase = POKE_PHASES.find((each) => each.id === id);
  return {
    number: step.number,
    cpu: step.cpu,
    kind: step.effects[0]?.kind ?? step.action.kind,
    what: {
      en: sentences.map((sentence) => sentence.en).join("; "),
      zh: sentences.map((sentence) => sentence.zh).join("；"),
    },
    ...(phase === undefined ? {} : { phase }),
    ...(sent === undefined ? {} : { interrupts: sent.to }),
    ...(acknowledged === undefined
      ? {}
      : { answers: machine.actors[acknowledged.actor]?.cpu ?? 0 }),
    ...(step.violations.length === 0 ? {} : { broken: step.violations.map(toBroken) }),
    sites: step.state.sites.map((site, index) => ({
      bytes: hex(siteBytes(machine, index, site.head, site.tail)),
      holds: holds(machine, step.state, index),
    })),
    cpus: step.state.cpus.map((_, cpu) => toCpu(machine, step.state, cpu)),
  };
}

/** Which phase of the batch the patcher's next operation belongs to. */
function phaseOf(machine: Machine, state: State, action: RunStep["action"]): string | undefined {
  if (action.kind !== "operate") return undefined;
  const at = state.actors[action.actor]?.at ?? 0;
  const operations = machine.actors[action.actor]?.operations ?? [];
  const operation = operations[at];
  switch (operation?.kind) {
    case "int3":
      return "int3";
    case "tail":
    case "record":
      return "tails";
    case "first":
      return "first-bytes";
    case "broadcast":
    case "queue":
    case "send":
    case "serialize-self":
    case "wait":
      return nextSync(operations.slice(at));
    default:
      return undefined;
  }
}

function nextSync(operations: readonly Operation[]): string | undefined {
  const wait = operations.find((operation) => operation.kind === "wait");
  return wait?.kind === "wait" && wait.sync !== undefined ? `sync-${wait.sync}` : undefined;
}

function toCpu(machine: Machine, state: State, cpu: number): SimulatedCpu {
  const now = state.cpus[cpu];
  if (now === undefined) throw new Error(`no cpu ${cpu}`);
  const { place } = now;
  return {
    interrupts: now.irqsOff ? "off" : "on",
    pending: now.ipi,
    ...(place.kind === "trapped" || place.kind === "emulating" ? { trappedAt: place.site } : {}),
    wouldRun: state.sites.map((site, index) =>
      wouldRun(machine, state, cpu, index).map((decoded): WouldRun => {
        if (decoded === "trap") return "int3";
        if (decoded === "torn") return "torn";
        return decoded === site.to && site.phase !== "untouched" ? "new" : "old";
      }),
    ),
  };
}

function holds(machine: Machine, state: State, index: number): SiteHolds {
  const site = state.sites[index];
  if (site === undefined) throw new Error(`no site ${index}`);
  if (site.head === TRAP) return site.tail === site.to ? "int3+new tail" : "int3+old tail";
  const decoded = bytesOf(machine, index).decoded[site.head * 3 + site.tail];
  if (decoded === site.to && site.phase !== "untouched") return "new";
  return decoded === "torn" ? "mixed" : "old";
}

function siteBytes(machine: Machine, index: number, head: 0 | 1 | 2, tail: 0 | 2): Uint8Array {
  const { disabled, enabled } = bytesOf(machine, index);
  return assemble(disabled, enabled, head, tail === 0 ? 0 : ENABLED);
}

function toBroken(violation: Violation): BrokenInvariant {
  return {
    id: violation.invariant,
    what: INVARIANTS[violation.invariant],
    ...(violation.cpu === undefined ? {} : { cpu: violation.cpu }),
    ...(violation.site === undefined ? {} : { site: violation.site }),
  };
}

function toPacket(packet: Packet): SimulatedRun["trace"][number]["packets"][number] {
  switch (packet.kind) {
    case "tip":
      return { step: packet.time, kind: "tip", address: hexAddress(packet.to) };
    case "fup":
      return { step: packet.time, kind: "fup", address: hexAddress(packet.from) };
    case "tnt":
      return { step: packet.time, kind: "tnt", taken: packet.taken };
  }
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function hexAddress(address: bigint): string {
  return `0x${address.toString(16).padStart(16, "0")}`;
}
