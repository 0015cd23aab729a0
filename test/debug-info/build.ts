// Builds the inputs of the debug information tests: small programs and a relocatable file with the
// compiler, the compression and the sharing that real kernels come with.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Debian package of each tool, for the line that says why a test was skipped. */
const PACKAGES: Readonly<Record<string, string>> = {
  gcc: "gcc",
  "eu-addr2line": "elfutils",
  "llvm-symbolizer": "llvm",
  addr2line: "binutils",
  objcopy: "binutils",
  dwz: "dwz",
  gdb: "gdb",
};

/** Whether all tools are there; prints one line naming the package when one is not. */
export function haveTools(...tools: readonly string[]): boolean {
  const missing = tools.find((tool) => spawnSync(tool, ["--version"]).error !== undefined);
  if (missing === undefined) return true;
  console.log(
    `skipped: ${missing} is not installed (Debian package ${PACKAGES[missing] ?? missing})`,
  );
  return false;
}

export interface Workshop {
  readonly directory: string;
  /** Compiles the sample sources; returns the path of the result. */
  compile(name: string, flags: readonly string[]): string;
  run(tool: string, args: readonly string[]): string;
  remove(): void;
}

export function openWorkshop(): Workshop {
  const directory = mkdtempSync(join(tmpdir(), "stallscope-debug-info-"));
  for (const [name, text] of Object.entries(SOURCES)) writeFileSync(join(directory, name), text);
  const run = (tool: string, args: readonly string[]): string =>
    execFileSync(tool, args, { cwd: directory, encoding: "utf8", maxBuffer: 1 << 28 });
  return {
    directory,
    run,
    compile: (name, flags) => {
      run("gcc", [
        "-O2",
        "-fno-pie",
        "-no-pie",
        ...KERNEL,
        ...flags,
        "main.c",
        "other.c",
        "-o",
        name,
      ]);
      return join(directory, name);
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** As kernels are compiled: call frame information goes to .debug_frame. */
const KERNEL: readonly string[] = ["-fno-asynchronous-unwind-tables"];

const SHARED = `
struct list { struct list *next, *prev; };
enum phase { IDLE, ARMED = 3, TAIL };
struct loc { int rel; int disp : 12; unsigned len : 4; enum phase phase; unsigned char text[5]; };
static inline __attribute__((always_inline)) int step(int value, int by)
{
  for (int i = 0; i < by; i++)
    value = value * 3 + i;
  return value;
}
static inline __attribute__((always_inline)) int twice(int value, struct loc *loc)
{
  int half = step(value, loc->len);
  return step(half, 2) + loc->rel;
}
int other(struct loc *loc, long count);
`;

const SOURCES: Readonly<Record<string, string>> = {
  "shared.h": SHARED,
  "main.c": `#include "shared.h"
volatile int sink;
static __attribute__((noinline)) int work(struct loc *loc, int depth)
{
  int total = twice(depth, loc);
  if (__builtin_expect(total > 1000000, 0)) {
    sink = other(loc, total);
    __builtin_abort();
  }
  for (long cpu = 0; cpu < depth; cpu++) {
    total += other(loc, cpu);
    sink = step(total, depth);
  }
  return total;
}
int main(int argc, char **argv)
{
  struct loc loc = { .rel = argc, .disp = -5, .len = 5, .phase = TAIL };
  return work(&loc, argc) + twice(argc, &loc);
}
`,
  "other.c": `#include "shared.h"
static struct list head = { &head, &head };
int other(struct loc *loc, long count)
{
  int seen = 0;
  for (struct list *at = head.next; at != &head; at = at->next)
    seen += step(seen, 3);
  switch (loc->phase) {
  case ARMED: return twice(seen, loc) + count;
  case TAIL: return step(seen, count);
  default: return seen;
  }
}
`,
};
