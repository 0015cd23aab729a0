// Every regular expression of the sources on text made to hurt it: twice the text may take twice the
// time, not four times. The literals are read from the sources, so a new one is stressed by itself.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { isRole, type Role } from "#evidence/log/report/function-role.ts";

const SHORT = 25_000;
/** A run faster than this is not measurable and cannot be quadratic at these lengths. */
const NOISE_MS = 4;
/** Linear is 2, quadratic is 4. */
const RATIO = 3.2;
const FILLERS = [
  " ",
  "a",
  "0",
  ":",
  "-",
  "a:",
  "0 ",
  "a ",
  "a.",
  "[",
  "(",
  "/a",
  "<a",
  "0:",
  ", ",
  "f+0x1/0x2 ",
];

/** Never given anything of a log. */
const OURS: Readonly<Record<string, string>> = {
  "report/messages/en.ts": "digits of a count, sixteen at most",
};

const here = fileURLToPath(new URL("../src/", import.meta.url));

describe("patterns take linear time", () => {
  const patterns = sourceFiles().flatMap(regexLiterals);

  test("one that is quadratic is caught", () => {
    const looks = [1, 2, 3].map(() => measure((text) => /(\s+)x/.test(text), "", " "));
    expect(Math.max(...looks)).toBeGreaterThan(RATIO);
  });

  test("digits without a blank between them are no search", () => {
    const hurt = `${"a".repeat(400)}!`;
    const known = patterns.filter(([, { source }]) => source.includes("[0-9a-f]{8,128}"));
    expect(known.length).toBe(1);
    for (const [, pattern] of known)
      expect(fastest(() => pattern.test(hurt))).toBeLessThan(NOISE_MS);
  });

  test("the literals are seen", () => {
    expect(patterns.length).toBeGreaterThan(600);
  });

  test.each(patterns)("%s", (_, pattern) => {
    for (const start of startsFor(pattern)) {
      for (const filler of FILLERS) {
        const slow = slowdown((text) => pattern.test(text), start, filler);
        expect(slow, `${start.slice(0, 40)}… then ${JSON.stringify(filler)}`).toBeLessThan(RATIO);
      }
    }
  });

  test.each<Role>([
    "reporting",
    "entry",
    "instrumentation",
    "waiting",
    "idle",
    "sleeping",
    "sleeping-on",
    "library",
    "container",
    "allocation",
    "reference",
    "locking",
    "allocating",
    "page-cache",
    "deferral",
    "transfer",
    "tracked",
    "cipher",
    "unwinding",
    "waiter",
    "dispatch",
  ])("role %s", (role) => {
    for (const start of [
      "",
      "_",
      "rcu_",
      "kmem_cache_",
      "crc",
      "str",
      "do_raw_",
      "__mutex_",
      "arch_",
      "usb_kill_",
    ]) {
      for (const filler of ["_", "a", "_a", "crc", "0", "apic", "wait", "alloc"]) {
        const slow = slowdown((text) => isRole(text, role), start, filler);
        expect(slow, `${start} then ${filler}`).toBeLessThan(RATIO);
      }
    }
  });
});

/** How much longer twice the text takes. Looked at again where it is too much: others may have had the CPU. */
function slowdown(run: (text: string) => unknown, start: string, filler: string): number {
  let least = measure(run, start, filler);
  for (let again = 0; again < 3 && least >= RATIO; again++) {
    least = Math.min(least, measure(run, start, filler));
  }
  return least;
}

function measure(run: (text: string) => unknown, start: string, filler: string): number {
  const text = (length: number): string =>
    `${start}${filler.repeat(Math.ceil(length / filler.length))}\u0001`;
  const long = text(2 * SHORT);
  const first = fastest(() => run(long));
  if (first < NOISE_MS) return 1;
  const short = text(SHORT);
  return (
    first /
    Math.max(
      fastest(() => run(short)),
      NOISE_MS / 4,
    )
  );
}

function fastest(run: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
    if (best < NOISE_MS) return best;
  }
  return best;
}

/** Nothing, and the literal text the pattern begins with, so that the filler meets its inner parts. */
function startsFor(pattern: RegExp): string[] {
  const source = pattern.source.replace(/^\^/, "");
  const starts = [""];
  for (const branch of source.split("|").slice(0, 5)) {
    const plain = branch
      .replaceAll(/\(\?:[^()]*\)\?/g, "")
      .replaceAll(/\(\?(?:<\w+>|:)?/g, "")
      .replaceAll("\\d+", "7")
      .replaceAll(/\\([[\](){}./+*?$^|\\])/g, "$1");
    const literal = /^[\w :#,'"!@=<>[\](){}/.-]+/.exec(plain)?.[0] ?? "";
    if (literal !== "") starts.push(literal);
  }
  return starts;
}

function sourceFiles(): string[] {
  return readdirSync(here, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !/\.(?:test|fixture|d)\.ts$/.test(name) && !(name in OURS),
  );
}

function regexLiterals(name: string): [string, RegExp][] {
  const source = ts.createSourceFile(
    name,
    readFileSync(here + name, "utf8"),
    ts.ScriptTarget.ES2023,
  );
  const found: [string, RegExp][] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf("/");
      const flags = node.text.slice(end + 1).replace(/[gy]/g, "");
      found.push([`${name} ${node.text.slice(0, 80)}`, new RegExp(node.text.slice(1, end), flags)]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
