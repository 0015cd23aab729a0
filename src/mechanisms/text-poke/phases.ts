// The phases of one batch and where this one stood (KERNEL.md section 7).

import { text } from "#base/text.ts";
import type { FactView } from "#model/fact.ts";
import { POKE_PHASES } from "#model/poke-phase.ts";
import type { Evidence } from "#model/verdict.ts";
import type { Phase } from "../mechanism.ts";
import { NETSTAMP_WORK } from "./names.ts";

export function pokePhases(): readonly Phase[] {
  const deferred: Phase = {
    id: "deferred",
    title: text("toggle deferred to a work item", "静态键的翻转推迟到工作项中执行"),
    state: (facts) => {
      const worker = facts
        .all("sample")
        .find((s) => s.work !== undefined && NETSTAMP_WORK.has(s.work));
      return worker?.workAt
        ? { state: "done", evidence: [worker.workAt] }
        : { state: "unknown", evidence: [] };
    },
  };
  const steps = POKE_PHASES.map(
    ({ id, title }, index): Phase => ({ id, title, state: (facts) => stepState(facts, index) }),
  );
  return [deferred, ...steps];
}

/** Without registers the step is unknown: the frames alone name the batch, not the step inside it. */
function stepState(facts: FactView, index: number): ReturnType<Phase["state"]> {
  const position = facts.all("poke-position")[0];
  if (!position) return { state: "unknown", evidence: [] };
  const evidence: readonly Evidence[] = position.evidence;
  const here = (position.step - 1) * 2 + (position.syncsCompleted === position.step ? 1 : 0);
  if (index < here) return { state: "done", evidence };
  return index === here ? { state: "here", evidence } : { state: "pending", evidence };
}
