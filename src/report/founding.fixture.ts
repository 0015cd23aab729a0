// The founding incident as a report, written by hand: every field a renderer may meet, in a plausible
// combination. What it says about the incident follows the kernel facts; it is no substitute for the
// real analysis, which the corpus tests.

import type { Evidence, Incident, ReportEvent, ReportV1, Text } from "#contract/report.ts";
import { FOUNDING_LINES } from "./founding-log.fixture.ts";
import { foundingHypotheses, foundingRemedies } from "./founding-reasons.fixture.ts";

const FIRST = 44817;
const LOG = "s1";

const en = (english: string, chinese: string): Text => ({ en: english, zh: chinese });

/** Evidence on one line, by the number it had in the customer's file. */
export function onLine(original: number, how: Text): Evidence {
  const line = original - FIRST + 1;
  const quote = FOUNDING_LINES[line - 1]?.[2] ?? "";
  return { source: LOG, firstLine: line, lastLine: line, quote, how };
}

const event: ReportEvent = {
  id: "e1",
  kind: "soft-lockup",
  title: "soft lockup - CPU#4 stuck for 22s! [kworker/4:1:3759981]",
  function: "text_poke_bp_batch",
  cpu: 4,
  task: { comm: "kworker/4:1", pid: 3759981 },
  stuckSeconds: 22,
  time: { monotonicSeconds: 176044.013351, wall: "2025-06-28T20:15:54", yearFrom: "assumed" },
  host: "gaoji-10-8-94-99",
  boot: 0,
  kernel: {
    release: "5.10.0-136.12.0.90.ctl3.x86_64",
    version: "#1",
    arch: "x86_64",
    taint: [{ flag: "L", meaning: en("a soft lockup occurred earlier", "此前已发生过软锁死") }],
  },
  hardware: "Suma MH221/62DC24-C, BIOS 08.03.04.71.18 06/02/2025",
  workqueue: { name: "events", function: "netstamp_clear" },
  rip: { symbol: "text_poke_bp_batch", offset: 0xed, size: 0x290 },
  registers: {
    rax: "0xffffffffa18c388e",
    rbx: "0xffffffffa34ec7fa",
    r13: "0xffffffffa34ec7aa",
    r15: "0xffffffffa34ec7aa",
    eflags: "0x286",
  },
  interrupts: "on",
  context: "task",
  code: {
    bytes:
      "010000 85c9 7414 0fb686000000a1 41880424 f6c102 0f858d010000 498d7501 4c89c7 83c501 e8b3faffff 49637df6 410fb6d6 4c89e9 488d74241b 4989d0 4983c5".replaceAll(
        " ",
        "",
      ),
    trapIndex: 42,
    instructions: [
      { at: 34, bytes: "83c501", text: "add $0x1,%ebp", certain: false },
      { at: 37, bytes: "e8b3faffff", text: "call text_poke_bp_batch-0x460", certain: false },
      { at: 42, bytes: "49637df6", text: "movslq -0xa(%r13),%rdi", certain: true },
      { at: 46, bytes: "410fb6d6", text: "movzbl %r14b,%edx", certain: true },
    ],
  },
  trace: FOUNDING_LINES.slice(17).map(([, , text]) => frame(text)),
  modules: ["vfio_pci", "virtio_net", "dm_mod"],
  listing: {
    file: "arch/x86/kernel/alternative.c",
    lines: [
      { n: 1542, text: "\t\t * processed forwards or backwards." },
      { n: 1543, text: "\t\t */" },
      {
        n: 1544,
        text: "\t\tperf_event_text_poke(text_poke_addr(&tp[i]), old, len,",
        mark: "*",
        note: en("the arguments of this call are being set up", "正在为该调用准备参数"),
      },
    ],
  },
  locals: [
    { name: "i", type: "int", value: "0", where: "r13 - r15", state: "known" },
    { name: "nr_entries", type: "int", where: "stack", state: "needs-memory" },
  ],
  complete: true,
  gaps: [{ reason: "joined-lines", from: { source: LOG, firstLine: 2, lastLine: 2 } }],
  from: { source: LOG, firstLine: 1, lastLine: 27 },
  originalLines: { file: "/var/log/messages-20250629", first: 44817, last: 44843 },
  excerpt: FOUNDING_LINES.map(([originalLine, monotonicSeconds, text], index) => ({
    line: index + 1,
    originalLine,
    monotonicSeconds,
    text,
  })),
};

function frame(text: string): NonNullable<ReportEvent["trace"]>[number] {
  const found = /(\? )?(\w+)\+0x([0-9a-f]+)\/0x([0-9a-f]+)/.exec(text);
  return {
    symbol: found?.[2] ?? "",
    offset: Number.parseInt(found?.[3] ?? "0", 16),
    size: Number.parseInt(found?.[4] ?? "0", 16),
    reliable: found?.[1] === undefined,
    context: "task",
  };
}

const frames = onLine(44834, en("the patching batch is on the stack", "代码修补批次在调用栈上"));
const rip = onLine(
  44822,
  en("RIP stands after the call of the second step", "RIP 位于第二步的调用之后"),
);

