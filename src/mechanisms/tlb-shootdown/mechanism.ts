// A page-table change must be flushed from other CPUs' TLBs and one does not answer. arch/x86/mm/tlb.c,
// mm/vmalloc.c; KERNEL.md section 6, M-04 and M-05.

import { text } from "#base/text.ts";
import { whyNotAnswering } from "../awaited-cpu.ts";
import { backtraceOfAwaited, everyReport, vmcoreOfTheStall } from "../collecting.ts";
import { evidenceOf } from "../find.ts";
import { IPI_STAND, TLB_FLUSH } from "../frame-names.ts";
import type { Mechanism } from "../mechanism.ts";
import { isIn, NEAR_RIP, stalled } from "../stalled.ts";
import { tlbRemedies } from "./remedies.ts";

/** Flush functions stand right above the broadcast, which stands near RIP. */
const NEAR = 6;

export const tlbShootdown: Mechanism = {
  id: "tlb-shootdown",
  title: text("TLB shootdown", "跨 CPU 刷新 TLB（TLB shootdown）"),
  description: text(
    "Memory was unmapped or changed its protection. Before the page can be used again, every CPU that may still hold the old translation must drop it; x86 asks them by IPI and waits. User mappings ask the CPUs that run the process, kernel mappings (vmalloc, BPF images, set_memory) ask all CPUs.",
    "内存被解除映射或改变了保护属性。在页面重新使用之前，所有可能仍缓存旧映射的 CPU 都必须丢弃它；x86 通过处理器间中断通知并等待。用户映射只通知运行该进程的 CPU，内核映射（vmalloc、BPF 程序、set_memory）则通知所有 CPU。",
  ),
  waitsFor: text(
    "the acknowledgement of every CPU that may hold the stale translation",
    "所有可能缓存旧映射的 CPU 的应答",
  ),
  signs: [
    {
      id: "flush-waits-for-ipi",
      what: text(
        "a CPU polls for the acknowledgement of a flush, or the kernel's csd line names a flush function",
        "某 CPU 正在轮询刷新操作的应答，或内核的 csd 日志指明了刷新函数",
      ),
      carries: "proven",
      find: (facts) =>
        evidenceOf(
          facts
            .all("csd-wait")
            .filter((w) => w.certain && w.purpose !== undefined && TLB_FLUSH.has(w.purpose)),
        ),
    },
    {
      id: "flush-frames",
      what: text(
        "a CPU that gets nowhere was sampled in a broadcast called by a TLB flush",
        "没有进展的 CPU 采样时位于由 TLB 刷新发起的广播中",
      ),
      carries: "likely",
      find: (facts) =>
        evidenceOf(
          facts.all("csd-wait").filter((w) => w.purpose !== undefined && TLB_FLUSH.has(w.purpose)),
        ) ?? stalled((s) => isIn(s, IPI_STAND, NEAR_RIP) && isIn(s, TLB_FLUSH, NEAR))(facts),
    },
  ],
  refusedBy: [],
  refines: ["ipi-wait"],
  outranks: ["work-item", "rcu-grace-period", "long-loop"],
  sampleIsVictim: true,
  phases: [
    {
      id: "acknowledge",
      title: text("waiting for the flush to be acknowledged", "等待刷新得到应答"),
      state: (facts) => {
        const evidence = evidenceOf(facts.all("csd-wait").filter((w) => w.certain));
        return evidence ? { state: "here", evidence } : { state: "unknown", evidence: [] };
      },
    },
    {
      id: "free",
      title: text("pages freed for reuse", "释放页面以供重用"),
      state: () => ({ state: "pending", evidence: [] }),
    },
  ],
  hypotheses: whyNotAnswering,
  remedies: tlbRemedies,
  missing: [backtraceOfAwaited, everyReport, vmcoreOfTheStall],
  confirm: [
    {
      text: text("TLB flushes by reason while the load runs", "负载运行时按原因统计 TLB 刷新"),
      command:
        "perf record -a -e tlb:tlb_flush -- sleep 10; perf script | awk '{print $NF}' | sort | uniq -c",
    },
    {
      text: text(
        "in a vmcore: which CPU has not consumed its request",
        "在 vmcore 中查看哪个 CPU 尚未取走请求",
      ),
      command: "crash> p call_single_queue:a ; bt -a",
    },
  ],
  references: [
    "arch/x86/mm/tlb.c: flush_tlb_mm_range(), native_flush_tlb_multi()",
    "mm/vmalloc.c: __purge_vmap_area_lazy()",
    "Documentation/arch/x86/tlb.rst",
  ],
};
