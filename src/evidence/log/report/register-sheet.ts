// The registers of a dump in the order each architecture prints them. A row of them can stand only below the
// rows before it: that tells whose it is where two dumps run into one another.

/** A row of registers: places of its first and last name in its architecture's order. */
export interface RegisterRow {
  readonly sheet: Sheet;
  readonly first: number;
  readonly last: number;
}

interface Sheet {
  readonly names: readonly string[];
  /** Not every machine prints these. */
  readonly optional: ReadonlySet<string>;
}

function sheetOf(names: string, optional = ""): Sheet {
  return { names: names.split(" "), optional: new Set(optional.split(" ")) };
}

/** `x29 … x0`: numbered names from `from` to `to`, `width` digits at least. */
function run(prefix: string, from: number, to: number, width = 1): string {
  const step = to < from ? -1 : 1;
  const length = Math.abs(to - from) + 1;
  return Array.from(
    { length },
    (_, at) => prefix + String(from + at * step).padStart(width, "0"),
  ).join(" ");
}

const SHEETS: readonly Sheet[] = [
  // arch/x86/kernel/process_64.c: __show_regs
  sheetOf(
    "RSP RAX RBX RCX RDX RSI RDI RBP R08 R09 R10 R11 R12 R13 R14 R15 FS GS knlGS CS DS ES CR0 CR2 CR3 CR4 DR0 DR1 DR2 DR3 DR6 DR7 PKRU",
    "DR0 DR1 DR2 DR3 DR6 DR7 PKRU",
  ),
  // arch/x86/kernel/process_32.c: __show_regs
  sheetOf(
    "EAX EBX ECX EDX ESI EDI EBP ESP DS ES FS GS SS CR0 CR2 CR3 CR4 DR0 DR1 DR2 DR3 DR6 DR7",
    "CR0 CR2 CR3 CR4 DR0 DR1 DR2 DR3 DR6 DR7",
  ),
  // arch/arm64/kernel/process.c: __show_regs; two a row up to 5.12, three since
  sheetOf(`pstate pc lr sp pmr_save ${run("x", 29, 0)}`, "pmr_save"),
  // arch/powerpc/kernel/process.c: __show_regs; SOFTE up to 4.19, IRQMASK since
  sheetOf(
    `NIP LR CTR REGS TRAP MSR CR XER CFAR DEAR ESR DAR DSISR SOFTE IRQMASK PACATMSCRATCH ${run("GPR", 0, 31, 2)} NIP[ LR[`,
    "CFAR DEAR ESR DAR DSISR SOFTE IRQMASK PACATMSCRATCH NIP[ LR[",
  ),
  // arch/riscv/kernel/process.c: __show_regs
  sheetOf(
    "epc ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6 ssp status badaddr cause",
    "ssp",
  ),
  // arch/arm/kernel/process.c: __show_regs
  sheetOf("pc lr psr sp ip fp r10 r9 r8 r7 r6 r5 r4 r3 r2 r1 r0 Flags Control"),
];

/** Named by function: a symboliser writes a line for each one inlined there. */
const SYMBOLISED: ReadonlySet<string> = new Set(["pc", "lr", "NIP[", "LR["]);

const NAME = /(?:^|[\s,])([A-Za-z]\w{0,13})(?: {0,2}:| (?=\[))/g;
const VALUE = /\b[0-9a-f]{8,16}\b/g;
/** Longer ones are no row of registers. */
const LONGEST_ROW = 160;

/** The row that `text` is, on the sheets that have one that begins so. */
export function rowsOf(text: string): readonly RegisterRow[] {
  if (text.length > LONGEST_ROW) return [];
  const names = [...text.matchAll(NAME)].map((match) => nameOf(text, match));
  const [name] = names;
  if (name === undefined || !text.startsWith(name.replace("[", ""))) return [];
  return SHEETS.flatMap((sheet) => {
    const first = sheet.names.indexOf(name);
    if (first < 0) return [];
    const values = name.startsWith("GPR") ? (text.match(VALUE) ?? []).length : 1;
    const last = Math.max(
      first + values - 1,
      ...names.map((other) => sheet.names.indexOf(other)).filter((at) => at > first),
    );
    return [{ sheet, first, last }];
  });
}

/** powerpc prints NIP twice: the address in the first row, the function (`NIP [c000…] foo`) below the rest. */
function nameOf(text: string, match: RegExpExecArray): string {
  const end = (match.index ?? 0) + match[0].length;
  return `${match[1]}${match[0].endsWith(" ") && text[end] === "[" ? "[" : ""}`;
}

/** Can `row` stand below `before`, the last row read? `before` is empty where none was read yet. */
export function fitBelow(
  before: readonly RegisterRow[],
  row: readonly RegisterRow[],
): "next" | "possible" | "no" {
  let best: "next" | "possible" | "no" = "no";
  for (const { sheet, first } of row) {
    const above = before.find((other) => other.sheet === sheet);
    if (above === undefined && before.length > 0) continue;
    if (first === above?.first && SYMBOLISED.has(sheet.names[first] ?? "")) return "next";
    const last = above?.last ?? -1;
    if (first <= last) continue;
    const between = sheet.names.slice(last + 1, first);
    if (between.every((name) => sheet.optional.has(name))) return "next";
    best = "possible";
  }
  return best;
}

/** Nothing but optional rows can follow. */
export function isLastRow({ sheet, last }: RegisterRow): boolean {
  return sheet.names.slice(last + 1).every((name) => sheet.optional.has(name));
}
