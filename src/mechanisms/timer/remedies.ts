// Timers: another clock or CPU now, the callback or the clock driver for good.

import { text } from "#base/text.ts";
import { backtracesOfAllCpus, interruptRates, vmcore } from "../collecting.ts";
import type { RemedyRule } from "../mechanism.ts";

export const timerRemedies: readonly RemedyRule[] = [
  {
    id: "avoid-the-clock",
    when: "now",
    title: text("avoid the suspect clock or idle state", "避开可疑的时钟或空闲状态"),
    steps: [
      {
        text: text(
          "try without deep idle states and without tickless idle",
          "尝试关闭深度空闲状态和无节拍空闲",
        ),
        command: "processor.max_cstate=1 nohz=off   # kernel command line",
      },
      {
        text: text("in emulators and guests try another clock", "在模拟器和虚拟机中尝试更换时钟源"),
        command: "cat /sys/devices/system/clocksource/clocksource0/available_clocksource",
      },
    ],
    appliesIf: text(
      "a CPU's timers stop, not one callback",
      "是某个 CPU 的定时器停止，而非单个回调的问题",
    ),
    risk: text(
      "more power; slower clock reads with another clock source",
      "功耗上升；更换时钟源后读取时钟可能变慢",
    ),
    references: ["Documentation/timers/no_hz.rst"],
    appliesTo: (facts) => facts.all("rcu-kthread").some((k) => k.how === "timer"),
  },
  {
    id: "stop-the-user-of-the-timer",
    when: "now",
    title: text("stop what arms the timer", "停止设定该定时器的来源"),
    steps: [
      {
        text: text(
          "take the driver or feature named by the callback out of use",
          "停用回调所属的驱动或功能",
        ),
      },
    ],
    appliesIf: text("the callback is known", "已知回调函数"),
    risk: text(
      "unloading the driver may hang in the same cancel",
      "卸载驱动时可能在同样的取消操作中挂起",
    ),
    references: ["kernel/time/timer.c: call_timer_fn()"],
  },
  backtracesOfAllCpus,
  interruptRates,
  vmcore,
  {
    id: "fix-callback",
    when: "fix",
    title: text("fix the callback or the way it is canceled", "修复回调或其取消方式"),
    steps: [
      {
        text: text(
          "never cancel synchronously under a lock the callback takes or inside the callback; re-arm from now, not from a time in the past; move long work to a work item",
          "不要在持有回调所需的锁时或在回调内部同步取消；重新设定时以当前时间为基准而非过去的时间；把耗时工作移到工作项",
        ),
      },
    ],
    appliesIf: text("a callback or its cancel is on the stack", "调用栈中有回调或取消操作"),
    risk: text(
      "an asynchronous cancel needs another way to know that the callback is gone",
      "改为异步取消后，需要其他方式确认回调已结束",
    ),
    references: [
      "Documentation/timers/hrtimers.rst",
      "kernel/time/hrtimer.c: hrtimer_try_to_cancel()",
    ],
  },
];
