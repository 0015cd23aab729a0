// Names that stand in call traces of the code-patching path and of IPI waits. KERNEL.md 1.1, 1.2 and 1.6
// are the source; phases are those of model/poke-phase.ts, as the simulator shows them. Data only.

import { text } from "#base/text.ts";
import type { Topic } from "#contract/explanation.ts";
import { POKE_PHASES } from "#model/poke-phase.ts";

const PHASES = POKE_PHASES.map(({ title }) => title);

export const SYMBOLS: readonly Topic[] = [
  {
    id: "text_poke_bp_batch",
    kind: "symbol",
    title: text(
      "text_poke_bp_batch(): one batch of code patching",
      "text_poke_bp_batch()：一批代码修补",
    ),
    aliases: [
      "smp_text_poke_batch_finish",
      "smp_text_poke_batch_process",
      "text_poke_bp",
      "text_poke_finish",
      "text_poke_flush",
      "smp_text_poke_single",
    ],
    what: text(
      "Rewrites a sorted list of patch sites in three steps, each closed by a synchronization: an IPI broadcast that every online CPU must acknowledge. text_poke_bp() up to 5.2 (one site at a time), text_poke_bp_batch() from 5.3, smp_text_poke_batch_finish() since 6.16.",
      "分三步改写一组按地址排序的修补点，每一步以一次同步收尾：一次处理器间中断广播，所有在线 CPU 都必须应答。5.2 及以前为 text_poke_bp()（一次一处），5.3 起为 text_poke_bp_batch()，6.16 起为 smp_text_poke_batch_finish()。",
    ),
    proves: text(
      "A frame of it: the CPU is patching code. Registers and offset may show the step.",
      "出现该帧：CPU 正在修补代码。寄存器与偏移可能显示所处步骤。",
    ),
    provesNot: text(
      "That it waits for an IPI: RIP may be between two synchronizations.",
      "不能证明它在等待处理器间中断：RIP 可能位于两次同步之间。",
    ),
    next: {
      text: text("Step through the protocol:", "逐步演示该协议："),
      command: "stallscope simulate --help",
    },
    phases: PHASES,
    references: [
      "arch/x86/kernel/alternative.c: text_poke_bp_batch()",
      "commit c0213b0ac03c (v5.3)",
    ],
    related: ["text-poke", "netstamp_clear", "ipi"],
  },
  {
    id: "netstamp_clear",
    kind: "symbol",
    title: text(
      "netstamp_clear(): switches receive timestamps on or off",
      "netstamp_clear()：开关接收时间戳",
    ),
    aliases: ["events netstamp_clear", "netstamp_needed_key", "netstamp_work", "netstamp"],
    what: text(
      "A work item that flips the static key netstamp_needed_key when the first socket asks for receive timestamps or the last such socket is destroyed. The flip patches kernel code.",
      "工作项：当首个套接字请求接收时间戳，或最后一个此类套接字销毁时，翻转静态键 netstamp_needed_key。翻转会修补内核代码。",
    ),
    proves: text(
      "On the Workqueue: line: the worker runs it. It ends in a tail call, so it is not in the call trace.",
      "出现在 Workqueue: 行：工作线程正在执行它。它以尾调用结束，因此不出现在调用栈中。",
    ),
    provesNot: text(
      "Which program opened or closed the socket.",
      "不能说明是哪个程序打开或关闭了套接字。",
    ),
    next: {
      text: text(
        "Keep one socket with SO_TIMESTAMP open, and the key no longer flips; analyze names the remedy with its risk.",
        "保持一个启用 SO_TIMESTAMP 的套接字打开，该键便不再翻转；analyze 会给出该措施及其风险。",
      ),
    },
    references: [
      "net/core/dev.c: netstamp_clear(), net_enable_timestamp()",
      "commit 2f3c7195a702 (v6.10)",
    ],
    related: ["text-poke", "text_poke_bp_batch", "static-key"],
  },
  {
    id: "static-key",
    kind: "symbol",
    title: text("static key (jump label)", "静态键（jump label）"),
    aliases: [
      "static_key_enable",
      "static_key_disable",
      "static_key_enable_cpuslocked",
      "arch_jump_label_transform_apply",
      "jump_label_update",
      "jump label",
      "静态键",
    ],
    what: text(
      "A branch that costs nothing while its value stays the same: a NOP or a JMP in the code. Changing the value rewrites every such place in the running kernel. Locks, outermost first: cpus_read_lock, jump_label_mutex, text_mutex.",
      "取值不变时没有开销的分支：代码中的 NOP 或 JMP。改变取值要在运行中的内核里改写每一处。锁的次序（由外到内）：cpus_read_lock、jump_label_mutex、text_mutex。",
    ),
    references: ["kernel/jump_label.c: static_key_enable_cpuslocked()"],
    related: ["text_poke_bp_batch"],
  },
  {
    id: "int3-handler",
    kind: "symbol",
    title: text(
      "poke_int3_handler(): runs into a site being patched",
      "poke_int3_handler()：碰到正在修补的位置",
    ),
    aliases: ["poke_int3_handler", "smp_text_poke_int3_handler", "INT3", "exc_int3"],
    what: text(
      "A CPU that meets the INT3 does in its handler what the new instruction will do (jump, call or nothing) and goes on. The patcher counts the handlers and waits for the last one.",
      "碰到 INT3 的 CPU 由处理函数代行新指令的动作（跳转、调用或什么都不做）后继续。修补者统计处理函数的引用，并等待最后一个结束。",
    ),
    provesNot: text(
      "That anything is wrong: it is part of the protocol. Many CPUs in it at once slow the patching before 6.16.",
      "不能证明有问题：这是协议的一部分。6.16 之前若大量 CPU 同时进入，会拖慢修补。",
    ),
    references: [
      "arch/x86/kernel/alternative.c: poke_int3_handler()",
      "commit 4334336e769b (v6.16)",
    ],
    related: ["text_poke_bp_batch"],
  },
  {
    id: "ipi",
    kind: "symbol",
    title: text("IPI: inter-processor interrupt", "处理器间中断（IPI）"),
    aliases: [
      "IPI",
      "inter-processor interrupt",
      "处理器间中断",
      "smp_call_function_many_cond",
      "smp_call_function_many",
      "smp_call_function_single",
      "on_each_cpu",
      "on_each_cpu_cond_mask",
      "csd_lock_wait",
      "text_poke_sync",
      "do_sync_core",
      "call_single_data",
    ],
    what: text(
      "A request of one CPU to another to run a function at once. The sender queues a record (csd) and, when it must wait, polls its lock bit with interrupts on and preemption off until every target has answered.",
      "一个 CPU 要求另一 CPU 立即执行某函数。发送方把请求记录（csd）排入队列；若需等待，则开中断、关抢占地轮询其锁位，直到所有目标应答。",
    ),
    proves: text(
      "RIP in the polling loop: some CPU has not answered yet.",
      "RIP 位于轮询循环：仍有 CPU 未应答。",
    ),
    provesNot: text(
      "By the function's name alone: which CPU. The machine code and registers can show it.",
      "仅凭函数名不能确定是哪个 CPU；机器码与寄存器可以显示。",
    ),
    references: ["kernel/smp.c: smp_call_function_many_cond()"],
    related: ["ipi-wait", "csd-stall", "tlb-shootdown", "text-poke"],
  },
  {
    id: "multi_cpu_stop",
    kind: "symbol",
    title: text(
      "multi_cpu_stop(): all CPUs meet with interrupts off",
      "multi_cpu_stop()：所有 CPU 关中断汇合",
    ),
    aliases: ["stop_machine", "cpu_stopper_thread", "stop_machine_yield", "migration/"],
    what: text(
      "Each CPU's stopper thread waits until all have arrived, then all close interrupts and one runs the function.",
      "各 CPU 的 stopper 线程等待全部到齐，然后都关闭中断，由其中一个执行函数。",
    ),
    provesNot: text(
      "That the CPUs in it are at fault: they wait for the one that is missing.",
      "不能证明身处其中的 CPU 有过错：它们在等缺席的那一个。",
    ),
    references: ["kernel/stop_machine.c: multi_cpu_stop()"],
    related: ["stop-machine"],
  },
  {
    id: "native_queued_spin_lock_slowpath",
    kind: "symbol",
    title: text(
      "native_queued_spin_lock_slowpath(): spins for a lock",
      "native_queued_spin_lock_slowpath()：自旋等待锁",
    ),
    aliases: [
      "queued_spin_lock_slowpath",
      "__pv_queued_spin_lock_slowpath",
      "_raw_spin_lock",
      "_raw_spin_lock_irqsave",
    ],
    what: text(
      "The lock is held by another CPU; this one waits in a queue. Callers that end in _irq or _irqsave wait with interrupts off, and then do not answer IPIs either.",
      "锁被其他 CPU 持有，本 CPU 在队列中等待。以 _irq 或 _irqsave 结尾的调用者关中断等待，因此也不应答处理器间中断。",
    ),
    provesNot: text(
      "Who holds the lock: look for the CPU that is past this function on the same lock.",
      "不能说明由谁持锁：寻找已越过该函数、使用同一把锁的 CPU。",
    ),
    references: ["kernel/locking/qspinlock.c: queued_spin_lock_slowpath()"],
    related: ["spinlock"],
  },
];
