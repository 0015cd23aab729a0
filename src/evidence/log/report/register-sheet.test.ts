import { expect, test } from "vitest";
import { fitBelow, rowsOf } from "./register-sheet.ts";

const ROWS: Readonly<Record<string, readonly string[]>> = {
  "arm64, three a row": [
    "pstate: 60400005 (nZCv daif +PAN -UAO)",
    "pc : follow_page_mask+0x4d4/0x880",
    "lr : follow_page_mask+0x4d4/0x880",
    "sp : ffff8000898b3aa0",
    "pmr_save: 000000e0",
    "x29: ffff8000898b3aa0 x28: fffffdffc53973e8 x27: 00003c0005d08000",
    "x26: ffff00014e5cfd08 x25: ffffd3513a40c000 x24: fffffdffc5d08000",
    "x23: ffffc1ffc0000000 x22: 0000000000080101 x21: ffff8000898b3ba8",
  ],
  "arm64, two a row": [
    "sp : ffff00014e5cfd08",
    "x29: ffff8000898b3aa0 x28: fffffdffc53973e8 ",
    "x27: 00003c0005d08000 x26: ffff00014e5cfd08 ",
    "x9 : ffffd3513852f090 x8 : 00000000ffffefff ",
  ],
  ppc64: [
    "NIP:  c0000000020646c0 LR: c0000000020646b4 CTR: 00000000007088ec",
    "REGS: c000000a03757960 TRAP: 0700   Not tainted  (6.15.0)",
    "MSR:  8000000002029033 <SF,VEC,EE,ME,IR,DR,RI,LE>  CR: 28000282  XER: 0000000f",
    "CFAR: c000000002064ec8 IRQMASK: 0 ",
    "GPR00: c0000000020646b4 c000000a03757c00 c000000001dc8100 0000000000000001 ",
    "GPR04: 0000000000000961 c0000009e94dd5c0 c000000a0d348000 0000000000000960 ",
  ],
  "ppc, eight a row": [
    "GPR00: 00000000 c1717dc0 c1551c40 00000000 00000000 00000000 00000000 00000000",
    "GPR08: 00000000 00000000 00000000 00000000 00000000 00000000 00dd6f30 021f6e90",
  ],
  i386: [
    "EAX: e10ef000 EBX: 00001000 ECX: c01674d2 EDX: c01674d2",
    "ESI: 00000000 EDI: f69e9100 EBP: d1631e40 ESP: d1631e38",
    "DS: 007b ES: 007b FS: 00d8 GS: 00e0 SS: 0068",
    "CR0: 8005003b CR2: 0000030c CR3: 3f809000 CR4: 000006d0",
  ],
  x86_64: [
    "RSP: 0018:ffff88009a579d08  EFLAGS: 00010286",
    "RAX: ffff8800b9477000 RBX: 0000000000000000 RCX: ffffffff8107f229",
    "RDX: 0000000000000000 RSI: 00000000000000d0 RDI: 0000000000000246",
  ],
};

test.each(Object.entries(ROWS))("%s: each row stands right below the one before", (_, rows) => {
  rows.slice(1).forEach((row, at) => {
    const before = rowsOf(rows[at] ?? "");
    const isApart = row.startsWith("x9 ");
    expect(fitBelow(before, rowsOf(row)), row).toBe(isApart ? "possible" : "next");
    expect(fitBelow(rowsOf(row), before), row).toBe("no");
  });
});

test("below the last row that every machine prints the optional ones may be left out", () => {
  const rows = ["CR2: 0 CR3: 0 CR4: 0", "PKRU: 55555554"].map(rowsOf);
  expect(fitBelow(rows[0] ?? [], rows[1] ?? [])).toBe("next");
});

test("powerpc's NIP with its function stands below the registers, with its address above them", () => {
  const last = rowsOf("GPR28: 0000000000000000 c0000000020b1960 c000000a05490a00 c000000002064698");
  expect(fitBelow(last, rowsOf("NIP [c0000000020646c0] foo+0x28/0x50"))).toBe("next");
  expect(fitBelow(last, rowsOf("NIP:  c0000000020646c0 LR: c0000000020646b4"))).toBe("no");
});

test("other text is no row", () => {
  for (const text of ["CPU: 1 PID: 2 Comm: RAX", "usb 1-1: RAX: 0", "", "x29", "RSP"])
    expect(rowsOf(text), text).toEqual([]);
});
