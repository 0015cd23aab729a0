// TLB shootdown: fewer flushes now, the silent CPU for good.

import { text } from "#base/text.ts";
import { backtracesOfAllCpus, csdDebug, vmcore } from "../collecting.ts";
import { shallowIdle, treatTheTarget } from "../ipi-wait/remedies.ts";
import type { RemedyRule } from "../mechanism.ts";

export const tlbRemedies: readonly RemedyRule[] = [
  {
    id: "fewer-flushes",
    when: "now",
    title: text("cause fewer flushes", "减少刷新"),
    steps: [
      {
        text: text(
          "stop kernel same-page merging and aggressive huge-page defragmentation",
          "停止内核同页合并以及激进的大页整理",
        ),
        command:
          "echo 0 > /sys/kernel/mm/ksm/run; echo madvise > /sys/kernel/mm/transparent_hugepage/defrag",
      },
      {
        text: text(
          "load and unload fewer BPF programs and modules during the load",
          "压测期间减少 BPF 程序和模块的加载、卸载",
        ),
      },
    ],
    appliesIf: text(
      "the flush comes from unmapping, migration or vmalloc churn",
      "刷新来自解除映射、迁移或频繁的 vmalloc 操作",
    ),
    risk: text(
      "more memory used, fewer huge pages; the silent CPU is not helped",
      "内存占用上升、大页减少；没有应答的 CPU 并未得到解决",
    ),
    references: [
      "Documentation/admin-guide/mm/ksm.rst",
      "Documentation/admin-guide/mm/transhuge.rst",
    ],
  },
  {
    id: "paravirtual-flush",
    when: "fix",
    title: text(
      "in guests: let the hypervisor flush for vCPUs that do not run",
      "虚拟机中：由虚拟机监控器代替未运行的 vCPU 完成刷新",
    ),
    steps: [
      {
        text: text(
          "enable the paravirtual TLB flush of the hypervisor (KVM: kvm-pv-tlb-flush, Hyper-V: hv-tlbflush)",
          "启用虚拟机监控器的半虚拟化 TLB 刷新（KVM：kvm-pv-tlb-flush，Hyper-V：hv-tlbflush）",
        ),
      },
    ],
    appliesIf: text(
      "an overcommitted guest; steal time is high",
      "宿主机 CPU 超分，虚拟机 steal 时间较高",
    ),
    risk: text("needs a restart of the guest", "需要重启虚拟机"),
    references: ["arch/x86/kernel/kvm.c: kvm_flush_tlb_multi()"],
    appliesTo: (facts) => facts.all("boot-state").some((state) => state.name === "hypervisor"),
  },
  shallowIdle,
  backtracesOfAllCpus,
  csdDebug,
  vmcore,
  treatTheTarget,
];
