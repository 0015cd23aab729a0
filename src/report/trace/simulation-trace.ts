// A simulation as a trace for Perfetto or chrome://tracing (the Trace Event format's JSON): the CPUs as
// tracks, the phases of the patch above them, arrows for interrupts and their answers. A step is drawn as
// one microsecond; it is a unit of order, not of time.

import type { SimulatedStep, SimulationV1 } from "#contract/simulation.ts";

interface TraceEvent {
  readonly name: string;
  readonly ph: "X" | "M" | "s" | "f";
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly id?: number;
  readonly bp?: "e";
  readonly cat?: string;
  readonly args?: Readonly<Record<string, string | number>>;
}

/** Process numbers of one group of tracks; a further counterexample uses the next ten. */
const CPUS = 1;
const PATCH = 2;
const CLOSED = 3;
const SITES = 4;

export function renderTrace(simulation: SimulationV1, lang: "en" | "zh"): string {
  const events: TraceEvent[] = [];
  if (simulation.run !== undefined) addSteps(events, simulation, simulation.run.steps, "", 0, lang);
  simulation.exploration?.counterexamples.forEach((example, index) => {
    addSteps(events, simulation, example.steps, `${example.broken.id} `, index * 10, lang);
  });
  return `${JSON.stringify({ displayTimeUnit: "ns", otherData: { schema: simulation.schema }, traceEvents: events })}\n`;
}

function addSteps(
  events: TraceEvent[],
  simulation: SimulationV1,
  steps: readonly SimulatedStep[],
  prefix: string,
  group: number,
  lang: "en" | "zh",
): void {
  const { scenario } = simulation;
  const process = (pid: number, name: string) =>
    events.push({
      name: "process_name",
      ph: "M",
      pid: group + pid,
      tid: 0,
      args: { name: prefix + name },
    });
  process(CPUS, "CPUs");
  process(PATCH, "Patch");
  process(CLOSED, "Interrupts off");
  process(SITES, "Sites");
  for (let cpu = 0; cpu < scenario.cpus; cpu++) {
    nameTrack(events, group + CPUS, cpu + 1, `CPU ${cpu}`);
    nameTrack(events, group + CLOSED, cpu + 1, `CPU ${cpu}`);
  }
  scenario.sites.forEach((site, index) => {
    nameTrack(events, group + SITES, index + 1, site.name);
  });
  for (const step of steps) addStep(events, step, group, lang);
  addSpans(events, steps, group + PATCH, 1, (step) => step.phase?.title[lang]);
  for (let cpu = 0; cpu < scenario.cpus; cpu++) {
    const closed = (step: SimulatedStep) =>
      step.cpus[cpu]?.interrupts === "off" ? "interrupts off" : undefined;
    addSpans(events, steps, group + CLOSED, cpu + 1, closed);
  }
  scenario.sites.forEach((_, index) => {
    addSpans(events, steps, group + SITES, index + 1, (step) => step.sites[index]?.holds);
  });
  addFlows(events, steps, group);
}

function nameTrack(events: TraceEvent[], pid: number, tid: number, name: string): void {
  events.push({ name: "thread_name", ph: "M", pid, tid, args: { name } });
}

function addStep(
  events: TraceEvent[],
  step: SimulatedStep,
  group: number,
  lang: "en" | "zh",
): void {
  const broken = step.broken?.map((each) => `${each.id}: ${each.what[lang]}`).join("; ");
  events.push({
    name: step.what[lang] === "" ? step.kind : step.what[lang],
    cat: step.kind,
    ph: "X",
    pid: group + CPUS,
    tid: step.cpu + 1,
    ts: step.number,
    dur: 1,
    args: { step: step.number, ...(broken === undefined ? {} : { broken }) },
  });
}

/** Neighboring steps with the same label become one slice; steps without one end it only if `gaps`. */
function addSpans(
  events: TraceEvent[],
  steps: readonly SimulatedStep[],
  pid: number,
  tid: number,
  label: (step: SimulatedStep) => string | undefined,
): void {
  let open: { name: string; from: number } | undefined;
  const close = (to: number) => {
    if (open !== undefined) {
      events.push({ name: open.name, ph: "X", pid, tid, ts: open.from, dur: to - open.from });
    }
    open = undefined;
  };
  for (const step of steps) {
    const name = label(step);
    // A phase lasts until the patcher's next one; other CPUs' steps in between belong to it.
    if (name === undefined && pid % 10 === PATCH && step.phase === undefined) continue;
    if (name === open?.name) continue;
    close(step.number);
    if (name !== undefined) open = { name, from: step.number };
  }
  close((steps.at(-1)?.number ?? 0) + 1);
}

/** An arrow from the interrupt to each target's answer, and one back. */
function addFlows(events: TraceEvent[], steps: readonly SimulatedStep[], group: number): void {
  const sent = new Map<number, { cpu: number; step: number }>();
  let id = group * 1_000_000;
  const arrow = (ph: "s" | "f", cpu: number, ts: number) =>
    events.push({
      name: "IPI",
      cat: "ipi",
      ph,
      pid: group + CPUS,
      tid: cpu + 1,
      ts,
      id,
      ...(ph === "f" ? { bp: "e" } : {}),
    });
  for (const step of steps) {
    for (const target of step.interrupts ?? []) {
      sent.set(target, { cpu: step.cpu, step: step.number });
    }
    const from = step.answers === undefined ? undefined : sent.get(step.cpu);
    if (from === undefined) continue;
    sent.delete(step.cpu);
    id++;
    arrow("s", from.cpu, from.step + 0.5);
    arrow("f", step.cpu, step.number + 0.5);
  }
}