const incident: Incident = {
  id: "i1",
  title: en(
    "Soft lockup on CPU 4 while the kernel was patching its own code for netstamp_clear",
    "CPU 4 在执行 netstamp_clear 引发的内核代码修补时发生软锁死",
  ),
  signature: "soft-lockup:text_poke_bp_batch:netstamp_clear",
  events: ["e1"],
  firstTime: event.time ?? {},
  lastTime: event.time ?? {},
  host: "gaoji-10-8-94-99",
  timeline: [
    {
      at: { monotonicSeconds: 176020.0 },
      cpu: 4,
      what: en("last watchdog stamp of CPU 4, at the latest", "CPU 4 最近一次喂狗的最晚时刻"),
    },
    {
      at: event.time ?? {},
      cpu: 4,
      what: en("the watchdog reports CPU 4", "看门狗上报 CPU 4"),
      event: "e1",
    },
  ],
  mechanism: {
    id: "text-poke",
    title: en("kernel code patching (INT3 protocol)", "内核代码修补（INT3 协议）"),
    description: en(
      "The CPU was rewriting kernel code that other CPUs may be executing. The protocol has three steps, each closed by an IPI broadcast that every online CPU must acknowledge.",
      "该 CPU 正在改写其他 CPU 可能正在执行的内核代码。协议分三步，每一步都以一次处理器间中断广播收尾，所有在线 CPU 都必须应答。",
    ),
    verdict: "likely",
    evidence: [frames],
    phases: [
      {
        id: "int3",
        title: en("INT3 written on every site", "在每个修补点写入 INT3"),
        state: "done",
        evidence: [rip],
      },
      {
        id: "sync-1",
        title: en("first IPI broadcast acknowledged", "第一次处理器间中断广播得到应答"),
        state: "done",
        evidence: [rip],
      },
      {
        id: "tails",
        title: en("tails of the new instructions written", "写入新指令的其余字节"),
        state: "here",
        evidence: [rip],
      },
      {
        id: "sync-2",
        title: en("second IPI broadcast acknowledged", "第二次处理器间中断广播得到应答"),
        state: "pending",
        evidence: [],
      },
    ],
    references: [
      "arch/x86/kernel/alternative.c: text_poke_bp_batch()",
      "commit 9350a629e839 (v6.5)",
    ],
  },
  waits: [
    {
      waiter: { cpu: 4 },
      waitsFor: "unknown",
      for: "ipi-ack",
      verdict: "possible",
      evidence: [frames],
    },
    {
      waiter: { task: { comm: "kworker/114:1", pid: 4093782 } },
      waitsFor: { cpu: 4, lock: "text_mutex" },
      for: "mutex",
      verdict: "unlikely",
      evidence: [frames],
    },
  ],
  hypotheses: foundingHypotheses(onLine),
  findings: [
    {
      id: "work-function",
      text: en(
        "The work function netstamp_clear is not among the frames: it ends in a tail call to static_key_enable.",
        "工作函数 netstamp_clear 不在调用栈中：它以尾调用的方式跳转到 static_key_enable。",
      ),
      evidence: [onLine(44821, en("names the work function", "此行给出工作函数"))],
    },
    {
      id: "console",
      text: en(
        "The stamps follow the length of the lines: 0.106 ms per byte, so the console is written synchronously at about 9.4 kB/s.",
        "时间戳随行长变化，每字节 0.106 毫秒，说明控制台为同步输出，约 9.4 kB/s。",
      ),
      evidence: [
        {
          source: LOG,
          firstLine: 1,
          lastLine: 27,
          how: en("stamps of the whole report", "整份报告的时间戳"),
        },
      ],
    },
  ],
  remedies: foundingRemedies,
  missing: [
    {
      what: en("the report of CPU 114", "CPU 114 的完整报告"),
      why: en(
        "its RIP decides between waiting and not being interrupted",
        "其 RIP 可以区分「仍在等待」与「未被打断」",
      ),
      command: "grep -n -E 'soft lockup|hard LOCKUP|rcu|NMI backtrace' /var/log/messages-20250629",
    },
    {
      what: en("the consoles in use", "正在使用的控制台"),
      why: en("how slow printing is", "确认打印有多慢"),
      command: "cat /proc/consoles",
    },
  ],
  claims: [
    {
      text: "故障节点：内蒙08多AZ测试 dpu host主机 10.8.94.98",
      verdict: "ruled out",
      reason: en("the log is from gaoji-10-8-94-99", "日志来自 gaoji-10-8-94-99"),
      evidence: [onLine(44817, en("host name of the log", "日志中的主机名"))],
    },
    {
      text: "cpu: Hygon C86-4G (OPN:7493)",
      verdict: "possible",
      reason: en("the log does not name the CPU model", "日志没有给出 CPU 型号"),
      evidence: [],
    },
  ],
};

export const foundingReport: ReportV1 = {
  schema: "stallscope.report/1",
  generator: { name: "stallscope", version: "0.1.0" },
  sources: [
    {
      id: LOG,
      name: "examples/netstamp-clear.log",
      kind: "log",
      format: "syslog",
      lines: 27,
      bytes: 3482,
      boots: 1,
    },
  ],
  events: [event],
  notices: [
    {
      id: "n1",
      kind: "link-down",
      text: "ngbe 0000:05:00.0 enp5s0f0: NIC Link is Down",
      time: { monotonicSeconds: 176043.5 },
      boot: 0,
      from: { source: LOG, firstLine: 1, lastLine: 1 },
    },
  ],
  incidents: [incident],
  boots: [
    {
      index: 0,
      host: "gaoji-10-8-94-99",
      release: "5.10.0-136.12.0.90.ctl3.x86_64",
      facts: [],
    },
  ],
};
