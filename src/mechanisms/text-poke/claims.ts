// What tickets tend to say about this stall, and what the kernel's own code says to it (KERNEL.md 2.10).

import { text } from "#base/text.ts";
import type { ClaimRule } from "../mechanism.ts";

export const textPokeClaims: readonly ClaimRule[] = [
  {
    id: "stuck-waiting",
    says: [
      ["卡住", "stuck", "hang", "blocked"],
      ["等待", "wait"],
      ["锁", "lock", "响应", "response", "acknowledg"],
    ],
    hypothesis: "still-waiting",
    reason: text(
      "where the CPU was sampled decides it: a CPU that waits stands in the wait loop",
      "取决于采样位置：正在等待的 CPU 应位于等待循环中",
    ),
  },
  {
    id: "ipi-cannot-be-interrupted",
    says: [
      ["ipi-sync", "ipi"],
      ["不可被中断", "不可打断", "cannot be interrupted", "uninterruptible"],
    ],
    verdict: "ruled out",
    reason: text(
      "the waiter spins with interrupts on (smp_call_function_many_cond); only the target's time with interrupts off matters",
      "等待方在开中断状态下自旋（smp_call_function_many_cond）；起作用的只是目标 CPU 的关中断时间",
    ),
  },
  {
    id: "priority-inversion",
    says: [["优先级反转", "priority inversion"]],
    verdict: "ruled out",
    reason: text(
      "the IPI handler do_sync_core() takes no lock; a lock matters only when the target spins for it with interrupts off",
      "处理器间中断的处理函数 do_sync_core() 不获取任何锁；只有目标 CPU 关中断自旋等锁时才有影响",
    ),
  },
  {
    id: "netstamp-clear-cleans-up",
    says: [["netstamp_clear"], ["清理", "重置", "clean", "reset", "禁用", "disable"]],
    verdict: "unlikely",
    reason: text(
      "netstamp_clear() applies the sum of the deferred enables and disables (net/core/dev.c); the frames show which of the two it was",
      "netstamp_clear() 的作用是把被推迟的启用/禁用之和一次性生效（net/core/dev.c）；调用栈可看出是启用还是禁用",
    ),
  },
  {
    id: "device-interrupt-delays-ipi",
    says: [
      ["dpu", "fpga", "网卡", "device", "nic"],
      ["中断", "interrupt"],
      ["延迟", "delay", "latency"],
    ],
    verdict: "possible",
    reason: text(
      "a slow device interrupt does not delay an IPI between local APICs; the device matters only if it keeps a CPU with interrupts off (stalled register read, IOMMU wait, long handler) or storms it. Not shown by this log",
      "设备中断处理慢并不会推迟本地 APIC 之间的处理器间中断；只有当设备使某个 CPU 长时间关中断（寄存器读停滞、IOMMU 等待、过长的处理程序）或形成中断风暴时才有关系。本日志未能证明",
    ),
  },
];
