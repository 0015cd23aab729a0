// The machine or a vCPU did not run for a while: hypervisor, migration, suspend, firmware. KERNEL.md M-43,
// M-44, 2.9 c1.

import { text } from "#base/text.ts";
import { everyReport } from "../collecting.ts";
import { evidenceOf, shown } from "../find.ts";
import type { Mechanism } from "../mechanism.ts";
import { stalledSamples, waiting } from "../stalled.ts";
import { freezeHypotheses } from "./hypotheses.ts";
import { freezeRemedies } from "./remedies.ts";
import { burstOfMany, hypervisorSpoke, inOtherCode, isGuest, jumped } from "./signs.ts";

export const hypervisorFreeze: Mechanism = {
  id: "hypervisor-freeze",
  title: text(
    "the machine was not run: hypervisor or firmware",
    "机器未被执行：虚拟机监控器或固件",
  ),
  description: text(
    "The guest, or single vCPUs of it, stood still: overcommitted host, live migration, snapshot, a suspended laptop, on bare metal a long SMI. When it runs again time has jumped, and every busy CPU reports a lockup in the same moment, each somewhere else and none waiting for another. The code in the stacks is not the cause.",
    "虚拟机或其部分 vCPU 停住了：宿主机超分、热迁移、快照、笔记本电脑挂起，物理机上则可能是很长的 SMI。恢复运行后时间发生跳变，所有忙碌的 CPU 在同一时刻各自上报锁死，位置各不相同，也没有谁在等谁。调用栈所示的代码并不是原因。",
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
        "three or more CPUs of a guest report in the same moment, each in other code and none waiting for another",
        "虚拟机的三个或更多 CPU 在同一时刻上报，各自位于不同代码，且都不在等待其他 CPU",
      ),
      carries: "likely",
      find: (facts) => (isGuest(facts) && inOtherCode(facts) ? burstOfMany(facts) : undefined),
    },
  ],
  refusedBy: [
    {
      id: "one-waits-for-another",
      what: text(
        "stuck CPUs wait for another CPU or for a lock: a chain explains them together",
        "锁死的 CPU 在等待其他 CPU 或锁：等待链足以解释全部报告",
      ),
      find: (facts) => evidenceOf(stalledSamples(facts).filter(waiting(facts))),
    },
    {
      id: "interrupts-off",
      what: text("a CPU executes with interrupts off", "有 CPU 正在关中断状态下执行"),
      find: shown("interrupts-off", (off) => off.by === "flags"),
    },
  ],
  refines: [],
  outranks: ["long-loop", "work-item", "softirq", "rcu-grace-period"],
  sampleIsVictim: true,
  phases: [],
  hypotheses: freezeHypotheses,
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
