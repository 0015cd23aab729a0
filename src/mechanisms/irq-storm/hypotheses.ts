// Rivals of an interrupt storm: a device that keeps asserting, plain overload, no storm.

import { text } from "#base/text.ts";
import { contrast, evidenceOf, no, notObservable, observe, shown, yes } from "../find.ts";
import type { HypothesisRule } from "../mechanism.ts";
import { CALM_PERCENT, measured } from "./signs.ts";

export const stormHypotheses: readonly HypothesisRule[] = [
  {
    id: "device-keeps-asserting",
    title: text("a device keeps its interrupt asserted", "某设备一直保持中断请求"),
    predictions: [
      {
        what: text("one interrupt far ahead of the others", "某个中断的计数远超其他中断"),
        ifYes: "likely",
        look: (facts) => {
          const ahead = measured(facts).filter((t) => {
            const [first, second] = t.frequentIrqs;
            return first !== undefined && first.count > 10 * (second?.count ?? 0);
          });
          const evidence = evidenceOf(ahead);
          return evidence ? yes(evidence) : notObservable;
        },
      },
      {
        what: text("the kernel shut an unhandled interrupt off", "内核关闭了一个无人处理的中断"),
        ifYes: "likely",
        look: (facts) =>
          observe(
            shown("neighbor", (n) => n.notice === "irq-nobody-cared"),
            notObservable,
            facts,
          ),
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text("look up the device of that interrupt", "查看该中断对应的设备"),
      command: "grep . /sys/kernel/irq/<n>/{actions,chip_name}",
    },
  },
  {
    id: "plain-overload",
    title: text(
      "the device works as told: too many events for one CPU",
      "设备工作正常：事件过多，单个 CPU 处理不过来",
    ),
    predictions: [
      {
        what: text("softirq time besides interrupt time", "除硬中断外还有大量软中断时间"),
        ifYes: "likely",
        ifNo: "unlikely",
        look: (facts) => {
          const busy = evidenceOf(measured(facts).filter((t) => t.softirq >= CALM_PERCENT));
          const all = evidenceOf(measured(facts));
          return contrast(busy, all, "next to no softirq time", "几乎没有软中断时间");
        },
      },
    ],
    atMost: "likely",
  },
  {
    id: "no-storm",
    title: text(
      "no storm: the sample only happens to stand there",
      "并非风暴：采样只是恰好落在此处",
    ),
    predictions: [
      {
        what: text("little hard-interrupt time measured", "测得的硬中断时间很少"),
        ifYes: "likely",
        ifNo: "ruled out",
        look: (facts) => {
          const calm = evidenceOf(measured(facts).filter((t) => t.hardirq < CALM_PERCENT));
          if (calm) return yes(calm);
          const storm = evidenceOf(measured(facts));
          return storm ? no(storm) : notObservable;
        },
      },
    ],
  },
];
