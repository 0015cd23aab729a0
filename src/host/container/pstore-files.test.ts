import { describe, expect, test } from "vitest";
import {
  findPartHead,
  foldersWithParts,
  inDumpOrder,
  isPutTogether,
  parsePstoreName,
  whyNoLog,
} from "./pstore-files.ts";

describe("inDumpOrder", () => {
  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    [
      "the parts of one dump, newest text last",
      {
        "dmesg-efi_pstore-176120000001001": "Panic#1 Part1",
        "dmesg-efi_pstore-176120000002001": "Panic#1 Part2",
        "dmesg-efi_pstore-176120000003001": "Panic#1 Part3",
      },
      [
        "dmesg-efi_pstore-176120000003001",
        "dmesg-efi_pstore-176120000002001 parts",
        "dmesg-efi_pstore-176120000001001 parts",
      ],
    ],
    [
      "a dump whose seconds step while it is written, in two folders",
      {
        "1761200000/001/dmesg-efi-176120000001001": "Oops#1 Part1",
        "1761200001/001/dmesg-efi-176120000102001": "Oops#1 Part2",
      },
      [
        "1761200001/001/dmesg-efi-176120000102001",
        "1761200000/001/dmesg-efi-176120000001001 parts",
      ],
    ],
    [
      "two dumps of one second",
      {
        "dmesg-efi-176120000001001": "Oops#1 Part1",
        "dmesg-efi-176120000001002": "Panic#2 Part1",
        "dmesg-efi-176120000002001": "Oops#1 Part2",
        "dmesg-efi-176120000002002": "Panic#2 Part2",
      },
      [
        "dmesg-efi-176120000002001",
        "dmesg-efi-176120000001001 parts",
        "dmesg-efi-176120000002002",
        "dmesg-efi-176120000001002 parts",
      ],
    ],
    [
      "the same dump of two boots as two",
      {
        "dmesg-efi-176120000001001": "Oops#1 Part1",
        "dmesg-efi-176190000002001": "Oops#1 Part2",
        "dmesg-erst-7564306022223937538": "Oops#1 Part1",
        "dmesg-erst-7564306022223937539": "Oops#1 Part2",
        "dmesg-erst-7564309999999999999": "Oops#1 Part3",
      },
      [
        "dmesg-efi-176120000001001",
        "dmesg-efi-176190000002001",
        "dmesg-erst-7564306022223937539",
        "dmesg-erst-7564306022223937538 parts",
        "dmesg-erst-7564309999999999999",
      ],
    ],
    [
      "records of ramoops, each a dump of its own",
      { "dmesg-ramoops-0": "Oops#1 Part1", "dmesg-ramoops-1": "Panic#2 Part1" },
      ["dmesg-ramoops-0", "dmesg-ramoops-1"],
    ],
    [
      "files that name no part",
      { "dmesg-erst-1": "text", "dmesg-erst-2": "text" },
      ["dmesg-erst-1", "dmesg-erst-2"],
    ],
  ])("gives %s", (_, files, expected) => {
    const ordered = inDumpOrder(Object.keys(files).reverse(), (path) =>
      findPartHead(`${files[path]}\n<4>[    1.000000] text\n`),
    );
    expect(
      ordered.map(({ path, continues }) => (continues ? `${path} ${continues}` : path)),
    ).toEqual(expected);
  });
});

describe("parsePstoreName", () => {
  test.each([
    ["dmesg-efi_pstore-176120000001001", undefined],
    ["console-ramoops-0", undefined],
    ["dmesg-ramoops-0.enc.z", "packed"],
    ["pmsg-ramoops-0", "pmsg"],
    ["ftrace-ramoops-0", "ftrace"],
    ["mce-erst-5", "firmware"],
  ])("knows whether %s holds a log", (path, why) => {
    const name = parsePstoreName(`/sys/fs/pstore/${path}`);
    const said = name && whyNoLog(name);
    expect(name).toBeDefined();
    if (why === undefined) expect(said).toBeUndefined();
    else expect(said).toContain(why);
  });

  test("takes other names for none", () => {
    expect(["dmesg-2025", "dmesg", "console.log.0"].map(parsePstoreName)).toEqual(
      Array(3).fill(undefined),
    );
  });
});

test("dmesg.txt is left only where its parts lie beside it", () => {
  const paths = ["1/dmesg.txt", "1/dmesg-efi-176120000001001", "2/dmesg.txt"];
  expect(paths.map((path) => isPutTogether(path, foldersWithParts(paths)))).toEqual([
    true,
    false,
    false,
  ]);
});
