// Facts over an incident's whole course: repeat, burst, earlier-fault, taint, neighbor, detector,
// boot-state, stop-machine.

import { text } from "#base/text.ts";
import { STOP_MACHINE } from "#mechanisms/frame-names.ts";
import { secondsBetween } from "#model/event-time.ts";
import type { DetectorFact, Fact, NeighborFact } from "#model/fact.ts";
import type { EventKind, KernelEvent } from "#model/kernel-event.ts";
import type { Progress } from "#model/machine-fact.ts";
import type { Evidence } from "#model/verdict.ts";
import { EARLIER_FAULTS } from "../event-kinds.ts";
import type { IncidentContext, IncidentFactRule } from "./fact-rule.ts";
import { headline, quoted } from "./proof.ts";

export const repeat: IncidentFactRule = {
  id: "repeat",
  needs: [],
  compute: ({ events, progress }) => {
    const byCpu = new Map<number, KernelEvent[]>();
    for (const event of events) {
      if (event.kind !== "soft-lockup" || event.cpu === undefined) continue;
      const known = byCpu.get(event.cpu);
      if (known === undefined) byCpu.set(event.cpu, [event]);
      else known.push(event);
    }
    return [...byCpu]
      .filter(([, reports]) => reports.length > 1)
      .map(([cpu, reports]) => toRepeat(cpu, reports, progress));
  },
};

/** The least that any two neighboring reports moved; undefined where one pair says nothing. */
function leastCommon(
  reports: readonly KernelEvent[],
  progress: ReadonlyMap<string, Progress>,
): Progress | undefined {
  const seen = reports.slice(1).map((report) => progress.get(report.id));
  if (seen.includes("moving")) return "moving";
  if (seen.includes(undefined)) return undefined;
  return seen.includes("same-loop") ? "same-loop" : "identical";
}

function toRepeat(
  cpu: number,
  reports: readonly KernelEvent[],
  progress: ReadonlyMap<string, Progress>,
): Fact {
  const seconds = reports.map((report) => report.stuckSeconds ?? 0);
  const gaps = reports
    .slice(1)
    .flatMap((report, i) => secondsBetween(reports[i]?.time, report.time) ?? []);
  const moved = leastCommon(reports, progress);
  const cumulative = seconds.every((value, i) => i === 0 || value > (seconds[i - 1] ?? 0));
  return {
    kind: "repeat",
    cpu,
    count: reports.length,
    intervalsSeconds: gaps,
    cumulative,
    ...(moved ? { progress: moved } : {}),
    events: reports.map((report) => report.id),
    evidence: reports.map(headline),
  };
}

export const burst: IncidentFactRule = {
  id: "burst",
  needs: [],
  compute: ({ events }) => {
    const reports = events.filter((e) => e.kind === "soft-lockup" && e.cpu !== undefined && e.time);
    const first = reports[0];
    const together = reports.filter((e) => Math.abs(secondsBetween(first?.time, e.time) ?? 99) < 2);
    const cpus = [...new Set(together.flatMap((e) => e.cpu ?? []))];
    if (!first || cpus.length < 2) return [];
    const span = Math.max(...together.map((e) => secondsBetween(first.time, e.time) ?? 0));
    return [
      {
        kind: "burst",
        cpus,
        spanSeconds: span,
        events: together.map((e) => e.id),
        evidence: together.map(headline),
      },
    ];
  },
};

export const taint: IncidentFactRule = {
  id: "taint",
  needs: [],
  compute: ({ events }) => {
    // The first report's: what a later one adds (L after the lockup itself, D after the oops) is its own doing.
    const event = events.find((e) => e.kernel && e.kernelAt);
    if (!event?.kernel || !event.kernelAt || event.kernel.taint.length === 0) return [];
    return [
      {
        kind: "taint",
        flags: event.kernel.taint,
        events: [event.id],
        evidence: [
          quoted(
            event.kernelAt,
            text("taint flags set before this report", "本报告之前已置位的污染标记"),
          ),
        ],
      },
    ];
  },
};

/**
 * Faults before the incident's first stall. Those of other incidents are not this one's evidence: the
 * grouping has already taken in every fault whose locks the stall may be missing.
 */
export const earlierFault: IncidentFactRule = {
  id: "earlier-fault",
  needs: ["no-progress"],
  compute: (context) => {
    const stallId = context.all("no-progress")[0]?.events[0];
    const at = context.events.findIndex((e) => e.id === stallId);
    const stall = context.events[at];
    if (!stall) return [];
    const faults = context.events.slice(0, at).filter((e) => EARLIER_FAULTS.has(e.kind));
    return faults.slice(-8).map((fault): Fact => {
      const before = secondsBetween(fault.time, stall.time);
      return {
        kind: "earlier-fault",
        event: fault.id,
        detector: fault.kind,
        events: [stall.id],
        evidence: [headline(fault)],
        ...(fault.cpu === undefined ? {} : { cpu: fault.cpu }),
        ...(fault.function ? { function: fault.function } : {}),
        ...(before === undefined ? {} : { secondsBefore: before }),
      };
    });
  },
};

