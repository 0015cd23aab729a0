// Who was running on what: the `CPU: … PID: … Comm: … Tainted: … release` line of
// kernel/printk: dump_stack_print_info, its predecessor `Pid: 1, comm: …`, and the lines around it.

import type { KernelIdentity } from "#model/kernel-event.ts";
import { toCpu, toPid } from "../count.ts";
import {
  type Draft,
  dropForeignDump,
  dropForeignFrames,
  quoteOf,
  type ReportLine,
} from "../draft.ts";
import type { BodyReader } from "./body-reader.ts";

//            CPU: 4 UID: 0 PID: 3759981 Comm: kworker/4:1 Kdump: loaded Tainted: G  L  5.10.0 #1
const MODERN = /^CPU: (?<cpu>\d+) (?:UID: \d+ )?PID: (?<pid>\d+) Comm: (?<rest>.*)/;
//            Pid: 1402, comm: swapper Tainted: G        W  2.6.38 #12 vendor/board
const OLD = /^Pid: (?<pid>\d+), comm: (?<rest>.*)/;
const TAINT_MARK = /(?: Kdump: loaded)? (?:Not tainted|Tainted:(?: |$))/;
/** Kernel releases begin with a digit and a dot: what stands before is taint letters. */
const RELEASE = /(?:^| )(\d+\.\S*)(?: (.*))?$/s;

export function isCpuLine(text: string): boolean {
  return MODERN.test(text) || OLD.test(text);
}

/** CPU and task that a `CPU: n PID: …` line names. */
export function identityOfCpuLine(text: string): {
  readonly cpu?: number | undefined;
  readonly pid?: number | undefined;
} {
  const groups = (MODERN.exec(text) ?? OLD.exec(text))?.groups;
  return { cpu: toCpu(groups?.cpu), pid: toPid(groups?.pid) };
}

export const readCpuLine: BodyReader = (line, draft) => {
  const match = MODERN.exec(line.text) ?? OLD.exec(line.text);
  const groups = match?.groups;
  if (groups === undefined) return false;
  if (isForeign(draft, line, Number(groups.pid))) return true;
  if (draft.frames.length === 0) draft.section = "main";
  if (draft.section !== "main") return true;
  const rest = groups.rest ?? "";
  const mark = TAINT_MARK.exec(rest);
  const comm = (mark === null ? (rest.split("  ")[0] ?? rest) : rest.slice(0, mark.index)).trim();
  if (draft.task?.pid === undefined || draft.task.comm === "") {
    const pid = toPid(groups.pid);
    draft.task = { comm: draft.task?.comm || comm, ...(pid === undefined ? {} : { pid }) };
  }
  const cpu = toCpu(groups.cpu);
  if (cpu !== undefined) draft.cpu ??= cpu;
  if (mark !== null) setKernel(draft, line, rest.slice(mark.index + mark[0].length));
  return true;
};

/** A mail wrapped the headline before its function, which was read as a frame. */
function takeWrappedSite(draft: Draft): boolean {
  const [site, ...others] = draft.frames;
  const isLone = site !== undefined && others.length === 0 && !draft.headerSeen;
  if (!isLone || draft.titleFields.function !== undefined) return false;
  draft.titleFields = { ...draft.titleFields, function: site.symbol };
  draft.frames = [];
  draft.traceSeen = false;
  return true;
}

/** Where the report says whose dump follows, another task's is not read, and what was read of it is forgotten. */
function isForeign(draft: Draft, line: ReportLine, pid: number): boolean {
  if (draft.expectedPid === undefined || draft.ended) return false;
  if (draft.expectedPid === pid) {
    if (draft.section === "foreign") draft.section = "main";
    if (draft.section === "main" && draft.frames.length > 0 && !takeWrappedSite(draft)) {
      dropForeignDump(draft, line);
    }
    return false;
  }
  if (draft.frames.length > 0 || draft.section !== "main") return draft.section === "foreign";
  dropForeignFrames(draft, line);
  draft.section = "foreign";
  return true;
}

/** Hung tasks have a line of their own: `      Tainted: G  OE  6.1.0-56-amd64 #1 Debian 6.1.192-2`. */
export const readTaintLine: BodyReader = (line, draft) => {
  const text = line.text;
  if (text.startsWith("Tainted: [")) return true;
  if (text.startsWith("Not tainted ")) setKernel(draft, line, text.slice(11));
  else if (text.startsWith("Tainted: ")) setKernel(draft, line, text.slice(9));
  else return false;
  return true;
};

