// duration: what the N of "stuck for Ns!" can mean. kernel/watchdog.c counts in units of 2^30 ns
// (get_timestamp() shifts by 30) and looks every 2*watchdog_thresh/5 seconds.

import { text } from "#base/text.ts";
import type { EventFactRule } from "./fact-rule.ts";
import { headline, quoted } from "./proof.ts";

const UNIT_SECONDS = 2 ** 30 / 1e9;
/** Check period with the default watchdog_thresh of 10 s. */
const PERIOD_SECONDS = 4;

export const duration: EventFactRule = {
  id: "duration",
  needs: [],
  compute: (event) => {
    if (event.kind !== "soft-lockup" || event.stuckSeconds === undefined) return [];
    const printed = event.stuckSeconds;
    return [
      {
        kind: "duration",
        event: event.id,
        events: [event.id],
        evidence: [
          printed === 22 || printed === 23
            ? quoted(
                event.headline,
                text(
                  "22 s or 23 s is what a report prints when the check came on time: six periods of 4 s in units of 2^30 ns; it does not tell how long the stall lasted before",
                  "22s 或 23s 是准点检查时的打印值：6 个 4 秒周期，以 2^30 纳秒为单位；它不能说明此前停顿了多久",
                ),
              )
            : headline(event),
        ],
        printed,
        minSeconds: printed * UNIT_SECONDS,
        maxSeconds: (printed + 1) * UNIT_SECONDS,
        onGrid: isOnGrid(printed),
        first: printed === 22 || printed === 23,
      },
    ];
  },
};

/** `printed` is floor(k periods) in units, or one more when the start stamp had a fraction. */
export function isOnGrid(printed: number): boolean {
  const periods = Math.round((printed * UNIT_SECONDS) / PERIOD_SECONDS);
  return [periods, periods + 1].some((k) => {
    const floor = Math.floor((k * PERIOD_SECONDS) / UNIT_SECONDS);
    return k >= 6 && (printed === floor || printed === floor + 1);
  });
}
