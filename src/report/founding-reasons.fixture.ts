// Hypotheses and remedies of the founding incident's hand-written report.

import type { Evidence, Hypothesis, Remedy, Text } from "#contract/report.ts";

type OnLine = (original: number, how: Text) => Evidence;

export function foundingHypotheses(onLine: OnLine): Hypothesis[] {
  const rip = onLine(44822, {
    en: "RIP is in straight-line code between two broadcasts, not in the wait loop",
    zh: "RIP 位于两次广播之间的顺序代码中，不在等待循环里",
  });
  const flags = onLine(44824, {
    en: "EFLAGS 0x286 has the interrupt flag set",
    zh: "EFLAGS 0x286 的中断标志位已置位",
  });
  return [
    {
      id: "still-waiting",
      title: {
        en: "CPU 4 was still waiting for another CPU's IPI acknowledgement",
        zh: "CPU 4 仍在等待其他 CPU 对处理器间中断的应答",
      },
      verdict: "ruled out",
      predictions: [
        {
          what: {
            en: "RIP in smp_call_function_many_cond",
            zh: "RIP 位于 smp_call_function_many_cond",
          },
          observed: "no",
          evidence: [rip],
        },
      ],
      for: [],
      against: [rip],
    },
    {
      id: "correlated-release",
      title: {
        en: "It waited in the first broadcast and was released just before the tick",
        zh: "它在第一次广播中等待，恰好在时钟滴答之前被放行",
      },
      verdict: "possible",
      reason: {
        en: "nothing seen contradicts it; another report within one second would make it likely",
        zh: "没有与之矛盾的证据；若一秒之内另有报告，则可能性大增",
      },
      predictions: [
        {
          what: {
            en: "another lockup report less than 1 s earlier",
            zh: "此前 1 秒之内另有锁死报告",
          },
          observed: "not-observable",
          evidence: [],
        },
        {
          what: { en: "22 or 23 s in every report", zh: "每份报告都是 22 或 23 秒" },
          observed: "yes",
          evidence: [onLine(44817, { en: "22 s", zh: "22 秒" })],
        },
      ],
      for: [rip],
      against: [],
      nextStep: {
        text: {
          en: "look for other reports within 2 minutes",
          zh: "查看前后两分钟内的其他报告",
        },
        command: "grep -n 'soft lockup' /var/log/messages-20250629",
      },
    },
    {
      id: "irqs-off-callee",
      title: {
        en: "Interrupts were off in __text_poke() and delayed the tick",
        zh: "__text_poke() 内关中断，推迟了时钟滴答",
      },
      verdict: "unlikely",
      predictions: [],
      for: [],
      against: [flags],
    },
    {
      id: "hardirq-storm",
      title: {
        en: "Hard interrupts kept CPU 4 busy",
        zh: "CPU 4 被硬中断占满",
      },
      verdict: "possible",
      predictions: [
        {
          what: {
            en: "a large delta in /proc/interrupts on CPU 4",
            zh: "/proc/interrupts 中 CPU 4 的计数大幅增长",
          },
          observed: "not-observable",
          evidence: [],
        },
      ],
      for: [flags],
      against: [],
    },
  ];
}

export const foundingRemedies: readonly Remedy[] = [
  {
    id: "keep-key-on",
    when: "now",
    title: {
      en: "Keep netstamp_needed_key on from boot",
      zh: "从开机起让静态键 netstamp_needed_key 保持打开",
    },
    steps: [
      {
        text: {
          en: "Run a process that holds one timestamping socket, at boot, before any traffic",
          zh: "在开机后、业务流量开始之前，运行一个长期持有时间戳套接字的进程",
        },
        command:
          "python3 -c 'import socket,signal; s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.setsockopt(socket.SOL_SOCKET,29,1); signal.pause()'",
      },
    ],
    appliesIf: {
      en: "any kernel; starting it is itself a toggle, so never under load",
      zh: "任何内核版本；启动它本身就是一次开关操作，切勿在有负载时启动",
    },
    risk: {
      en: "one clock read per received packet",
      zh: "每收一个包多一次读时钟的开销",
    },
    references: [],
  },
  {
    id: "quiet-console",
    when: "now",
    title: { en: "Keep the serial console quiet", zh: "降低串口控制台的打印量" },
    steps: [
      { text: { en: "Lower the console level", zh: "降低控制台日志级别" }, command: "dmesg -n 1" },
    ],
    appliesIf: { en: "a serial console is in use", zh: "使用了串口控制台" },
    risk: { en: "messages only in dmesg and journal", zh: "消息只出现在 dmesg 和 journal 中" },
    references: [],
  },
  {
    id: "collect-interrupts",
    when: "collect",
    title: { en: "Record interrupt counts during the test", zh: "测试期间记录中断计数" },
    steps: [
      {
        text: { en: "Once per second", zh: "每秒一次" },
        command: "while sleep 1; do date +%T; cat /proc/interrupts; done > interrupts.log",
      },
    ],
    appliesIf: { en: "the fault can be reproduced", zh: "故障可以复现" },
    risk: { en: "none worth naming", zh: "基本无风险" },
    references: [],
  },
  {
    id: "backport-refs",
    when: "fix",
    title: { en: "Backport the per-CPU INT3 references", zh: "回合 INT3 每 CPU 引用计数补丁" },
    steps: [
      {
        text: {
          en: "Take the commit with its follow-ups",
          zh: "合入该提交及其后续修复",
        },
      },
    ],
    appliesIf: { en: "kernels before 6.16", zh: "6.16 之前的内核" },
    risk: { en: "needs adaptation to 5.10", zh: "需要针对 5.10 适配" },
    references: ["commit 4334336e769b (v6.16)"],
  },
];