function setKernel(draft: Draft, line: ReportLine, taintAndRelease: string): void {
  if (draft.kernel !== undefined) return;
  const release = RELEASE.exec(taintAndRelease);
  if (release?.[1] === undefined) return;
  const version = release[2]?.trim();
  const identity: KernelIdentity = {
    release: release[1],
    arch: archOf(release[1], draft),
    taint: taintLetters(taintAndRelease.slice(0, release.index)),
    ...(version ? { version } : {}),
  };
  draft.kernel = identity;
  draft.kernelAt = quoteOf(line);
}

/** `G` says that no proprietary module is loaded: not a taint. Blanks stand for flags not set. */
export function taintLetters(text: string): readonly string[] {
  return [...text].filter((letter) => letter >= "A" && letter <= "Z" && letter !== "G");
}

const ARCH_WORDS: readonly (readonly [RegExp, string])[] = [
  [/x86_64|amd64/, "x86_64"],
  [/aarch64|arm64/, "arm64"],
  [/ppc64le|powerpc64le/, "ppc64le"],
  [/ppc64|powerpc64/, "ppc64"],
  [/s390x/, "s390x"],
  [/riscv64/, "riscv64"],
  [/loongarch64/, "loongarch64"],
  [/i[3-6]86|686-pae/, "i386"],
  [/armv7|armhf|armmp/, "arm"],
  [/mips/, "mips"],
];

/** From the release where it names one; otherwise refined from the registers when the report closes. */
function archOf(release: string, draft: Draft): string {
  return ARCH_WORDS.find(([word]) => word.test(release))?.[1] ?? archOfRegisters(draft);
}

/** Register names and the entry code's symbols are each architecture's own; `unknown` without either. */
export function archOfRegisters(draft: Draft): string {
  const has = (name: string): boolean => draft.registers.has(name);
  if (has("rax") || has("rsp")) return "x86_64";
  if (has("eax")) return "i386";
  if (has("pstate") || has("x0")) return "arm64";
  if (has("psr")) return "arm";
  if (has("gpr0") || has("msr")) return archOfPowerPc(draft);
  if (has("psw")) return "s390x";
  if (has("epc")) return "riscv64";
  if (has("era") || has("prmd")) return "loongarch64";
  if (has("cause")) return "mips";
  if (has("tstate")) return "sparc64";
  const entry = draft.frames.findLast((frame) =>
    ENTRY_SYMBOLS.some(([name]) => name.test(frame.symbol)),
  );
  return ENTRY_SYMBOLS.find(([name]) => name.test(entry?.symbol ?? ""))?.[1] ?? "unknown";
}

const ENTRY_SYMBOLS: readonly (readonly [RegExp, string])[] = [
  [/^(?:entry_SYSCALL_64\w*|__x64_sys_\w+|do_syscall_64|x86_64_start_\w+)$/, "x86_64"],
  [/^(?:el0_svc\w*|el0t?_64_sync\w*|__arm64_sys_\w+|do_el0_svc)$/, "arm64"],
  [/^(?:system_call_vectored_common|system_call_exception)$/, "ppc64le"],
  [/^(?:__s390x_sys_\w+)$/, "s390x"],
  [/^(?:__riscv_sys_\w+|do_trap_ecall_u)$/, "riscv64"],
];

/** 32-bit PowerPC prints 32-bit values; MSR.LE tells the byte order of the 64-bit ones. */
function archOfPowerPc(draft: Draft): string {
  const msr = draft.registers.get("msr");
  const wide = [...draft.registers.values()].some((value) => value > 0xffffffffn);
  if (!wide) return "ppc";
  return msr === undefined || (msr & 1n) === 1n ? "ppc64le" : "ppc64";
}

export const readHardware: BodyReader = (line, draft) => {
  if (!line.text.startsWith("Hardware name: ")) return false;
  if (draft.hardware === undefined && draft.section === "main") {
    draft.hardware = line.text.slice(15).trim();
    draft.hardwareAt = quoteOf(line);
  }
  return true;
};

//                 Workqueue: events netstamp_clear      Workqueue: events 0x0 (stopped)
const WORKQUEUE = /^Workqueue: +(\S+)(?: +(\S+))?/;
export const readWorkqueue: BodyReader = (line, draft) => {
  const match = WORKQUEUE.exec(line.text);
  if (match?.[1] === undefined) return false;
  // It stands above the trace of the task it belongs to; a later one is of another task's dump.
  if (draft.workqueue === undefined && draft.section === "main" && draft.frames.length === 0) {
    draft.workqueue = { name: match[1], function: match[2] ?? "", at: quoteOf(line) };
  }
  return true;
};

export const readModules: BodyReader = (line, draft) => {
  if (!line.text.startsWith("Modules linked in:")) return false;
  const words = line.text
    .slice(18)
    .replace(/\[last unloaded:.*/, "")
    .split(" ");
  draft.modules ??= words
    .map((word) => word.trim())
    .filter((word) => /^[\w-]+(?:\(\w*\))?$/.test(word));
  return true;
};
