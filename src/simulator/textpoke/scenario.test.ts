import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { run } from "./run.ts";
import { parseScenario, scenarioConfiguration } from "./scenario.ts";

const FOLDER = "examples/scenarios";

describe("a scenario file", () => {
  test("says which machine, which sites, and who holds up whom", () => {
    const read = parseScenario(`
      cpus 3     # a comment
      kernel per-site
      site a ffffffff81000100 nop5 jump ffffffff81000200
      hold 2 sync 1 for 10
      socket 1 open`);
    expect(read).toMatchObject({
      ok: true,
      value: {
        cpus: 3,
        kernel: { commit: "fd4363fff3d9" },
        sites: [{ name: "a", address: 0xffffffff81000100n }],
        holds: [{ cpu: 2, sync: 1, steps: 10 }],
      },
    });
  });

  test.each([
    ["cpus 1", "cpus must be 2 to 4096"],
    ["constructor 1", "constructor is no word of a scenario"],
    ["socket 7 open", "there is no such CPU: cpus is 4"],
    ["site a 10 nop2 jump 1000", "a: the target is too far"],
    ["site a 10 nop5 jz 1000", "a: old and new differ in length"],
    [
      "kernel recorded\nsite a 10 jz 40 jz 80",
      "a: conditional jumps are patched since 6.3, not by kernel recorded",
    ],
    ["mutant no-such", "no mutant is called no-such"],
  ])("%s is refused: %s", (line, message) => {
    expect(parseScenario(line)).toMatchObject({ ok: false, error: { message } });
  });

  test("any text is either a scenario or an error with its line", () => {
    const word = fc.constantFrom(
      "cpus",
      "site",
      "hold",
      "socket",
      "fetch",
      "kernel",
      "x",
      "2",
      "a1",
    );
    const lines = fc.array(fc.array(word, { maxLength: 7 }).map((words) => words.join(" ")));
    fc.assert(
      fc.property(lines, (source) => {
        const read = parseScenario(source.join("\n"));
        return read.ok || (read.error.line >= 1 && read.error.line <= source.length + 1);
      }),
    );
  });

  test.each(readdirSync(FOLDER))("%s runs to its end whatever the seed", (name) => {
    const read = parseScenario(readFileSync(`${FOLDER}/${name}`, "utf8"));
    if (!read.ok) throw new Error(`${name}:${read.error.line}: ${read.error.message}`);
    for (let seed = 1; seed <= 20; seed++) {
      const { holds, mutant } = read.value;
      const done = run(scenarioConfiguration(read.value), { seed, holds });
      expect(done.finished || mutant !== undefined).toBe(true);
    }
  });
});
