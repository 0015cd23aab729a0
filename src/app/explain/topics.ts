// Everything `explain` knows, in the order of `--list`. Mechanisms and taint letters are told from their own
// data, not copied.

import { text } from "#base/text.ts";
import type { Topic } from "#contract/explanation.ts";
import type { WaitKind } from "#contract/report.ts";
import type { Mechanism } from "#mechanisms/mechanism.ts";
import { mechanisms } from "#mechanisms/mechanisms.ts";
import { POKE_PHASES } from "#model/poke-phase.ts";
import { TAINT_LETTERS, taintMeaning } from "../taint-meaning.ts";
import { FAULT_REPORTS } from "./fault-reports.ts";
import { FIELDS, VERDICTS } from "./fields.ts";
import { KERNEL_MESSAGES } from "./kernel-messages.ts";
import { STALL_REPORTS } from "./stall-reports.ts";
import { SYMBOLS } from "./symbols.ts";

export function allTopics(): readonly Topic[] {
  return [
    ...mechanisms.map(mechanismTopic),
    ...STALL_REPORTS,
    ...FAULT_REPORTS,
    ...KERNEL_MESSAGES,
    ...FIELDS,
    ...TAINT_LETTERS.map(taintTopic),
    ...VERDICTS,
    ...SYMBOLS,
  ];
}

/** Words for mechanisms that neither their id nor their title has; kinds of waits by the mechanism of each. */
const MECHANISM_ALIASES: Readonly<Record<string, readonly string[]>> = {
  "text-poke": ["text_poke", "code patching", "代码修补"],
  "ipi-wait": ["ipi-ack" satisfies WaitKind],
  "rcu-grace-period": ["rcu-gp" satisfies WaitKind, "synchronize_rcu", "宽限期"],
  "work-item": ["work" satisfies WaitKind],
  "io-wait": ["io" satisfies WaitKind],
  mutex: ["semaphore" satisfies WaitKind],
  "tlb-shootdown": ["flush_tlb", "TLB"],
};

/** The simulator's steps, and the names of this mechanism in call traces. */
const PATCHING: Pick<Topic, "phases" | "related"> = {
  phases: POKE_PHASES.map(({ title }) => title),
  related: ["ipi-wait", "text_poke_bp_batch", "netstamp_clear", "static-key", "int3-handler"],
};

function mechanismTopic(mechanism: Mechanism): Topic {
  const { id, title, description, waitsFor, references, confirm } = mechanism;
  const first = confirm[0];
  return {
    id,
    kind: "mechanism",
    title,
    aliases: MECHANISM_ALIASES[id] ?? [],
    what: text(
      `${description.en} Waits for: ${waitsFor.en}.`,
      `${description.zh}等待的对象：${waitsFor.zh}。`,
    ),
    ...(first ? { next: first } : {}),
    references,
    ...(id === "text-poke" ? PATCHING : { related: mechanism.refines }),
  };
}

function taintTopic(flag: string): Topic {
  const meaning = taintMeaning(flag);
  return {
    id: `taint-${flag}`,
    kind: "taint",
    title: text(`taint ${flag}`, `污染标记 ${flag}`),
    aliases: [flag, `taint ${flag}`],
    what: meaning,
    printedBy: ["kernel/panic.c: print_tainted()"],
    provesNot: text(
      "When it happened in this boot, or that it has to do with the report.",
      "不能说明在本次启动中何时发生，也不能说明与该报告有关。",
    ),
    references: ["Documentation/admin-guide/tainted-kernels.rst"],
    related: ["taint"],
  };
}
