// Notes to print beside the user's own kernel source: what each step of the functions the mechanisms know is
// for. A note is anchored to a piece of source text, so it holds wherever that line stands; where the text is
// another one, the note is left out. The kernel's own comments are described in our words, never copied.

import { type Text, text } from "#base/text.ts";

export interface SourceNote {
  /** Any of these pieces of source text; the first line of the function that has one is meant. */
  readonly anchors: readonly string[];
  /** Which such line, counted from 1, where the same text stands several times. */
  readonly occurrence?: number;
  readonly note: Text;
}

const FLIPPING_A_KEY: readonly SourceNote[] = [
  {
    anchors: ["jump_label_lock()"],
    note: text(
      "One key at a time: everyone else who flips a key sleeps here while this one is stuck.",
      "一次只能切换一个键：本次卡住时，其他切换静态键的任务都在这里睡眠。",
    ),
  },
  {
    anchors: ["jump_label_update(key)"],
    note: text("Patches all sites of the key, in batches.", "分批改写该键的所有位置。"),
  },
];

/** By function; facts checked against 5.10.262 and 6.1.192 (arch/x86/kernel/alternative.c, kernel/smp.c …). */
export const SOURCE_NOTES: Readonly<Record<string, readonly SourceNote[]>> = {
  text_poke_bp_batch: [
    {
      anchors: [
        "atomic_set_release(&bp_desc.refs, 1)",
        "atomic_set_release(&text_poke_array.refs, 1)",
      ],
      note: text(
        "From here on the breakpoint handler recognizes the sites: the list must be visible before the first INT3 is.",
        "从这里起断点处理程序认得这些位置：列表必须先于第一个 INT3 可见。",
      ),
    },
    {
      anchors: ["text_poke(text_poke_addr(&tp[i]), &int3", "text_poke(text_poke_addr(tp), &int3"],
      note: text(
        "Step 1: one byte, INT3, over each site. A CPU that runs into it has the new instruction emulated, so nobody executes half of one.",
        "第一步：在每个位置写入一个字节 INT3。遇到它的 CPU 由处理程序模拟新指令，因此不会执行到写了一半的指令。",
      ),
    },
    {
      anchors: ["text_poke_sync();", "smp_text_poke_sync_each_cpu();"],
      note: text(
        "First wait for all CPUs: each must have serialized after the INT3 was written, or it could pair an old first byte with a new tail. A CPU with interrupts off holds the patching up here.",
        "第一次等待所有 CPU：每个 CPU 都必须在写入 INT3 之后串行化一次，否则可能把旧的首字节与新的尾部拼在一起。关中断的 CPU 会让改写停在这里。",
      ),
    },
    {
      anchors: ["memcpy(old + INT3_INSN_SIZE"],
      note: text(
        "The old bytes are saved for the perf event below: a trace decoder needs them to walk back before the change.",
        "保存旧字节供下面的 perf 事件使用：跟踪解码器要靠它们回溯到修改之前。",
      ),
    },
    {
      anchors: [
        "text_poke(text_poke_addr(&tp[i]) + INT3_INSN_SIZE",
        "text_poke(text_poke_addr(tp) + INT3_INSN_SIZE",
      ],
      note: text(
        "Step 2: the bytes behind the INT3. Nobody decodes them now, every CPU traps on the first byte.",
        "第二步：写入 INT3 之后的字节。此时没有 CPU 会解码它们，所有 CPU 都在首字节处陷入。",
      ),
    },
    {
      anchors: ["perf_event_text_poke("],
      note: text(
        "Tells a running Intel PT trace of the change. Its timestamp marks where the decoder switches code: before it the old code or the INT3 ran, after it the new code or the INT3. Returns at once when nobody traces.",
        "把这次修改告知正在进行的 Intel PT 跟踪。其时间戳是解码器切换代码的界线：之前执行的是旧代码或 INT3，之后是新代码或 INT3。无人跟踪时立即返回。",
      ),
    },
    {
      anchors: ["text_poke_sync();", "smp_text_poke_sync_each_cpu();"],
      occurrence: 2,
      note: text(
        "Second wait: all CPUs must see the tail before the first byte makes it reachable. Left out when every site is one byte long.",
        "第二次等待：必须先让所有 CPU 看到尾部，再让首字节使其可达。所有位置都只有一个字节时省略。",
      ),
    },
    {
      anchors: ["&byte, INT3_INSN_SIZE", "tp[i].text, INT3_INSN_SIZE", "&tp[i].text"],
      note: text(
        "Step 3: the first byte of the new instruction replaces the INT3. From here on a site runs the new code directly.",
        "第三步：用新指令的首字节替换 INT3。从此该位置直接执行新代码。",
      ),
    },
    {
      anchors: ["text_poke_sync();", "smp_text_poke_sync_each_cpu();"],
      occurrence: 3,
      note: text(
        "Third wait: a CPU may still fetch the INT3 until it has serialized, and it needs the list to handle it.",
        "第三次等待：CPU 在串行化之前仍可能取到 INT3，而处理它需要这张列表。",
      ),
    },
    {
      anchors: ["atomic_dec_and_test(&bp_desc.refs)", "atomic_dec_and_test(&text_poke_array.refs)"],
      note: text(
        "The list is given up only when no handler uses it any more; this spins.",
        "只有在没有处理程序再使用这张列表时才释放它；这里是忙等。",
      ),
    },
  ],
  __text_poke: [
    {
      anchors: ["local_irq_save(flags)"],
      note: text(
        "Interrupts are off from here to the restore below: the writable mapping belongs to this CPU alone.",
        "从这里到下面恢复为止关中断：可写映射只属于本 CPU。",
      ),
    },
    {
      anchors: ["use_temporary_mm(poking_mm)"],
      note: text(
        "Switches to an address space in which the kernel text is writable; nobody else can write through it.",
        "切换到内核代码可写的地址空间；其他 CPU 无法通过它写入。",
      ),
    },
    {
      anchors: ["memcmp(", "BUG_ON(memcmp"],
      note: text(
        "Reads the bytes back: a difference is a bug and stops the kernel.",
        "读回校验：不一致说明出了错误，内核就此停止。",
      ),
    },
    {
      anchors: ["local_irq_restore(flags)"],
      note: text(
        "A timer interrupt that came in meanwhile is taken right behind this line; a sample further on was not held off by it.",
        "期间到来的时钟中断会在这一行之后立即处理；更靠后的采样点并非被它推迟。",
      ),
    },
  ],
  smp_call_function_many_cond: [
    {
      anchors: ["csd_lock(csd)"],
      note: text(
        "Waits for this CPU's own earlier request to that CPU, which may not have been answered yet.",
        "等待本 CPU 之前发给该 CPU 的请求，它可能还没有得到应答。",
      ),
    },
    {
      anchors: ["llist_add("],
      note: text(
        "Queues the request. An interrupt is sent only when the queue was empty: otherwise one is on its way.",
        "把请求放入队列。仅当队列原本为空时才发送中断：否则已经有一个在途。",
      ),
    },
    {
      anchors: ["arch_send_call_function_ipi_mask("],
      note: text("Sends the interrupts.", "发送中断。"),
    },
    {
      anchors: ["csd_lock_wait(csd)"],
      note: text(
        "Waits for each CPU in ascending order, interrupts on, preemption off. The variable cpu is the first one that has not answered; higher ones may not have either.",
        "按编号升序等待每个 CPU，开中断、关抢占。变量 cpu 是第一个尚未应答的 CPU；编号更大的也可能没有应答。",
      ),
    },
  ],
  netstamp_clear: [
    {
      anchors: ["atomic_xchg(&netstamp_needed_deferred"],
      note: text(
        "Takes all enables and disables that came in since the last run, as one sum.",
        "一次取走自上次运行以来的所有启用与停用请求之和。",
      ),
    },
    {
      anchors: ["static_branch_enable("],
      note: text(
        "The first socket that wants receive timestamps: patches the kernel's code, with every CPU taking part.",
        "第一个需要接收时间戳的套接字：改写内核代码，所有 CPU 都要参与。",
      ),
    },
    {
      anchors: ["static_branch_disable("],
      note: text(
        "The last such socket is gone: patches the code back.",
        "最后一个这样的套接字已关闭：把代码改写回去。",
      ),
    },
  ],
  static_key_enable_cpuslocked: FLIPPING_A_KEY,
  static_key_disable_cpuslocked: FLIPPING_A_KEY,
  watchdog_timer_fn: [
    {
      anchors: ["completion_done("],
      note: text(
        "The stopper thread ran since the last check: it is asked to run again. While it does not get the CPU, the stamp below grows old.",
        "上次检查之后停机线程运行过：再次请求它运行。只要它得不到 CPU，下面的时间戳就会变旧。",
      ),
    },
    {
      anchors: ["= is_softlockup("],
      note: text(
        "Compares the age of the stamp with twice watchdog_thresh; the unit is 2^30 ns, a little more than a second.",
        "将时间戳的年龄与两倍的 watchdog_thresh 比较；单位是 2^30 纳秒，略多于一秒。",
      ),
    },
    {
      anchors: ["soft lockup - CPU#"],
      note: text(
        "The report. It names the CPU whose timer noticed and the task it runs, which need not be the cause.",
        "报告本身。它给出察觉到的 CPU 及其正在运行的任务，不一定就是原因所在。",
      ),
    },
  ],
};

/** A line of source with its number. */
export interface NumberedLine {
  readonly n: number;
  readonly text: string;
}

/** Notes for the lines of one function, by line number. Lines must begin at the function's first one. */
export function notesForFunction(
  name: string,
  lines: readonly NumberedLine[],
): ReadonlyMap<number, Text> {
  const found = new Map<number, Text>();
  for (const { anchors, occurrence = 1, note } of SOURCE_NOTES[name] ?? []) {
    const matching = lines.filter((line) => anchors.some((anchor) => line.text.includes(anchor)));
    const line = matching[occurrence - 1];
    if (line !== undefined && !found.has(line.n)) found.set(line.n, note);
  }
  return found;
}