const NEIGHBOR_SECONDS = 120;
const MOST_NEIGHBORS = 40;

export const neighbors: IncidentFactRule = {
  id: "neighbor",
  needs: [],
  compute: ({ events, trace, noticesOf }) => {
    const [first, last] = [events[0], events.at(-1)];
    if (!first || !last) return [];
    const found: NeighborFact[] = [];
    for (const notice of noticesOf?.(first.boot) ?? trace.notices) {
      if (notice.boot !== first.boot || found.length >= MOST_NEIGHBORS) continue;
      const before = secondsBetween(notice.time, first.time);
      const after = secondsBetween(last.time, notice.time);
      if (before === undefined || before > NEIGHBOR_SECONDS || (after ?? 0) > NEIGHBOR_SECONDS)
        continue;
      found.push({
        kind: "neighbor",
        notice: notice.kind,
        text: notice.text,
        secondsBefore: before,
        events: [first.id],
        evidence: [
          {
            range: notice.range,
            quote: notice.text,
            how: text(
              "a line of another subsystem close in time; not a cause by itself",
              "时间上相邻的其他子系统日志，本身不构成原因",
            ),
          },
        ],
      });
    }
    return found;
  },
};

export const bootStates: IncidentFactRule = {
  id: "boot-state",
  needs: [],
  compute: ({ events, trace }) => {
    const first = events[0];
    const boot = first && trace.boots[first.boot];
    return (boot?.facts ?? []).map((fact) => ({
      kind: "boot-state",
      name: fact.name,
      value: fact.value,
      events: first ? [first.id] : [],
      evidence: [quoted(fact.at, text("the log itself says so", "日志本身的记录"))],
    }));
  },
};

/** Whether the detectors would have spoken: from the log's own boot lines, else unknown. */
export const detectors: IncidentFactRule = {
  id: "detector",
  needs: ["boot-state"],
  compute: (context) => [nmiWatchdog(context), ...spokenDetectors(context)],
};

function nmiWatchdog(context: IncidentContext): DetectorFact {
  const stated = context.all("boot-state").filter((fact) => fact.name === "nmi-watchdog");
  const last = stated.at(-1);
  const spoke = context.events.some((e) => e.kind === "hard-lockup");
  const state = spoke
    ? "armed"
    : last
      ? /enabled|armed/i.test(last.value)
        ? "armed"
        : "off"
      : "unknown";
  return {
    kind: "detector",
    detector: "nmi-watchdog",
    state,
    spoke,
    events: [],
    evidence: last?.evidence ?? [],
  };
}

const SPEAKS: readonly (readonly [DetectorFact["detector"], EventKind])[] = [
  ["rcu", "rcu-stall"],
  ["hung-task", "hung-task"],
  ["workqueue", "workqueue-lockup"],
  ["csd-debug", "csd-stall"],
];

function spokenDetectors({ events }: IncidentContext): readonly DetectorFact[] {
  return SPEAKS.map(([detector, kind]) => {
    const spoken = events.filter((e) => e.kind === kind);
    return {
      kind: "detector",
      detector,
      state: spoken.length > 0 ? "armed" : "unknown",
      spoke: spoken.length > 0,
      events: spoken.map((e) => e.id),
      evidence: spoken.slice(0, 3).map(headline),
    };
  });
}

/** CPUs sampled in multi_cpu_stop, and those of the machine that were sampled elsewhere. */
export const stopMachine: IncidentFactRule = {
  id: "stop-machine",
  needs: ["sample", "boot-state"],
  compute: (context) => {
    const samples = context.all("sample").filter((s) => s.cpu !== undefined && !s.asleep);
    const inside = samples.filter((s) =>
      s.symbols.slice(0, 4).some((name) => STOP_MACHINE.has(name)),
    );
    if (inside.length === 0) return [];
    const waiting = [...new Set(inside.flatMap((s) => s.cpu ?? []))].sort((a, b) => a - b);
    return [
      {
        kind: "stop-machine",
        waiting,
        missing: missingCpus(
          context,
          waiting,
          samples.flatMap((s) => s.cpu ?? []),
        ),
        events: inside.flatMap((s) => s.events),
        evidence: inside.flatMap((s): readonly Evidence[] => s.evidence.slice(0, 1)),
      },
    ];
  },
};

/** Named only where the log tells how many CPUs there are and all but few are accounted for. */
function missingCpus(
  context: IncidentContext,
  waiting: readonly number[],
  sampled: readonly number[],
): number[] {
  const inside = new Set(waiting);
  const elsewhere = sampled.filter((cpu) => !inside.has(cpu));
  const stated = context
    .all("boot-state")
    .find((f) => f.name === "cpus" || f.name === "nr-cpu-ids");
  const count = stated ? Number.parseInt(stated.value, 10) : Number.NaN;
  if (!Number.isInteger(count) || count > 8192) return [...new Set(elsewhere)];
  const missing = Array.from({ length: count }, (_, cpu) => cpu).filter((cpu) => !inside.has(cpu));
  return missing.length <= Math.max(1, waiting.length) ? missing : [...new Set(elsewhere)];
}
