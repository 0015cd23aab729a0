// The lines of an RCU CPU stall warning, kernel/rcu/tree_stall.h (4.x: tree.c, tree_plugin.h) and
// tree_exp.h for expedited grace periods.

import type { RcuCpuLine } from "#model/kernel-event.ts";
import { addTo, type Draft, quoteOf, type RcuDraft, type ReportLine } from "../draft.ts";
import type { BodyReader } from "./body-reader.ts";

//          2-...0: (1 GPs behind) idle=b3c/1/0x4000000000000000 softirq=1234/1234 fqs=2623
const CPU_LINE = /^(\d{1,5})-([.\dA-Za-z!?]{3,4}): \((\d{1,15}) (ticks this GP|GPs? behind)/;
//          0: (1 ticks this GP) …, up to 3.x
const OLD_CPU_LINE = /^(\d{1,5}): \((\d{1,15}) (ticks this GP|GPs? behind)/;
const DETECTED =
  /^\(detected by (\d{1,5}), t=(\d{1,15}) jiffies(?:, g=(-?\d{1,15})(?!\d))?(?:, c=-?\d+)?(?:, q=(\d{1,15})(?!\d))?/;
const SELF = /^\(t=(\d{1,15}) jiffies,? g=(-?\d{1,15})(?: c=-?\d+)? q=(\d{1,15})(?!\d)/;
const TASK_LINE = /^Tasks blocked on level-\d+ rcu_node \(CPUs \d+-\d+\):(.*)/;
const STARVED = /^(?:rcu: )?(\S+) kthread starved for (\d{1,15}) jiffies!(.*)/;
/** rcu_check_gp_kthread_expired_fqs_timer(), seen in 6.1 and later; the CPU stands on the line after it. */
const TIMER = /kthread timer wakeup didn't happen for (\d{1,15}) jiffies/;
const TIMER_CPU = /^Possible timer handling issue on cpu=(\d{1,5})(?!\d)/;
/** No CPU is late: the kthread was last seen so many jiffies ago (rcu_dump_cpu_stacks, print_other_cpu_stall). */
const ALL_SEEN = /^All QSes seen, last \S+ kthread activity (\d{1,15}) \(/;
/** Expedited: `{ 0-...D } 2680 jiffies s: 601 root: 0x1/.` on the headline itself. */
const EXPEDITED = /\{([^{}]*)\} (\d{1,15}) jiffies s: (\d{1,15})(?!\d)/;
const OLD_DETECTED = /\(t=(\d{1,15}) jiffies/;
/**
 * Up to 4.x without CONFIG_RCU_CPU_STALL_INFO all stands on one line, in 2.6.32 without braces:
 * `… detected stalls on CPUs/tasks: { 3 P812} (detected by 2, t=21002 jiffies, g=7, c=6, q=5)`.
 */
const ONE_LINE = /(?:\{|stalls:)([ \dP]{0,2000})\}? {0,3}(\((?:detected by|t=)[^)]{0,200}\))/;
const GP_KTHREAD_STACK =
  /^(?:RCU grace-period kthread stack dump|Stack dump where RCU GP kthread last ran)/;
const OTHER =
  /^(?:rcu: )?(?:blocking rcu_node structures|\s*(?:hardirqs {3}softirqs|number:|cputime:)|Offline CPU \d+ blocking|RCU GP kthread last ran on offline|INFO: Expedited stall ended|Unless \S+ kthread gets|Stall ended before|INFO: Stall ended|Last FQS|\tl=\d+:)/;

export const readRcu: BodyReader = (line, draft) => {
  const rcu = draft.rcu;
  if (rcu === undefined) return false;
  const text = line.text.replace(/^rcu: /, "").trim();
  const cpuLine = CPU_LINE.exec(text) ?? OLD_CPU_LINE.exec(text);
  if (cpuLine !== null) addTo(rcu.stalled, stalledCpu(text, cpuLine, line));
  else if (!readFooter(text, rcu) && !readKthread(line, text, draft, rcu)) {
    const tasks = TASK_LINE.exec(text);
    if (tasks === null) return OTHER.test(line.text) || OTHER.test(text);
    readTasks(tasks[1] ?? "", rcu);
  }
  return true;
};

/** Fields that stand on the headline itself: expedited stalls and kernels up to 3.x. */
export function readRcuHeadline(text: string, rcu: RcuDraft, line: ReportLine): void {
  const expedited = EXPEDITED.exec(text);
  if (expedited === null) {
    const oneLine = ONE_LINE.exec(text);
    if (oneLine !== null) {
      readStalled(oneLine[1] ?? "", rcu, line);
      readFooter(oneLine[2] ?? "", rcu);
    }
    const old = OLD_DETECTED.exec(text);
    if (old !== null) rcu.jiffies ??= Number(old[1]);
    return;
  }
  rcu.jiffies = Number(expedited[2]);
  rcu.gracePeriod = Number(expedited[3]);
  for (const word of (expedited[1] ?? "").trim().split(/\s+/)) {
    const cpu = /^(\d{1,5})-([.\w!]{3,4})$/.exec(word);
    if (cpu?.[1] !== undefined && cpu[2] !== undefined) {
      const offline = cpu[2].startsWith("O");
      const at = quoteOf(line);
      addTo(rcu.stalled, {
        cpu: Number(cpu[1]),
        flags: cpu[2],
        ...(offline ? { offline } : {}),
        at,
      });
    } else if (/^P\d{1,9}$/.test(word))
      addTo(rcu.stalledTasks, { comm: "", pid: Number(word.slice(1)) });
  }
}

function readStalled(list: string, rcu: RcuDraft, line: ReportLine): void {
  for (const word of list.trim().split(/ +/)) {
    if (/^\d{1,5}$/.test(word)) addTo(rcu.stalled, { cpu: Number(word), at: quoteOf(line) });
  }
  readTasks(list, rcu);
}

function stalledCpu(text: string, match: RegExpExecArray, line: ReportLine): RcuCpuLine {
  const old = match.length === 4;
  const [flags, count, unit] = old
    ? [undefined, match[2], match[3]]
    : [match[2], match[3], match[4]];
  const idle = / idle=(\S+)/.exec(text)?.[1];
  const softirqs = / softirq=(\d{1,15})\/(\d{1,15})(?!\d)/.exec(text);
  const fqs = / fqs=(\d{1,15})(?!\d)/.exec(text)?.[1];
  const interrupts = flags === undefined ? undefined : interruptFlag(flags);
  return {
    cpu: Number(match[1]),
    ...(unit === "ticks this GP" ? { ticks: Number(count) } : { gpsBehind: Number(count) }),
    ...(idle === undefined ? {} : { idle }),
    ...(softirqs === null ? {} : { softirqs: [Number(softirqs[1]), Number(softirqs[2])] as const }),
    ...(fqs === undefined ? {} : { fqs: Number(fqs) }),
    ...(flags === undefined ? {} : { flags }),
    ...(flags?.startsWith("O") ? { offline: true } : {}),
    ...(interrupts === undefined ? {} : { interrupts }),
    at: quoteOf(line),
  };
}

/** The 4th flag: pending irq_work grace periods as a digit, `.` taken, `!` none requested. */
function interruptFlag(flags: string): RcuCpuLine["interrupts"] {
  const fourth = flags[3];
  if (fourth === undefined) return undefined;
  if (fourth >= "0" && fourth <= "9") return "not-taken";
  return fourth === "." ? "taken" : fourth === "!" ? "not-asked" : undefined;
}

function readFooter(text: string, rcu: RcuDraft): boolean {
  const detected = DETECTED.exec(text);
  const self = detected === null ? SELF.exec(text) : null;
  if (detected === null && self === null) return false;
  if (detected !== null) rcu.detectedBy ??= Number(detected[1]);
  const [jiffies, gracePeriod, queued] =
    detected === null ? (self ?? []).slice(1) : detected.slice(2);
  if (jiffies !== undefined) rcu.jiffies ??= Number(jiffies);
  if (gracePeriod !== undefined) rcu.gracePeriod ??= Number(gracePeriod);
  if (queued !== undefined) rcu.queued ??= Number(queued);
  return true;
}

function readKthread(line: ReportLine, text: string, draft: Draft, rcu: RcuDraft): boolean {
  const starved = STARVED.exec(text);
  if (starved !== null) {
    const state = /->state=(\S+)/.exec(starved[3] ?? "")?.[1];
    const cpu = /->cpu=(\d{1,5})(?!\d)/.exec(starved[3] ?? "")?.[1];
    rcu.kthreadStarved ??= {
      jiffies: Number(starved[2]),
      ...(state === undefined ? {} : { state }),
      ...(cpu === undefined ? {} : { cpu: Number(cpu) }),
      at: quoteOf(line),
    };
    return true;
  }
  const timer = TIMER.exec(text);
  if (timer !== null) {
    rcu.kthreadTimer ??= { jiffies: Number(timer[1]), at: quoteOf(line) };
    return true;
  }
  const timerCpu = TIMER_CPU.exec(text)?.[1];
  if (timerCpu !== undefined) {
    if (rcu.kthreadTimer) rcu.kthreadTimer.cpu ??= Number(timerCpu);
    return true;
  }
  const silent = ALL_SEEN.exec(text)?.[1];
  if (silent !== undefined) {
    rcu.kthreadSilent ??= { jiffies: Number(silent), at: quoteOf(line) };
    return true;
  }
  if (!GP_KTHREAD_STACK.test(text)) return false;
  draft.section = "aside";
  return true;
}

function readTasks(text: string, rcu: RcuDraft): void {
  for (const word of text.trim().split(/\s+/)) {
    const pid = /^P(\d{1,9})(?:\/\S*)?$/.exec(word)?.[1];
    if (pid !== undefined) addTo(rcu.stalledTasks, { comm: "", pid: Number(pid) });
  }
}
