// Why a report is not complete, as the log reader says it (`events[].gaps[].reason`, English sentences that
// are part of the contract), and the same in Chinese.

/** A reason that is not listed, or that counts something, is shown as it is. */
export const GAP_REASONS: readonly (readonly [en: string, zh: string])[] = [
  [
    "interleaved with another report: registers, code and frames from here on could be either's",
    "与另一份报告的行交错：从此行起，寄存器、指令字节和调用栈可能属于其中任一份",
  ],
  [
    "another report begins before this trace ends: lines of the two may be exchanged",
    "本报告的调用栈尚未结束，另一份报告已经开始：两者的行可能混淆",
  ],
  [
    "the clock runs backwards inside the report: lines of two logs may be mixed",
    "报告内部时间戳倒退：可能混入了另一份日志的行",
  ],
  ["interleaved with another trace", "与另一条调用栈交错"],
  ["the next report begins", "下一份报告已经开始，本报告没有调用栈"],
  ["the next backtrace begins", "下一条回溯已经开始，本条没有调用栈"],
  ["other lines follow", "其后是无关的行，本报告没有调用栈"],
  ["nothing follows for a long time", "其后很久没有输出，本报告没有调用栈"],
  ["too many reports are open at once", "同时打开的报告过多，本报告没有读完"],
  ["the log ends in the report", "日志在报告中间结束"],
  ["the log ends in the call trace", "日志在调用栈中间结束"],
  ["the log begins below its headline", "日志从报告标题之后开始"],
  ["no call trace follows", "其后没有调用栈"],
  [
    "its registers say interrupts off, yet the report came from a timer interrupt: whether they were on is unknown",
    "寄存器显示中断关闭，但该报告来自时钟中断：当时中断是否打开不得而知",
  ],
  ["the call trace does not reach the code the report is about", "调用栈没有回溯到报告所指的代码"],
  ["the unwinder was sure of no frame of the call trace", "调用栈中没有一帧是栈回溯器确认的"],
  ["a frame of the call trace is torn", "调用栈中有一帧被打断"],
  ["the report that led to this panic is not in the log", "引发此次 panic 的报告不在日志中"],
  ["the console dropped messages between its lines", "控制台在报告的行之间丢弃了消息"],
  ["the kernel suppressed messages between its lines", "内核在报告的行之间抑制了消息"],
  ["the journal missed kernel messages between its lines", "journal 在报告的行之间漏收了内核消息"],
  ["the journal suppressed messages between its lines", "journal 在报告的行之间抑制了消息"],
  ["the system log lost messages between its lines", "系统日志在报告的行之间丢失了消息"],
  [
    "the system log counted repeated lines instead of writing them",
    "系统日志对重复的行只计数而没有写出",
  ],
  ["a pager left out the middle of this line", "分页程序省略了此行的中间部分"],
  ["a part of the dump is missing before this line", "此行之前缺少转储的一个分段"],
  ["the parts of the dump behind this line are missing", "此行之后的转储分段缺失"],
  [
    "a file ends inside this line, which is read on in the next one: lines may be missing here",
    "文件在此行中间结束，余下部分接自下一个文件：此处可能缺行",
  ],
];
