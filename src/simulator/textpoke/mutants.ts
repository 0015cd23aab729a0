// The protocol with one part taken out, and what must then be found. `breaks` was written down from the
// protocol's description before the explorer was first run on it; a test holds the explorer to it.

import { type Text, text } from "#base/text.ts";
import type { Configuration, FetchModel, MutantId, Variant } from "./configuration.ts";
import type { InvariantId } from "./effect.ts";

export interface Mutant {
  readonly id: MutantId;
  readonly what: Text;
  readonly why: Text;
  /** Exactly the invariants that can be broken; none: this part is not needed under that fetch model. */
  readonly breaks: Readonly<Record<FetchModel, readonly InvariantId[]>>;
  /** What the machine must have for the part to matter. */
  readonly needs?: Partial<Configuration> & { readonly minimumSites?: number };
}

export const MUTANTS: readonly Mutant[] = [
  {
    id: "no-sync-1",
    what: text("no synchronization after the INT3s", "写入 INT3 之后不同步"),
    why: text(
      "a CPU that fetched the old instruction before the INT3 still runs it, or pairs its first byte with the new tail",
      "INT3 之前已取到旧指令的 CPU 仍会执行它，或把旧首字节与新尾部拼在一起",
    ),
    breaks: { coherent: ["I1", "D"], stale: ["I1", "I2", "D"] },
  },
  {
    id: "no-sync-2",
    what: text("no synchronization after the tails", "写入尾部之后不同步"),
    why: text(
      "a CPU may pair the new first byte with the old tail; not where an instruction is fetched whole",
      "CPU 可能把新首字节与旧尾部拼在一起；若整条指令一次取得则不会",
    ),
    breaks: { coherent: [], stale: ["I2"] },
  },
  {
    id: "no-sync-3",
    what: text("no synchronization after the first bytes", "写入首字节之后不同步"),
    why: text(
      "a CPU that took the INT3 finds the vector already released: a fatal int3",
      "已触发 INT3 的 CPU 发现向量已被释放：致命的 int3",
    ),
    breaks: { coherent: ["I4"], stale: ["I4"] },
  },
  {
    id: "tail-before-int3",
    what: text("the tails are written before the INT3s", "先写尾部，后写 INT3"),
    why: text("old first byte, new tail, nothing in between", "旧首字节与新尾部直接相遇"),
    breaks: { coherent: ["I2"], stale: ["I2"] },
  },
  {
    id: "first-before-tail",
    what: text("the first bytes are written before the tails", "先写首字节，后写尾部"),
    why: text("new first byte, old tail, nothing in between", "新首字节与旧尾部直接相遇"),
    breaks: { coherent: ["I2", "D"], stale: ["I2", "D"] },
  },
  {
    id: "no-int3",
    what: text(
      "the instruction is overwritten in place, without an INT3",
      "不用 INT3，直接覆盖指令",
    ),
    why: text(
      "what text_poke_early does before other CPUs run, done on live code",
      "把 text_poke_early 在其他 CPU 启动之前的做法用在运行中的代码上",
    ),
    breaks: { coherent: ["I1", "I2", "D"], stale: ["I1", "I2", "D"] },
  },
  {
    id: "no-serialize",
    what: text("the targets acknowledge without serializing", "目标 CPU 应答但不串行化"),
    why: text(
      "the interrupt makes a CPU fetch again, but not newer bytes; softirqs run sites before its IRET",
      "中断使 CPU 重新取指，但未必取到新字节；软中断在 IRET 之前就会经过这些位置",
    ),
    breaks: { coherent: [], stale: ["I1", "I2", "I4", "D"] },
  },
  {
    id: "early-release",
    what: text(
      "the reference is dropped before the last synchronization",
      "在最后一次同步之前就放弃引用",
    ),
    why: text(
      "as no-sync-3: the handler no longer knows the INT3",
      "与 no-sync-3 相同：处理函数已不认识该 INT3",
    ),
    breaks: { coherent: ["I4"], stale: ["I4"] },
  },
  {
    id: "unsorted-vector",
    what: text("a lower address is added to the vector all the same", "地址更低也照样加入向量"),
    why: text("the handler bisects the vector and misses a member", "处理函数二分查找时漏掉成员"),
    breaks: { coherent: ["I5"], stale: ["I5"] },
    needs: { minimumSites: 2 },
  },
  {
    id: "no-text-mutex",
    what: text("two patchers without text_mutex", "两个打补丁者不持 text_mutex"),
    why: text(
      "the second one overwrites the vector while the first one's INT3s are live",
      "第一个的 INT3 还有效时，第二个就覆盖了向量",
    ),
    breaks: { coherent: ["I5"], stale: ["I5"] },
    needs: { twoPatchers: true, minimumSites: 2 },
  },
  {
    id: "ipi-before-queue",
    what: text("the interrupt is sent before the request is queued", "先发中断，后排队请求"),
    why: text(
      "a quick target finds its queue empty; nobody interrupts it again",
      "目标若反应快，会发现队列为空；之后再无中断",
    ),
    breaks: { coherent: ["T"], stale: ["T"] },
    needs: { fineIpis: true },
  },
  {
    id: "sync-with-irqs-off",
    what: text("both of two senders wait with interrupts off", "两个发送者都关中断等待"),
    why: text("each waits for the other's answer (I7)", "互相等待对方应答（I7）"),
    breaks: { coherent: ["T"], stale: ["T"] },
    needs: { otherSender: true, fineIpis: true },
  },
  {
    id: "int3-return-not-serializing",
    what: text(
      "the return from the INT3 handler does not serialize",
      "INT3 处理函数返回时不串行化",
    ),
    why: text(
      "a CPU that has been moved to the new instruction may fetch the old one once more",
      "已转到新指令的 CPU 可能再次取到旧指令",
    ),
    breaks: { coherent: [], stale: ["I1"] },
  },
  {
    id: "split-old-code",
    what: text("the old code is two short NOPs instead of one", "旧代码是两条短 NOP 而不是一条"),
    why: text(
      "a CPU interrupted between them returns into the middle of the new instruction",
      "在两条之间被中断的 CPU 会返回到新指令的中间",
    ),
    breaks: { coherent: ["I6"], stale: ["I6"] },
  },
  {
    id: "record-before-sync-1",
    what: text("the trace record comes before the first synchronization", "跟踪记录早于第一次同步"),
    why: text("the old instruction still runs after the record", "记录之后旧指令仍在执行"),
    breaks: { coherent: ["D"], stale: ["D"] },
  },
  {
    id: "record-after-step-3",
    what: text("the trace record comes after the first bytes", "跟踪记录晚于首字节"),
    why: text("the new instruction already runs before the record", "记录之前新指令已在执行"),
    breaks: { coherent: ["D"], stale: ["D"] },
  },
  {
    id: "no-record",
    what: text("no trace record is written", "不写跟踪记录"),
    why: text("the decoder walks the old instruction for ever", "解码器始终按旧指令推进"),
    breaks: { coherent: ["D"], stale: ["D"] },
  },
];

/**
 * What must break on a given kernel generation. Where kprobes runs a vanished INT3 again, an unclaimed one
 * is never fatal (I4); a vector of one needs no order (I5); where there is no record, a trace decoder cannot
 * follow whatever the rest does (D).
 */
export function expectedBreaks(
  mutant: Mutant | undefined,
  fetch: FetchModel,
  variant: Variant,
): InvariantId[] {
  const base = mutant?.breaks[fetch] ?? [];
  const ordered = variant.batched || mutant?.id !== "unsorted-vector";
  const kept = base.filter(
    (id) => (id !== "I4" || !variant.rerunsVanishedInt3) && (id !== "I5" || ordered),
  );
  return variant.records || kept.includes("D") ? kept : [...kept, "D"];
}

export function findMutant(id: string): Mutant | undefined {
  return MUTANTS.find((mutant) => mutant.id === id);
}
