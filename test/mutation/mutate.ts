// What happens to logs on their way: cut off, bits flipped, pieces lost, repeated or pasted elsewhere, two
// logs written into one line by line, lines torn by one another, wrapped, quoted.

import { CUTS, endedOtherwise, reframed, withUnicode } from "./mutate-lines.ts";
import type { Random } from "./random.ts";
import type { Window } from "./windows.ts";

/** One kind of damage: lines in, lines out. `pool` is where foreign lines come from. */
type Mutation = (lines: Window, random: Random, pool: readonly Window[]) => Window;

const MOST_STEPS = 3;

/** A damaged log, the same for the same seed of `random`. */
export function mutate(pool: readonly Window[], random: Random): Buffer {
  let lines = random.pick(pool);
  for (let step = random.below(MOST_STEPS); step >= 0; step -= 1) {
    lines = random.pick(MUTATIONS)(lines, random, pool);
  }
  const bytes = Buffer.from(lines.join("\n"), "latin1");
  return random.chance(0.4) ? damageBytes(bytes, random) : bytes;
}

const MUTATIONS: readonly Mutation[] = [
  (lines, random) => lines.slice(0, random.below(lines.length + 1)),
  (lines, random) => lines.slice(random.below(lines.length + 1)),
  (lines, random) => lines.toSpliced(random.below(lines.length + 1), 1 + random.below(6)),
  repeated,
  swapped,
  (lines) => lines.toReversed(),
  spliced,
  interleaved,
  interleaved,
  torn,
  wrapped,
  decorated,
  (lines, random) => lines.toSpliced(random.below(lines.length + 1), 0, "```"),
  reframed,
  reframed,
  endedOtherwise,
  withUnicode,
  ...CUTS,
];

function repeated(lines: Window, random: Random): Window {
  const from = random.below(lines.length + 1);
  const piece = lines.slice(from, from + 1 + random.below(lines.length));
  return [...lines.slice(0, from), ...piece, ...lines.slice(from)];
}

function swapped(lines: Window, random: Random): Window {
  if (lines.length === 0) return lines;
  const one = random.below(lines.length);
  const other = random.below(lines.length);
  return lines.with(one, lines[other] ?? "").with(other, lines[one] ?? "");
}

function spliced(lines: Window, random: Random, pool: readonly Window[]): Window {
  const other = random.pick(pool);
  const from = random.below(other.length + 1);
  return lines.toSpliced(
    random.below(lines.length + 1),
    random.below(4),
    ...other.slice(from, from + random.below(other.length + 1)),
  );
}

/** Two logs run into one, each in its own order, in runs of one or more lines. */
export function interleaved(lines: Window, random: Random, pool: readonly Window[]): Window {
  const other = random.pick(pool);
  const turn = random.pick([0.5, 0.5, 0.15]);
  const merged: string[] = [];
  let own = 0;
  let foreign = 0;
  let mine = true;
  while (own < lines.length || foreign < other.length) {
    if (random.chance(turn)) mine = !mine;
    if (own >= lines.length) mine = false;
    else if (foreign >= other.length) mine = true;
    merged.push((mine ? lines[own++] : other[foreign++]) ?? "");
  }
  return merged;
}

/** One writer's line stands in the middle of another's. */
function torn(lines: Window, random: Random, pool: readonly Window[]): Window {
  const other = random.pick(pool);
  return lines.flatMap((line) => {
    if (!random.chance(0.2)) return line;
    const at = random.below(line.length + 1);
    const foreign = other[random.below(other.length)] ?? "";
    return random.chance(0.5)
      ? [line.slice(0, at) + foreign, line.slice(at)]
      : [line.slice(0, at) + foreign + line.slice(at)];
  });
}

function wrapped(lines: Window, random: Random): Window {
  const width = 20 + random.below(80);
  const indent = random.pick(["", "", "  ", "      ", "> "]);
  return lines.flatMap((line) => {
    const rows = [line.slice(0, width)];
    for (let at = width; at < line.length; at += width) {
      rows.push(indent + line.slice(at, at + width));
    }
    return rows;
  });
}

const BEFORE = [
  "> ",
  "    ",
  "<4>",
  "Jun 28 20:15:54 host kernel: ",
  "Dec 31 23:59:59 host kernel: ",
  "Oops#1 Part",
  "4,1,1,-;",
  "__CURSOR=",
  "<pre>",
  "\t",
];

function decorated(lines: Window, random: Random): Window {
  const before = random.pick(BEFORE);
  const share = random.pick([1, 1, 0.3]);
  return lines.map((line) => (random.chance(share) ? before + line : line));
}

/** Bits flipped, a run overwritten, bytes that no log should hold put in. */
function damageBytes(bytes: Buffer, random: Random): Buffer {
  if (bytes.length === 0) return bytes;
  const kind = random.below(3);
  if (kind === 0) {
    for (let times = 1 + random.below(20); times > 0; times -= 1) {
      const at = random.below(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
    }
    return bytes;
  }
  const at = random.below(bytes.length);
  const end = Math.min(bytes.length, at + random.below(200));
  if (kind === 1) return bytes.fill(random.pick([0, 32, 255, 10]), at, end);
  const strange = random.pick([
    "\0\0\0",
    "\u001b[2J",
    "\r",
    "\u202e",
    "\n\n",
    "&lt;",
    "[".repeat(40),
  ]);
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(strange), bytes.subarray(at)]);
}
