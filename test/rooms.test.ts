// The room check must fail on a planted violation, and when it sees fewer files than are on disk.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const root = new URL("..", import.meta.url).pathname;
let work = "";

beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), "stallscope-rooms-"));
  for (const name of ["tsconfig.json", "package.json"]) cpSync(join(root, name), join(work, name));
  symlinkSync(join(root, "node_modules"), join(work, "node_modules"));
  for (const room of ["base", "model", "formats/elf", "formats/dwarf"])
    mkdirSync(join(work, "src", room), { recursive: true });
  plant("base/text.ts", "export const one = 1;\n");
});
afterEach(() => rmSync(work, { recursive: true, force: true }));

describe("the room check", () => {
  test("passes a small tree that keeps the rules", () => {
    plant("model/a.ts", 'import { one } from "#base/text.ts";\nexport const two = one;\n');
    expect(check()).toMatchObject({ status: 0 });
  });

  test.each([
    [
      "a room that imports what it may not",
      "base/b.ts",
      'import { two } from "#model/a.ts";\nexport const x = two;\n',
      /room-base/,
    ],
    [
      "siblings that know one another",
      "formats/elf/b.ts",
      'import { two } from "../dwarf/a.ts";\nexport const x = two;\n',
      /siblings-formats/,
    ],
    [
      "a portable room that uses the platform",
      "model/b.ts",
      'import { readFileSync } from "node:fs";\nexport const x = readFileSync;\n',
      /portable/,
    ],
    [
      "a package outside its one room",
      "model/b.ts",
      'import { decompress } from "fzstd";\nexport const x = decompress;\n',
      /package-fzstd/,
    ],
    ["a cycle", "base/b.ts", 'import { c } from "./c.ts";\nexport const b = c;\n', /no-cycles/],
    ["a file in no room", "attic/b.ts", "export const x = 1;\n", /no room/],
  ])("fails on %s", (_, path, content, message) => {
    plant("model/a.ts", "export const two = 2;\n");
    plant("formats/dwarf/a.ts", "export const two = 2;\n");
    plant(
      "base/c.ts",
      path === "base/b.ts" && content.includes("c.ts")
        ? 'import { b } from "./b.ts";\nexport const c = b;\n'
        : "export const c = 1;\n",
    );
    plant(path, content);
    const run = check();
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(message);
  });

  test("fails when it saw fewer files than are on disk", () => {
    plant("base/broken.d.mts.ts", "export const x = 1;\n");
    mkdirSync(join(work, "src", "base", "node_modules"), { recursive: true });
    plant("base/node_modules/hidden.ts", "export const y = 1;\n");
    const run = check();
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/saw \d+ of \d+ files/);
  });
});

function plant(path: string, content: string): void {
  const file = join(work, "src", path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, content);
}

function check(): { status: number | null; stderr: string } {
  const run = spawnSync(process.execPath, [join(root, "scripts/check-rooms.mjs"), "--root", work], {
    encoding: "utf8",
  });
  return { status: run.status, stderr: run.stderr };
}
