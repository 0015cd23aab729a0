// Sentences about events: titles and timeline entries in both languages.

import { type Text, text } from "#base/text.ts";
import type { EventKind, KernelEvent } from "#model/kernel-event.ts";

const KIND_NAME: Record<EventKind, readonly [en: string, zh: string]> = {
  "soft-lockup": ["soft lockup", "软锁死"],
  "hard-lockup": ["hard lockup", "硬锁死"],
  "rcu-stall": ["RCU stall", "RCU 停顿"],
  "hung-task": ["hung task", "任务挂起（hung task）"],
  "workqueue-lockup": ["workqueue lockup", "工作队列锁死"],
  "csd-stall": ["csd lock stall", "csd 锁停顿"],
  "page-fault": ["page fault", "内核缺页错误"],
  "null-dereference": ["null pointer dereference", "空指针解引用"],
  "general-protection": ["general protection fault", "一般保护错误"],
  "divide-error": ["divide error", "除法错误"],
  "invalid-opcode": ["invalid opcode", "非法指令"],
  "double-fault": ["double fault", "双重故障"],
  "stack-overflow": ["stack overflow", "栈溢出"],
  bug: ["kernel BUG", "内核 BUG"],
  warning: ["kernel warning", "内核告警（WARNING）"],
  panic: ["kernel panic", "内核崩溃（panic）"],
  oops: ["oops", "内核 oops"],
  "machine-check": ["machine check", "机器检查异常"],
  "out-of-memory": ["out of memory", "内存耗尽（OOM）"],
  kasan: ["KASAN report", "KASAN 报告"],
  kmsan: ["KMSAN report", "KMSAN 报告"],
  kcsan: ["KCSAN report", "KCSAN 报告"],
  kfence: ["KFENCE report", "KFENCE 报告"],
  ubsan: ["UBSAN report", "UBSAN 报告"],
  lockdep: ["lockdep report", "lockdep 报告"],
  "atomic-sleep": ["sleep in atomic context", "原子上下文中睡眠"],
  "rcu-usage": ["suspicious RCU usage", "可疑的 RCU 用法"],
  "list-corruption": ["list corruption", "链表损坏"],
  refcount: ["refcount error", "引用计数错误"],
  "memory-leak": ["memory leak", "内存泄漏"],
  "locking-bug": ["locking bug", "锁使用错误"],
  "nmi-backtrace": ["backtrace", "调用栈"],
  "sysrq-backtrace": ["sysrq backtrace", "sysrq 调用栈"],
  other: ["kernel report", "内核报告"],
};

/** `soft lockup on CPU 4: stuck for 22 s in text_poke_bp_batch (kworker/4:1, work netstamp_clear)` */
export function eventText(event: KernelEvent): Text {
  const [en, zh] = KIND_NAME[event.kind];
  const work = event.workqueue?.function;
  const who = [event.task?.comm, ...(work ? [`work ${work}`] : [])].filter(Boolean).join(", ");
  const whoZh = [event.task?.comm, ...(work ? [`工作项 ${work}`] : [])].filter(Boolean).join("，");
  const cpu = event.cpu === undefined ? "" : ` on CPU ${event.cpu}`;
  const cpuZh = event.cpu === undefined ? "" : `CPU ${event.cpu} `;
  const seconds = secondsText(event);
  const where = event.function ? ` in ${event.function}` : "";
  const whereZh = event.function ? `，位于 ${event.function}` : "";
  return text(
    `${en}${cpu}${seconds.en || where ? ":" : ""}${seconds.en}${where}${who ? ` (${who})` : ""}`,
    `${cpuZh}${zh}${seconds.zh}${whereZh}${whoZh ? `（${whoZh}）` : ""}`,
  );
}

function secondsText(event: KernelEvent): Text {
  const n = event.stuckSeconds;
  if (n === undefined) return text("", "");
  return event.kind === "hung-task"
    ? text(` blocked for more than ${n} s`, `，阻塞超过 ${n} 秒`)
    : text(` stuck for ${n} s`, `，卡住 ${n} 秒`);
}
