// Rivals when many CPUs report at once: hypervisor, firmware, clock, or one that blocks all.

import { text } from "#base/text.ts";
import {
  because,
  clockTrouble,
  contrast,
  evidenceOf,
  no,
  notObservable,
  observe,
  shown,
  yes,
} from "../find.ts";
import type { HypothesisRule } from "../mechanism.ts";
import { stalledSamples, waiting } from "../stalled.ts";
import { burstOfMany, isGuest } from "./signs.ts";

export const freezeHypotheses: readonly HypothesisRule[] = [
  {
    id: "guest-stopped",
    title: text("the hypervisor did not run the guest", "虚拟机监控器没有运行该虚拟机"),
    predictions: [
      {
        what: text("the kernel found a hypervisor at boot", "内核启动时识别到虚拟机监控器"),
        ifYes: "likely",
        look: (facts) =>
          observe(
            shown("boot-state", (b) => b.name === "hypervisor"),
            notObservable,
            facts,
          ),
      },
      {
        what: text("several CPUs at once", "多个 CPU 同时上报"),
        ifNo: "unlikely",
        look: (facts) => {
          const many = burstOfMany(facts);
          if (many) return yes(many);
          const reports = facts.all("no-progress");
          const evidence = evidenceOf(reports);
          return evidence && new Set(reports.flatMap((p) => p.cpu ?? [])).size === 1
            ? no(because(evidence, "only one CPU reported", "只有一个 CPU 上报"))
            : notObservable;
        },
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text("compare with the host's log at this moment", "与宿主机同一时刻的日志对照"),
    },
  },
  {
    id: "firmware",
    title: text("firmware (SMI) stopped all CPUs", "固件（SMI）停住了所有 CPU"),
    appliesTo: (facts) => !isGuest(facts),
    predictions: [
      {
        what: text(
          "machine-check, thermal or memory-error lines nearby",
          "附近有机器检查、过热或内存错误日志",
        ),
        ifYes: "likely",
        look: (facts) =>
          observe(
            shown("neighbor", (n) => ["mce", "edac", "thermal"].includes(n.notice)),
            notObservable,
            facts,
          ),
      },
    ],
    atMost: "possible",
    nextStep: {
      text: text("SMI count before and after", "对比前后的 SMI 计数"),
      command: "rdmsr -a 0x34",
    },
  },
  {
    id: "clock-artifact",
    title: text("nothing stood still: the clock jumped", "并没有停住：是时钟发生了跳变"),
    predictions: [
      {
        what: text(
          "the clock source was marked unstable, or time jumped",
          "时钟源被标记为不稳定，或时间发生跳变",
        ),
        ifYes: "likely",
        look: clockTrouble,
      },
    ],
    atMost: "likely",
  },
  {
    id: "one-blocks-all",
    title: text("one CPU blocks all others", "某一个 CPU 阻塞了其他所有 CPU"),
    predictions: [
      {
        what: text("stuck CPUs wait for one CPU or lock", "锁死的 CPU 在等待同一个 CPU 或锁"),
        ifYes: "likely",
        ifNo: "unlikely",
        look: (facts) => {
          const samples = stalledSamples(facts);
          const blocked = evidenceOf(samples.filter(waiting(facts)));
          const all = evidenceOf(samples);
          return contrast(blocked, all, "sampled in no wait", "采样时不在任何等待中");
        },
      },
    ],
    atMost: "likely",
  },
];
