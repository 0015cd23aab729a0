// console-rate: when printk writes synchronously, the time between two stamps of one report is the time
// the first line took to leave the UART. Regress the intervals on line length (KERNEL.md 2.7).

import { text } from "#base/text.ts";
import type { ConsoleFact } from "#model/fact.ts";
import type { BodyLine, KernelEvent } from "#model/kernel-event.ts";
import type { EventFactRule } from "./fact-rule.ts";

const MIN_INTERVALS = 10;
/** Below this the stamps do not follow the length of the lines; the founding log has 0.9998. */
const MIN_R_SQUARED = 0.97;
/** Slower than any console in use, or faster than any UART: not a console's pace. */
const MIN_BYTES_PER_SECOND = 200;
const MAX_BYTES_PER_SECOND = 200_000;
/** 8N1: ten bits a byte. */
const BITS_PER_BYTE = 10;
const BAUD_RATES = [9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600, 1500000];

export const consoleRate: EventFactRule = {
  id: "console-rate",
  needs: [],
  compute: (event) => {
    if (event.kind === "nmi-backtrace") return []; // printed from a buffer later, not as it happens
    const points = intervals(event.body);
    const fit = points.length >= MIN_INTERVALS ? fitLine(points) : undefined;
    if (!fit || fit.rSquared < MIN_R_SQUARED || fit.slope <= 0 || fit.intercept < -1) return [];
    const bytesPerSecond = 1000 / fit.slope;
    if (bytesPerSecond < MIN_BYTES_PER_SECOND || bytesPerSecond > MAX_BYTES_PER_SECOND) return [];
    return [toFact(event, points, fit)];
  },
};

interface Interval {
  readonly length: number;
  readonly milliseconds: number;
}

interface Fit {
  readonly slope: number;
  readonly intercept: number;
  readonly rSquared: number;
  readonly maxResidual: number;
}

function intervals(body: readonly BodyLine[]): readonly Interval[] {
  const points: Interval[] = [];
  for (let i = 0; i + 1 < body.length; i++) {
    const [line, next] = [body[i], body[i + 1]];
    if (line?.monotonic === undefined || next?.monotonic === undefined) continue;
    if (line.caller !== next.caller) continue;
    points.push({
      length: line.text.length,
      milliseconds: Number(next.monotonic - line.monotonic) / 1e6,
    });
  }
  return points;
}

/** Least squares of milliseconds on length; undefined when all lines are equally long. */
export function fitLine(points: readonly Interval[]): Fit | undefined {
  const n = points.length;
  const meanX = points.reduce((sum, p) => sum + p.length, 0) / n;
  const meanY = points.reduce((sum, p) => sum + p.milliseconds, 0) / n;
  let [sxx, sxy, syy] = [0, 0, 0];
  for (const p of points) {
    sxx += (p.length - meanX) ** 2;
    sxy += (p.length - meanX) * (p.milliseconds - meanY);
    syy += (p.milliseconds - meanY) ** 2;
  }
  if (sxx === 0 || syy === 0) return undefined;
  const slope = sxy / sxx;
  const intercept = meanY - slope * meanX;
  const maxResidual = Math.max(
    ...points.map((p) => Math.abs(p.milliseconds - intercept - slope * p.length)),
  );
  return { slope, intercept, rSquared: sxy ** 2 / (sxx * syy), maxResidual };
}

function toFact(event: KernelEvent, points: readonly Interval[], fit: Fit): ConsoleFact {
  const bytesPerSecond = 1000 / fit.slope;
  const baud = BAUD_RATES.find((rate) => rate / BITS_PER_BYTE >= bytesPerSecond);
  const total = points.reduce((sum, p) => sum + p.milliseconds, 0);
  const rate = (bytesPerSecond / 1000).toFixed(2);
  return {
    kind: "console-rate",
    event: event.id,
    events: [event.id],
    evidence: [
      {
        range: event.range,
        how: text(
          `the stamps inside this report follow the length of its lines: ${fit.slope.toFixed(4)} ms per byte plus ${fit.intercept.toFixed(2)} ms per line, ${rate} kB/s, R2 ${fit.rSquared.toFixed(4)} over ${points.length} intervals`,
          `报告内部的时间戳随行长线性增长：每字节 ${fit.slope.toFixed(4)} 毫秒，每行另加 ${fit.intercept.toFixed(2)} 毫秒，即 ${rate} kB/s，${points.length} 个间隔的 R2 为 ${fit.rSquared.toFixed(4)}`,
        ),
      },
    ],
    bytesPerSecond,
    millisecondsPerByte: fit.slope,
    millisecondsPerLine: fit.intercept,
    rSquared: fit.rSquared,
    intervals: points.length,
    totalMilliseconds: total,
    maxResidualMilliseconds: fit.maxResidual,
    ...(baud ? { baud, lineRateShare: (bytesPerSecond * BITS_PER_BYTE) / baud } : {}),
  };
}
