// Parts of a report's lines: the flag of interrupts, context marks, the fields of RCU's CPU line, and the
// words verdicts and culprits are told with. KERNEL.md 3.3 and 3.5 are the source; data only.

import { text } from "#base/text.ts";
import type { Topic } from "#contract/explanation.ts";

const CPU_LINE = ["kernel/rcu/tree_stall.h: print_cpu_stall_info()"];

export const FIELDS: readonly Topic[] = [
  {
    id: "IF",
    kind: "field",
    title: text("EFLAGS and the interrupt flag", "EFLAGS 与中断标志"),
    aliases: [
      "EFLAGS",
      "RFLAGS",
      "interrupt flag",
      "中断标志",
      "关中断",
      "开中断",
      "irqs off",
      "interrupts off",
      "irqs-off",
      "0x200",
    ],
    what: text(
      "Bit 9 (0x200) of EFLAGS: 1 interrupts on, 0 interrupts off, at the instruction shown. 00000246 is on, 00000046 is off.",
      "EFLAGS 的第 9 位（0x200）：在所示指令处，1 为开中断，0 为关中断。00000246 为开，00000046 为关。",
    ),
    printedBy: ["arch/x86/kernel/process_64.c: __show_regs()"],
    proves: text(
      "Whether the interrupted code took interrupts at that instruction.",
      "被打断的代码在该指令处是否响应中断。",
    ),
    provesNot: text(
      "Anything about the time before. A soft lockup is always reported with interrupts on at the end, for it needs the timer interrupt.",
      "不能说明此前的状态。软锁死报告依赖定时器中断，因此报告时中断总是打开的。",
    ),
    related: ["hard-lockup", "soft-lockup"],
  },
  {
    id: "context-marks",
    kind: "field",
    title: text("context marks in a call trace", "调用栈中的上下文标记"),
    aliases: [
      "<IRQ>",
      "<SOFTIRQ>",
      "<NMI>",
      "<TASK>",
      "<EOI>",
      "</IRQ>",
      "</NMI>",
      "</TASK>",
      "IRQ mark",
    ],
    what: text(
      "The stack the following frames lie on: <TASK> the task's own, <IRQ> the interrupt stack (hard and soft interrupts), <NMI> an NMI's. <EOI> ends the interrupt part in older kernels.",
      "其后各帧所在的栈：<TASK> 为任务自身的栈，<IRQ> 为中断栈（硬中断与软中断），<NMI> 为 NMI 栈。<EOI> 在旧内核中表示中断部分结束。",
    ),
    printedBy: [
      "arch/x86/kernel/dumpstack.c: show_trace_log_lvl()",
      "arch/x86/kernel/dumpstack_64.c: stack_type_name()",
    ],
    proves: text(
      "The context of the frames below it: work in <IRQ> was done on top of the task, which is not to blame for it.",
      "其下各帧的上下文：<IRQ> 中的工作叠加在任务之上，不应归咎于该任务。",
    ),
    provesNot: text(
      "That the stall was in an interrupt: from about 6.4 to 6.14 a trace begins with the detector's own <IRQ> frames, all marked '?'. stallscope leaves them out.",
      "不能证明停滞发生在中断中：约 6.4 至 6.14 的内核，调用栈以检测器自身的 <IRQ> 帧开头，且都带“?”。stallscope 会略去它们。",
    ),
    related: ["unreliable-frame"],
  },
  {
    id: "unreliable-frame",
    kind: "field",
    title: text("a frame marked '?'", "带“?”的帧"),
    aliases: ["?", "question mark"],
    what: text(
      "An address of kernel code that lay on the stack and that the unwinder did not reach: often what is left of an earlier call.",
      "栈上出现的、但回溯器没有走到的内核代码地址：往往是此前调用的残留。",
    ),
    printedBy: ["arch/x86/kernel/dumpstack.c: printk_stack_address()"],
    provesNot: text("That the function is being executed.", "不能证明该函数正在执行。"),
    related: ["context-marks"],
  },
  {
    id: "rcu-flags",
    kind: "field",
    title: text("RCU CPU line: the four characters", "RCU 的 CPU 行：四个标志字符"),
    aliases: ["2-...0", "3-....", "-....", "-...0", "-...!", "rcu flag"],
    what: text(
      "In N-abcd: O the CPU is offline; o, N it was not in the leaf's masks; the fourth character is about interrupts: a digit, RCU's irq_work to this CPU is still pending; '.', it was taken; '!', none was requested in this grace period.",
      "N-abcd 中：O 表示 CPU 离线；o、N 表示不在叶节点掩码中；第四个字符与中断有关：数字表示 RCU 发给该 CPU 的 irq_work 仍未处理；“.”表示已处理；“!”表示本宽限期内没有请求。",
    ),
    printedBy: CPU_LINE,
    proves: text(
      "A digit: the CPU takes no interrupts. A dot: it did.",
      "数字：该 CPU 不响应中断。点：它响应过。",
    ),
    provesNot: text(
      "Anything about interrupts in an expedited stall: the fourth character is absent or stands for something else there.",
      "加速宽限期（expedited）的停滞报告中，第四个字符不存在或另有含义，不能据此判断中断状态。",
    ),
    related: ["rcu-stall"],
  },
  {
    id: "rcu-ticks",
    kind: "field",
    title: text("RCU CPU line: ticks this GP", "RCU 的 CPU 行：ticks this GP"),
    aliases: ["ticks this GP", "GPs behind"],
    what: text(
      "Scheduling-clock ticks of this CPU since the grace period began, or '(N GPs behind)' if the CPU has not noticed the last N grace periods.",
      "自宽限期开始以来该 CPU 的调度时钟节拍数；若为 (N GPs behind)，则该 CPU 尚未察觉最近 N 个宽限期。",
    ),
    printedBy: CPU_LINE,
    proves: text(
      "0 or very few ticks in a stall of many seconds: the CPU took no timer interrupts.",
      "多秒的停滞中节拍数为 0 或极少：该 CPU 没有处理定时器中断。",
    ),
    provesNot: text(
      "With many ticks: that it is healthy; only that ticks came.",
      "节拍数很多时，只说明时钟中断到达过，不能证明该 CPU 正常。",
    ),
    related: ["rcu-stall"],
  },
  {
    id: "rcu-idle",
    kind: "field",
    title: text("RCU CPU line: idle=", "RCU 的 CPU 行：idle="),
    aliases: ["idle=", "idle"],
    what: text(
      "Three numbers a/b/c: the low bits of the dynticks counter, the nesting depth of the process level, the nesting depth of interrupts and NMIs.",
      "三个数 a/b/c：dynticks 计数的低位、进程级嵌套深度、中断与 NMI 的嵌套深度。",
    ),
    printedBy: CPU_LINE,
    proves: text(
      "The same first number in two reports of one stall: the CPU passed through no idle in between.",
      "同一停滞的两次报告中第一个数相同：其间该 CPU 没有经过空闲状态。",
    ),
    provesNot: text("What the CPU executes.", "不能说明该 CPU 在执行什么。"),
    related: ["rcu-stall"],
  },
  {
    id: "rcu-softirq",
    kind: "field",
    title: text("RCU CPU line: softirq=", "RCU 的 CPU 行：softirq="),
    aliases: ["softirq=", "softirq=a/b"],
    what: text(
      "a/b: RCU softirqs this CPU had run when it last noted a new grace period, and those it has run by now.",
      "a/b：该 CPU 上一次记录新宽限期时已执行的 RCU 软中断数，以及到目前为止的数目。",
    ),
    printedBy: CPU_LINE,
    proves: text(
      "Unchanged over repeated reports: softirqs do not run on that CPU.",
      "多次报告中不变：该 CPU 上软中断没有运行。",
    ),
    provesNot: text("Why they do not run.", "不能说明为何不运行。"),
    related: ["rcu-stall"],
  },
  {
    id: "rcu-fqs",
    kind: "field",
    title: text("RCU CPU line: fqs=", "RCU 的 CPU 行：fqs="),
    aliases: ["fqs="],
    what: text(
      "How often this grace period tried to force quiescent states.",
      "本宽限期尝试强制静止状态的次数。",
    ),
    printedBy: CPU_LINE,
    proves: text(
      "0 or very few: the grace-period thread itself hardly ran.",
      "为 0 或极少：宽限期线程自身几乎没有运行。",
    ),
    provesNot: text(
      "Anything about the CPU of the line: the count belongs to the grace period.",
      "不能说明该行 CPU 的情况：该计数属于宽限期。",
    ),
    related: ["rcu-stall", "rcu-kthread-starved"],
  },
  {
    id: "rcu-tail",
    kind: "field",
    title: text("RCU: detected by, t=, g=, q=", "RCU：detected by、t=、g=、q="),
    aliases: ["detected by", "t=", "g=", "q=", "ncpus="],
    what: text(
      "Who noticed, jiffies since the grace period began, its number, callbacks queued on all CPUs; ncpus= (6.1 and later) is the number of online CPUs.",
      "由哪个 CPU 发现、自宽限期开始以来的节拍数、宽限期编号、所有 CPU 上排队的回调数；ncpus=（6.1 及以后）为在线 CPU 数。",
    ),
    printedBy: ["kernel/rcu/tree_stall.h: print_other_cpu_stall(), print_cpu_stall()"],
    proves: text(
      "The same g= in two reports: one and the same stall.",
      "两次报告 g= 相同：是同一次停滞。",
    ),
    provesNot: text("That the detecting CPU has a part in it.", "不能说明发现者与停滞有关。"),
    related: ["rcu-stall"],
  },
  {
    id: "taint",
    kind: "field",
    title: text("taint letters", "污染标记"),
    aliases: ["Tainted:", "Not tainted", "tainted", "污染标记"],
    what: text(
      "Letters for what happened in this boot before the report was printed; G means no proprietary module. explain taint L tells one letter. An L already there means an earlier soft lockup.",
      "表示本次启动中、打印报告之前发生过的事；G 表示没有专有模块。explain taint L 解释单个字母。已有 L 说明此前出现过软锁死。",
    ),
    printedBy: ["kernel/panic.c: print_tainted()"],
    proves: text("Each letter: that it happened in this boot.", "每个字母：本次启动中确实发生过。"),
    provesNot: text(
      "When it happened, or that it has to do with the report.",
      "不能说明发生的时间，也不能说明与该报告有关。",
    ),
    references: ["Documentation/admin-guide/tainted-kernels.rst"],
    related: ["taint-L"],
  },
  {
    id: "silent",
    kind: "field",
    title: text("a silent CPU", "沉默的 CPU"),
    aliases: ["silent CPU", "沉默"],
    what: text(
      "A CPU others wait for that prints nothing itself: not executing (firmware, a stalled device access, a virtual CPU not scheduled), or busy printing.",
      "其他 CPU 都在等待、自身却没有任何打印的 CPU：没有在执行（固件、被设备访问卡住、虚拟 CPU 未被调度），或正忙于打印。",
    ),
    proves: text(
      "Nothing by itself: absence of a line is no evidence unless the line was due.",
      "本身不能证明什么：除非某行必然应当出现，否则缺失不是证据。",
    ),
    next: {
      text: text(
        "Make it answer: ask for all CPUs and count who did.",
        "设法让它应答：要求所有 CPU 回溯，并清点谁有应答。",
      ),
      command: "echo l > /proc/sysrq-trigger",
    },
    related: ["nmi-backtrace", "hypervisor-freeze"],
  },
];

