// The machine or a vCPU did not run for a while: hypervisor, migration, suspend, firmware. KERNEL.md M-43,
// M-44, 2.9 c1.

import { text } from "#base/text.ts";
import type { FactView } from "#model/fact.ts";
import { everyReport } from "../collecting.ts";
import { because, evidenceOf, no, notObservable, observe, shown, yes } from "../find.ts";
import type { HypothesisRule, Mechanism } from "../mechanism.ts";
import { isWaiting, stalledSamples } from "../stalled.ts";
import { freezeRemedies } from "./remedies.ts";

/** So many CPUs at once that no chain of waiting is needed to explain it. */
const MANY_CPUS = 3;
const SAME_MOMENT_SECONDS = 2;

const isGuest = (facts: FactView): boolean =>
  facts.all("boot-state").some((state) => state.name === "hypervisor");

const burstOfMany = shown(
  "burst",
  (b) => b.cpus.length >= MANY_CPUS && b.spanSeconds < SAME_MOMENT_SECONDS,
);

const jumped = shown("neighbor", (n) => n.notice === "time-jump");
const hypervisorSpoke = shown("neighbor", (n) => n.notice === "hypervisor");

export const hypervisorFreeze: Mechanism = {
  id: "hypervisor-freeze",
  title: text(
    "the machine was not run: hypervisor or firmware",
    "机器未被执行：虚拟机监控器或固件",
  ),
  description: text(
    "The guest, or single vCPUs of it, stood still: overcommitted host, live migration, snapshot, a suspended laptop, on bare metal a long SMI. When it runs again time has jumped, and every busy CPU reports a lockup in the same moment, each somewhere else and none waiting for another. The stacks are innocent.",
    "虚拟机或其部分 vCPU 停住了：宿主机超分、热迁移、快照、主机挂起，物理机上则可能是很长的 SMI。恢复运行后时间发生跳变，所有忙碌的 CPU 在同一时刻各自上报锁死，位置各不相同，也没有谁在等谁。这些调用栈都是无辜的。",
  ),
  waitsFor: text("the hypervisor or firmware to give the CPU back", "虚拟机监控器或固件归还 CPU"),
  signs: [
    {
      id: "time-jump-in-guest",
      what: text("a guest's clock jumped next to the stall", "虚拟机时钟在停顿附近发生跳变"),
      carries: "likely",
      find: (facts) => (isGuest(facts) ? jumped(facts) : undefined),
    },
    {
      id: "hypervisor-line",
      what: text(
        "a hypervisor or migration line stands next to reports of several CPUs",
        "多个 CPU 的报告旁有虚拟机监控器或迁移相关日志",
      ),
      carries: "likely",
      find: (facts) => (burstOfMany(facts) ? hypervisorSpoke(facts) : undefined),
    },
    {
      id: "all-at-once",
      what: text(
        "three or more CPUs report in the same moment and none was sampled waiting for another",
        "三个或更多 CPU 在同一时刻上报，且采样时都不在等待其他 CPU",
      ),
      carries: "possible",
      find: burstOfMany,
    },
  ],
  refusedBy: [
    {
      id: "one-waits-for-another",
      what: text(
        "stuck CPUs wait for another CPU or for a lock: a chain explains them together",
        "锁死的 CPU 在等待其他 CPU 或锁：等待链足以解释全部报告",
      ),
      find: (facts) => evidenceOf(stalledSamples(facts).filter((s) => isWaiting(facts, s))),
    },
    {
      id: "interrupts-off",
      what: text("a CPU executes with interrupts off", "有 CPU 正在关中断状态下执行"),
      find: shown("interrupts-off", (off) => off.by === "flags"),
    },
  ],
  refines: [],
  sampleIsVictim: true,
  phases: [],
  hypotheses: freezeHypotheses(),
  remedies: freezeRemedies,
  missing: [
    {
      what: text(
        "the host's view: steal time, migration and pause events",
        "宿主机侧信息：steal 时间、迁移和暂停事件",
      ),
      why: text("a guest cannot see that it was stopped", "虚拟机无法得知自己曾被暂停"),
      command: "virsh domstats --vcpu <domain>; journalctl -u libvirtd; grep '^cpu' /proc/stat",
      isMissing: (facts) => hypervisorSpoke(facts) === undefined,
    },
    everyReport,
  ],
  confirm: [
    { text: text("steal time per CPU", "每个 CPU 的 steal 时间"), command: "mpstat -P ALL 1 10" },
    {
      text: text(
        "on bare metal: SMI count before and after (Intel)",
        "物理机：对比前后的 SMI 计数（Intel）",
      ),
      command: "rdmsr -a 0x34",
    },
  ],
  references: [
    "kernel/watchdog.c: watchdog_timer_fn() (kvm_check_and_clear_guest_paused)",
    "arch/x86/kernel/kvmclock.c: kvm_check_and_clear_guest_paused()",
    "Documentation/virt/kvm/x86/msr.rst",
  ],
};

function freezeHypotheses(): readonly HypothesisRule[] {
  return [
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
          look: (facts) =>
            observe(
              shown(
                "neighbor",
                (n) => n.notice === "clocksource-unstable" || n.notice === "time-jump",
              ),
              notObservable,
              facts,
            ),
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
            const waiting = evidenceOf(samples.filter((s) => isWaiting(facts, s)));
            if (waiting) return yes(waiting);
            const all = evidenceOf(samples);
            return all
              ? no(because(all, "sampled in no wait", "采样时不在任何等待中"))
              : notObservable;
          },
        },
      ],
      atMost: "likely",
    },
  ];
}
