import { describe, expect, test } from "vitest";
import { mechanisms } from "#mechanisms/mechanisms.ts";
import { diagnose } from "./diagnose.ts";
import { event, traceOf } from "./events.fixture.ts";

describe("one part that throws", () => {
  test.each(["remedies", "missing", "hypotheses"] as const)(
    "in %s becomes a failure, the rest goes on",
    (part) => {
      const stuck = event({
        kind: "soft-lockup",
        cpu: 1,
        at: 50,
        stuckSeconds: 22,
        function: "loop",
        rip: {
          symbol: "loop",
          at: { range: { source: "s1", firstLine: 1, lastLine: 1 }, text: "RIP" },
        },
      });
      const broken = () => {
        throw new Error("broken on purpose");
      };
      const changed = mechanisms.map((mechanism) => ({
        ...mechanism,
        [part]: mechanism[part].map((rule, i) =>
          i === 0 ? { ...rule, appliesTo: broken, isMissing: broken } : rule,
        ),
      }));
      const whole = diagnose(traceOf(stuck));
      const result = diagnose(traceOf(stuck), { mechanisms: changed });
      expect(result.failures.map((failure) => failure.message)).toEqual(["broken on purpose"]);
      expect(result.incidents[0]?.mechanism).toEqual(whole.incidents[0]?.mechanism);
      expect(result.incidents[0]?.culprit).toEqual(whole.incidents[0]?.culprit);
    },
  );
});
