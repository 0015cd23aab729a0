// Softirq: spread or slow the work now, give the handler a limit for good.

import { text } from "#base/text.ts";
import { backtracesOfAllCpus, interruptRates, sampleWithNmi, vmcore } from "../collecting.ts";
import type { RemedyRule } from "../mechanism.ts";

export const softirqRemedies: readonly RemedyRule[] = [
  {
    id: "spread-receive",
    when: "now",
    title: text("spread and slow network receive", "分散并降低网络收包负载"),
    steps: [
      {
        text: text(
          "more moderation, more queues, a smaller budget",
          "加大中断合并、增加队列、减小预算",
        ),
        command:
          "ethtool -C <dev> rx-usecs 50; ethtool -L <dev> combined 8; sysctl -w net.core.netdev_budget=150",
      },
      {
        text: text(
          "receive in threads that the scheduler can preempt",
          "改用可被调度器抢占的线程收包",
        ),
        command: "echo 1 > /sys/class/net/<dev>/threaded",
      },
    ],
    appliesIf: text("network receive is on the stack", "调用栈中有网络收包函数"),
    risk: text(
      "more latency; changing the number of queues resets the link for a moment",
      "延迟上升；调整队列数会使链路短暂中断",
    ),
    references: ["Documentation/networking/napi.rst", "Documentation/networking/scaling.rst"],
  },
  interruptRates,
  sampleWithNmi,
  backtracesOfAllCpus,
  vmcore,
  {
    id: "fix-handler",
    when: "fix",
    title: text("bound the handler", "为处理函数设定上限"),
    steps: [
      {
        text: text(
          "honor the budget, give up after a time limit and reschedule, protect the list it walks against loops",
          "遵守预算，超时即退出并重新调度，并防止所遍历的链表成环",
        ),
      },
    ],
    appliesIf: text("one handler is seen in every sample", "每次采样都落在同一个处理函数"),
    risk: text("throughput may fall", "吞吐量可能下降"),
    references: ["Documentation/networking/napi.rst"],
  },
];
