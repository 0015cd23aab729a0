// A pattern on the text made to hurt it. Twenty-four repetitions and four hundred characters take no time,
// or the pattern is as good as exponential; four times the text takes four times as long, or it is quadratic.

import { createContext, Script } from "node:vm";
import { type Attack, attacksOn } from "./attacks.ts";

/** Not the characters of any pattern; the second is what `.` does not match. */
const ENDS = ["\u0001", "\n"];
/** Repetitions and characters, whichever is longer text. */
const SHORT = { repetitions: 400, characters: 2500 };
const TIMES_LONGER = 4;
/** Linear is 4, quadratic is 16. */
const MOST_RATIO = 8;
/** A quadratic pattern takes longer over the long text; so much may pass unmeasured. */
const NOISE_MS = 1.5;
/** Characters, or repetitions where that is longer, that no pattern may take long over. */
const FEW = [24, 48, 72, 100, 200, 400];
const FEW_REPETITIONS = 24;
const MOST_MS = 15;
/** Too slow is what was too slow each time: the first time the pattern is compiled. */
const LOOKS = 3;
/** A pattern that is still running then never ends. */
const TIMEOUT_MS = 60_000;

/** What makes the pattern slow, if anything does. */
export function findSlowness(
  source: string,
  flags: string,
  timeout: number = TIMEOUT_MS,
): string | undefined {
  const run = runner(source, flags);
  let at = "";
  const search = (): string | undefined => {
    for (const attack of attacksOn(source, flags)) {
      for (const end of ENDS) {
        at = describe(attack, end);
        const found = slownessOn(run, attack, end);
        if (found !== undefined) return `${found} on ${at}`;
      }
    }
    return undefined;
  };
  try {
    // Nothing but V8's own watchdog ends an exponential pattern.
    return new Script("search()").runInContext(createContext({ search }), { timeout });
  } catch (error) {
    if (!String(error).includes("timed out")) throw error;
    return `no end on ${at}`;
  }
}

function slownessOn(
  run: (text: string) => void,
  { start, filler }: Attack,
  end: string,
): string | undefined {
  const text = (repetitions: number): string => start + filler.repeat(repetitions) + end;
  for (const characters of FEW) {
    const few = text(Math.max(FEW_REPETITIONS, Math.ceil(characters / filler.length)));
    if (everyLook(() => milliseconds(run, few) > MOST_MS)) return "exponential";
  }
  const short = Math.max(SHORT.repetitions, Math.ceil(SHORT.characters / filler.length));
  const long = text(short * TIMES_LONGER);
  const isQuadratic = everyLook(() => {
    const took = milliseconds(run, long);
    return took > NOISE_MS && took / milliseconds(run, text(short)) > MOST_RATIO;
  });
  // Once more over longer text, where a few milliseconds of somebody else's are nothing.
  const isSure =
    isQuadratic && least(run, text(short * TIMES_LONGER ** 2)) > MOST_RATIO * least(run, long);
  return isSure ? "quadratic" : undefined;
}

function least(run: (text: string) => void, text: string): number {
  return Math.min(...Array.from({ length: LOOKS }, () => milliseconds(run, text)));
}

function everyLook(isSlow: () => boolean): boolean {
  for (let look = 0; look < LOOKS; look++) if (!isSlow()) return false;
  return true;
}

/** Of CPU time: on a busy machine the clock runs for others. */
function milliseconds(run: (text: string) => void, text: string): number {
  const before = process.cpuUsage();
  run(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** A global pattern is asked until nothing is left, as `replace` and `matchAll` do. */
function runner(source: string, flags: string): (text: string) => void {
  const pattern = new RegExp(source, flags);
  if (pattern.global) return (text) => text.replace(pattern, "");
  return (text) => {
    pattern.lastIndex = 0;
    pattern.test(text);
  };
}

function describe({ start, filler }: Attack, end: string): string {
  return `${JSON.stringify(start)}, then ${JSON.stringify(filler)} again and again, then ${JSON.stringify(end)}`;
}
