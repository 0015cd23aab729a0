// Who was running, as kernels up to about 3.10 and some architectures to this day say it: on lines of their
// own instead of the one of dump_stack_print_info().

import type { Draft } from "../draft.ts";
import type { BodyReader } from "./body-reader.ts";
import { readTaintLine } from "./cpu-line.ts";

//            CPU 3            (x86: dumpstack_64.c show_registers, up to 3.8)      CPU 3:   (process_64.c)
const BARE = /^CPU (\d{1,5}):? *(?:Modules linked in:|$)/;
//            CPU: 0    Not tainted  (2.6.32 #1)      CPU: 1 Tainted: G  W  2.6.32-5-s390x #1     (arm, s390)
const WITH_TAINT = /^CPU: (\d{1,5}) +((?:Not tainted|Tainted: ).*)/;
//             CPU:        0   CR30: 00000000bf0a4000 CR31: ffffffffffffffff      (parisc)
const PARISC = /^CPU: +(\d{1,5}) +CR30: /;

export const readOldCpu: BodyReader = (line, draft) => {
  const taint = WITH_TAINT.exec(line.text);
  const cpu = (BARE.exec(line.text) ?? taint ?? PARISC.exec(line.text))?.[1];
  if (cpu === undefined) return false;
  if (draft.section === "aside") return true;
  draft.cpu ??= Number(cpu);
  // arm puts release and version into parentheses.
  const text = taint?.[2]?.replace(/ \((\d+\.[^()]*)\)$/, " $1");
  if (text !== undefined) readTaintLine({ ...line, text }, draft);
  return true;
};

//       Process kswapd0 (pid: 26, stack limit = 0xc7b8a270)      (arm, arm64, x86, mips, s390, m68k, loongarch)
const PROCESS = /^Process (.{1,16}) \(pid: (\d{1,10})[,)]/;
//       TASK = c00000003e0a4000[26] 'kswapd0' THREAD: c00000003e0a8000 CPU: 1       (powerpc, 2.6.32)
const TASK =
  /^TASK = [0-9a-f]{8,16}\[(\d{1,10})\] '(.{1,16})' THREAD: [0-9a-f]+(?: CPU: (\d{1,5}))?/;

export const readProcess: BodyReader = (line, draft) => {
  const process = PROCESS.exec(line.text);
  if (process !== null) return setTask(draft, process[1] ?? "", process[2] ?? "");
  const task = TASK.exec(line.text);
  if (task === null) return false;
  if (task[3] !== undefined && draft.section !== "aside") draft.cpu ??= Number(task[3]);
  return setTask(draft, task[2] ?? "", task[1] ?? "");
};

function setTask(draft: Draft, comm: string, pid: string): true {
  if (draft.section === "aside" || draft.userMode || draft.ended) return true;
  if (draft.task?.pid === undefined || draft.task.comm === "") {
    draft.task = { comm: draft.task?.comm || comm, pid: Number(pid) };
  }
  return true;
}
