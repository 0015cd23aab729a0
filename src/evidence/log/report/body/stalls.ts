// Lines of the other stall reports: csd lock (kernel/smp.c), workqueue watchdog (kernel/workqueue.c),
// hung tasks and their blockers (kernel/hung_task.c), watchdog statistics (kernel/watchdog.c).

import type { BlockedOn, CsdStall } from "#model/kernel-event.ts";
import { addTo, type Draft, quoteOf, type ReportLine } from "../draft.ts";
import type { BodyReader } from "./body-reader.ts";

//     csd: Detected non-responsive CSD lock (#1) on CPU#3, waiting 5000000013 ns for CPU#01 foo+0x0/0x60(0x0).
const CSD = /on CPU#(\d{1,6}), waiting (\d{1,20}) ns for CPU#(\d{1,6})(?: ([^\s(]+))?/;
const CSD_STATE =
  /csd: CSD lock \(#\d+\) (?:(unresponsive)|(handling this)|(handling prior)|(got unstuck))/;
const CSD_OTHER = /csd: (?:Re-sending CSD lock|cnt\(|\t?cnt\()/;

export function csdOf(line: ReportLine): CsdStall | undefined {
  const match = CSD.exec(line.text);
  if (match === null) return undefined;
  const name = match[4]?.replace(/\+0x.*/, "");
  return {
    waiter: Number(match[1]),
    waitedNs: BigInt(match[2] ?? 0),
    target: Number(match[3]),
    ...(name === undefined ? {} : { function: name }),
    at: quoteOf(line),
  };
}

export const readCsd: BodyReader = (line, draft) => {
  if (draft.csd === undefined) return false;
  const state = CSD_STATE.exec(line.text);
  if (state === null) return CSD_OTHER.test(line.text);
  const word = state[1]
    ? ("unresponsive" as const)
    : state[2]
      ? ("handling-this" as const)
      : state[3]
        ? ("handling-prior" as const)
        : ("released" as const);
  draft.csd = { ...draft.csd, state: word };
  return true;
};

//          in-flight: 100:drm_fb_helper_damage_work [drm_kms_helper] BAR(12) for 30s ,34:foo
const IN_FLIGHT = /^in-flight: (.*)/;
const PENDING = /^(?:pending|inactive|delayed): (.*)/;
const POOL_OTHER =
  /^(?:Showing (?:busy|freezable) workqueues|workqueue \S+: flags=|pwq \d+: cpus|pool \d+:(?: cpus|$)|Showing backtraces of (?:running|busy) workers)/;

export const readWorkqueueLines: BodyReader = (line, draft) => {
  const stall = draft.workqueueStall;
  if (stall === undefined) return false;
  const text = line.text;
  const inFlight = IN_FLIGHT.exec(text);
  if (inFlight?.[1] !== undefined) {
    for (const item of items(inFlight[1])) {
      const pid = /^(\d{1,9})(?:\(RESCUER\))?:/.exec(item)?.[1];
      const name = item.slice(pid === undefined ? 0 : item.indexOf(":") + 1);
      addTo(stall.inFlight, {
        ...(pid === undefined ? {} : { pid: Number(pid) }),
        function: name.split(" ")[0] ?? name,
        at: quoteOf(line),
      });
    }
    return true;
  }
  const pending = PENDING.exec(text);
  if (pending?.[1] === undefined) return POOL_OTHER.test(text);
  for (const item of items(pending[1])) {
    addTo(stall.pending, {
      function: item.replace(/^\d+\*/, "").split(" ")[0] ?? item,
      at: quoteOf(line),
    });
  }
  return true;
};

const MOST_ITEMS = 64;
function items(text: string): string[] {
  return text
    .split(",")
    .slice(0, MOST_ITEMS)
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

//      INFO: task a:12 is blocked on a mutex likely owned by task b:34.   (6.16, kernel/hung_task.c)
const BLOCKER =
  /^INFO: task .+ (?:<(?:reader|writer)> )?(?:is )?blocked on an? (mutex|semaphore|rw-semaphore)(?:[, ]|$)/;
const OWNER = /(?:owned|last held) by task (.{1,80}):(\d{1,9})(?!\d)/;
//      task:holder   state:D stack:0  pid:104   ppid:2   flags:0x00004000
const TASK_LINE = /^task:(.{1,40}?) {1,20}state:(\S)/;
const OLD_TASK_LINE =
  /^(\S.{0,15}?) {1,20}([RSDTtXZPI]) (?:[ ]{0,2}(?:running task|[0-9a-f]{8,16})| ?stack:)/;

export const readHungLines: BodyReader = (line, draft) => {
  const { text } = line;
  if (draft.kind === "hung-task") {
    const blocker = BLOCKER.exec(text);
    if (blocker !== null) {
      draft.blockedOn ??= blockedOn(line, blocker[1] ?? "");
      return true;
    }
    if (text.startsWith('"echo 0 > /proc/sys/kernel/hung_task')) return true;
  }
  const task = TASK_LINE.exec(text);
  if (task !== null) {
    if (draft.section === "main" && draft.kind !== "hung-task") nameTask(draft, task[1], text);
    return true;
  }
  const old = OLD_TASK_LINE.exec(text);
  if (old === null) return false;
  if (draft.section === "main" && draft.task === undefined) nameTask(draft, old[1], text);
  return true;
};

function nameTask(draft: Draft, comm: string | undefined, text: string): void {
  if (draft.task !== undefined || comm === undefined) return;
  const pid =
    / pid:(\d{1,9})(?!\d)/.exec(text)?.[1] ?? / stack: *\d+ pid: *(\d{1,9})(?!\d)/.exec(text)?.[1];
  draft.task = { comm: comm.trim(), ...(pid === undefined ? {} : { pid: Number(pid) }) };
}

function blockedOn(line: ReportLine, word: string): BlockedOn {
  const owner = OWNER.exec(line.text);
  return {
    kind: word === "rw-semaphore" ? "rwsem" : word === "mutex" ? "mutex" : "semaphore",
    ...(owner?.[1] === undefined ? {} : { owner: { comm: owner[1], pid: Number(owner[2]) } }),
    at: quoteOf(line),
  };
}

const WATCHDOG_OTHER = /^(?:CPU#\d+ Detect HardIRQ|(?:watchdog: )?CPU \d+ TB:)/;
/** kernel/watchdog.c:print_cpustat(), print_irq_counts(): one line a sample, then the busiest interrupts. */
const UTILIZATION = /^(?:watchdog: )?CPU#\d+ Utilization every/;
const UTILIZATION_SAMPLE =
  /^#\d+: +(\d{1,4})% system,\s+(\d{1,4})% softirq,\s+(\d{1,4})% hardirq,\s+(\d{1,4})% idle/;
/** `\t#%u: %-10u\tirq#%d`: a tab, with blanks before it where the count is short. */
const FREQUENT_IRQ = /^#\d+: +(\d{1,15})[ \t]+irq#(\d{1,9})(?!\d)/;

export const readWatchdogLines: BodyReader = (line, draft) => {
  const text = line.text.trim();
  if (UTILIZATION.test(text)) {
    draft.utilization ??= { samples: [], frequentIrqs: [], at: quoteOf(line) };
    return true;
  }
  const sample = UTILIZATION_SAMPLE.exec(text);
  if (sample !== null) {
    const [system = 0, softirq = 0, hardirq = 0, idle = 0] = sample.slice(1).map(Number);
    if (draft.utilization !== undefined)
      addTo(draft.utilization.samples, { system, softirq, hardirq, idle });
    return true;
  }
  const busy = FREQUENT_IRQ.exec(text);
  if (busy !== null) {
    if (draft.utilization !== undefined)
      addTo(draft.utilization.frequentIrqs, { irq: Number(busy[2]), count: Number(busy[1]) });
    return true;
  }
  return WATCHDOG_OTHER.test(text);
};

/** `BUG: workqueue leaked lock …` names the work item on its second line. */
export const readLastFunction: BodyReader = (line, draft) => {
  const name = /^last function: ([^\s+]+)/.exec(line.text)?.[1];
  if (name === undefined || draft.kind !== "locking-bug") return false;
  draft.titleFields = { function: name, ...draft.titleFields };
  return true;
};
