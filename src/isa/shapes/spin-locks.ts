// The places where lock slow paths spin. Polled bits tell them apart: qspinlock's locked byte is 0-7 and
// pending is 8 (include/asm-generic/qspinlock_types.h), an MCS node has `locked` at offset 8 behind `next`
// (kernel/locking/mcs_spinlock.h), qrwlock's writer byte is 0-7, waiting writer 8 (asm-generic/qrwlock.h).

import type { LoopShape } from "#model/code-shape.ts";
import type { SpinsOnLockFact } from "#model/machine-fact.ts";

const QSPINLOCK = [
  "native_queued_spin_lock_slowpath",
  "queued_spin_lock_slowpath",
  "__pv_queued_spin_lock_slowpath",
  "__cna_queued_spin_lock_slowpath",
  "resilient_queued_spin_lock_slowpath",
];

const READ = ["queued_read_lock_slowpath", "queue_read_lock_slowpath"];
const WRITE = ["queued_write_lock_slowpath", "queue_write_lock_slowpath"];

export const SPIN_LOCKS: readonly LoopShape[] = [
  qspinlock("qspinlock-queue-head", "queue-head", {
    widths: [4],
    masks: [0xffffn],
    until: "zero",
  }),
  qspinlock("qspinlock-locked", "locked", { widths: [1, 4], masks: [0xffn], until: "zero" }),
  // virt_spin_lock(): test-and-set on the whole word under a hypervisor without paravirt spinlocks.
  qspinlock("qspinlock-test-and-set", "locked", {
    widths: [4],
    masks: [0xffffffffn],
    until: "zero",
    displacement: 0n,
  }),
  qspinlock("qspinlock-pending", "pending", {
    widths: [4],
    masks: [0xffffffffn],
    until: "not-equal",
    value: 0x100n,
  }),
  {
    id: "qspinlock-queue-node",
    functions: QSPINLOCK,
    poll: { widths: [4], masks: [0xffffffffn], until: "nonzero", displacement: 8n },
    gives: { kind: "lock", lock: "qspinlock", phase: "queue-node", polled: "node" },
  },
  {
    id: "qspinlock-successor",
    functions: QSPINLOCK,
    poll: { widths: [8], masks: [0xffffffffffffffffn], until: "nonzero", displacement: 0n },
    gives: { kind: "lock", lock: "qspinlock", phase: "successor", polled: "node" },
  },
  {
    id: "rwlock-read",
    functions: READ,
    poll: { widths: [1, 4], masks: [0xffn], until: "zero" },
    gives: { kind: "lock", lock: "rwlock-read", polled: "lock" },
  },
  {
    id: "rwlock-write",
    functions: WRITE,
    poll: { widths: [4], masks: [0xffffffffn], until: "equal", value: 0x100n },
    gives: { kind: "lock", lock: "rwlock-write", polled: "lock" },
  },
  {
    // arch/x86/include/asm/spinlock.h before 4.2: waits until the head equals the ticket drawn.
    id: "ticket-lock",
    functions: [
      "_raw_spin_lock",
      "_raw_spin_lock_irqsave",
      "_raw_spin_lock_irq",
      "_raw_spin_lock_bh",
    ],
    poll: {
      widths: [1, 2, 4],
      masks: [0xffn, 0xffffn, 0xffffffffn, 0xfen, 0xfffen],
      until: "equal",
    },
    gives: { kind: "lock", lock: "ticket", polled: "lock" },
  },
  {
    id: "osq-lock",
    functions: ["osq_lock"],
    poll: { widths: [4], masks: [0xffffffffn], until: "nonzero" },
    gives: { kind: "lock", lock: "osq", polled: "node" },
  },
];

function qspinlock(
  id: string,
  phase: NonNullable<SpinsOnLockFact["phase"]>,
  poll: LoopShape["poll"],
): LoopShape {
  return {
    id,
    functions: QSPINLOCK,
    poll,
    gives: { kind: "lock", lock: "qspinlock", phase, polled: "lock" },
  };
}
