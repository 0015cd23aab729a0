import { describe, expect, test } from "vitest";
import { familiesInOrder, inLogOrder, type OrderedLog } from "./log-order.ts";

describe("inLogOrder", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    [
      "numbers that follow one another",
      ["messages", "messages.1", "messages.2.gz", "messages.10.gz"],
      ["messages.10.gz", "messages.2.gz", "messages.1 numbered", "messages numbered"],
    ],
    ["no number that is missing", ["messages.3", "messages.1"], ["messages.3", "messages.1"]],
    ["no newest file behind .2", ["kern.log.2", "kern.log"], ["kern.log.2", "kern.log"]],
    ["the newest file behind .0", ["x.log.0", "x.log"], ["x.log.0", "x.log numbered"]],
    [
      "dates",
      ["messages", "messages-20251101", "messages-20251108.gz"],
      ["messages-20251101", "messages-20251108.gz dated", "messages dated"],
    ],
    [
      "no dates behind numbers",
      ["messages.1", "messages-20251101"],
      ["messages-20251101", "messages.1"],
    ],
    [
      "letters of split",
      ["console.log.ab", "console.log.ac", "console.log.aa"],
      ["console.log.aa", "console.log.ab pieces", "console.log.ac pieces"],
    ],
    [
      "no letters with a gap",
      ["c.log.aa", "c.log.ab", "c.log.ad"],
      ["c.log.aa", "c.log.ab pieces", "c.log.ad"],
    ],
    ["no letters without the first", ["syslog.sh", "syslog.si"], ["syslog.sh", "syslog.si"]],
    [
      "filled-up numbers forward",
      ["c.log.01", "c.log.00", "c.log.02"],
      ["c.log.00", "c.log.01 pieces", "c.log.02 pieces"],
    ],
    [
      "parts",
      ["con.part2.log", "con.part1.log", "con.part3.log"],
      ["con.part1.log", "con.part2.log pieces", "con.part3.log pieces"],
    ],
    ["no saved ring buffers", ["dmesg.1", "dmesg.0", "dmesg"], ["dmesg.1", "dmesg.0", "dmesg"]],
    ["no other folder's", ["a/messages.1", "b/messages"], ["a/messages.1", "b/messages"]],
    ["no copy of itself", ["m.1", "m.1.gz"], ["m.1", "m.1.gz"]],
  ])("links %s", (_, paths, expected) => {
    expect(inLogOrder(paths).map(shown)).toEqual(expected);
  });
});

describe("familiesInOrder", () => {
  test("puts files of one log in order and leaves the others where they were named", () => {
    const paths = ["z.log", "messages", "messages.1", "b.txt", "messages.2"];
    expect(familiesInOrder(paths).map(shown)).toEqual([
      "z.log",
      "messages.2",
      "messages.1 numbered",
      "messages numbered",
      "b.txt",
    ]);
  });
});

function shown({ path, continues }: OrderedLog): string {
  return continues === undefined ? path : `${path} ${continues}`;
}