export const VERDICTS: readonly Topic[] = [
  verdict(
    "proven",
    text("proven", "已证实"),
    ["已证实"],
    text("The lines or bytes cited leave no other reading.", "所引的行或字节没有其他解释。"),
  ),
  verdict(
    "likely",
    text("likely", "很可能"),
    ["很可能"],
    text(
      "The evidence speaks for it and another reading is left.",
      "证据支持该结论，但仍有其他解释。",
    ),
  ),
  verdict(
    "possible",
    text("possible", "有可能"),
    ["有可能"],
    text(
      "Nothing in the evidence speaks against it, and nothing decides it.",
      "证据中没有反对的内容，也没有能作出判断的内容。",
    ),
  ),
  verdict(
    "unlikely",
    text("unlikely", "可能性低"),
    ["可能性低"],
    text("Something that it predicts is not there.", "它所预言的某些现象没有出现。"),
  ),
  verdict(
    "ruled out",
    text("ruled out", "已排除"),
    ["ruled-out", "已排除"],
    text("The evidence contradicts it.", "证据与之矛盾。"),
  ),
];

function verdict(
  id: string,
  title: Topic["title"],
  aliases: readonly string[],
  what: Topic["what"],
): Topic {
  return { id, kind: "verdict", title, aliases, what };
}
