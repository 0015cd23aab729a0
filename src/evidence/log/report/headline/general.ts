// Warnings, panics and the many one-line BUGs: kernel/panic.c, mm/memory.c, mm/page_alloc.c, fs/dcache.c,
// fs/buffer.c, lib/nmi_backtrace.c, drivers/tty/sysrq.c. The last entry of the list is the catch-all.

import { FAULTS, type Headline } from "./headline.ts";

/** fs/dcache.c: umount_check() prints its line, then WARN_ON(1). */
const AFTER_ITS_LINE: Headline["follows"] = ["bug-dentry"];

export const GENERAL: readonly Headline[] = [
  {
    id: "panic-end",
    kind: "panic",
    literal: "[ end Kernel panic",
    pattern: /^-+\[ end Kernel panic - not syncing: (?<what>.*?) ?\]?(?<!-)-*$/,
    title: "kernel panic: {what}",
    lone: true,
    echoes: true,
  },
  {
    id: "panic-stack-protector",
    kind: "panic",
    literal: "stack is corrupted in",
    pattern:
      /^Kernel panic - not syncing: (?:stack-protector: )?Kernel (?<what>stack is corrupted) in: (?<function>[^\s+]+)/,
    title: "kernel panic: {what} in {function}",
    naming: "named",
    lone: true,
  },
  {
    id: "panic",
    kind: "panic",
    literal: "panic",
    pattern: /^(?:[^\s\-[]\S* )?Kernel panic(?: - not syncing)?: ?(?<what>.*)/,
    title: "kernel panic: {what}",
    lead: "Kernel panic - not syncing: ",
    lone: true,
  },
  {
    id: "warning-numbered",
    kind: "warning",
    literal: "WARNING: ",
    //         WARNING: CPU: 2 PID: 105 at stall.c:40 t_warn+0x20/0x30 [stall]
    pattern:
      /^WARNING: CPU: (?<cpu>\d+) PID: (?<pid>\d+) at (?<what>\S+)(?: (?<function>[^\s+(]+)(?:[\s+(]|$))?/,
    title: "WARNING in {function}",
    naming: "named",
    continues: ["refcount", "list-corruption", "warning"],
    follows: AFTER_ITS_LINE,
  },
  {
    // A kernel without CONFIG_DEBUG_BUGVERBOSE knows the address only (kernel/panic.c: __warn).
    // A comm is at most 15 bytes, of which /dev/kmsg may make 60 characters (printk.c: msg_add_ext_text).
    //         WARNING: at t_warn+0x20/0x30 [stall], CPU#2: insmod/105     WARNING: at c01a2b3c [verbose debug …
    id: "warning-placeless",
    kind: "warning",
    literal: "WARNING: at ",
    pattern:
      /^WARNING: at (?:(?<function>[\w.]+)\+0x[0-9a-f]+\/0x[0-9a-f]+(?![0-9a-f])|(?:0x)?[0-9a-f]{8,16} \[verbose)(?:.*, CPU#(?<cpu>\d+): (?<comm>.{1,64})\/(?<pid>\d+))?/,
    title: "WARNING in {function}",
    naming: "named",
    continues: ["refcount", "list-corruption", "warning"],
  },
  {
    // lib/bug.c: report_bug() of 2.6.32, where WARN is a trap (powerpc, s390, parisc, sh); 3.13 says WARNING.
    id: "warning-badness",
    kind: "warning",
    literal: "Badness at ",
    pattern: /^Badness at (?<what>\S+)/,
    title: "WARNING in {function}",
    continues: ["warning"],
  },
  {
    id: "warning-at",
    kind: "warning",
    literal: "WARNING",
    //         WARNING: at drivers/pci/dmar.c:633 warn_invalid_dmar+0x7d/0x8d()
    //         WARNING: [cond] io_uring/io_uring.c:3026 at foo+0x44c/0xbc0, CPU#0: kworker/u8:0/10040   (6.18)
    pattern:
      /^WARNING(?: |: )(?:\[.*\] )?(?:at )?(?<what>[\w./+-]+\.(?:[chS]|rs):\d+(?!\d))(?: at)?(?: (?<function>[^\s+(,]+)(?:[\s+(,]|$))?(?:.*, CPU#(?<cpu>\d+): (?<comm>.{1,64})\/(?<pid>\d+))?/,
    title: "WARNING in {function}",
    naming: "named",
    continues: ["refcount", "list-corruption", "warning"],
    follows: AFTER_ITS_LINE,
  },
  {
    id: "warning-stack",
    kind: "warning",
    literal: "WARNING: kernel stack",
    pattern: /^WARNING: kernel stack (?:regs|frame pointer) (?:at .* )?has bad/,
    title: "WARNING: kernel stack regs has bad value",
    lone: true,
  },
  {
    id: "bad-page-state",
    kind: "bug",
    literal: "BUG: Bad ",
    //         BUG: Bad page state in process foo  pfn:11ca9c
    pattern: /^BUG: (?<what>Bad (?:page state|page map|page cache))(?: in process (?<comm>\S+))?/,
    title: "BUG: {what} in {function}",
  },
  {
    id: "bad-count",
    kind: "bug",
    literal: "BUG: Bad ",
    //         BUG: Bad rss-counter state mm:00000000a1b2c3d4 type:MM_ANONPAGES val:1
    pattern: /^BUG: (?<what>Bad (?:rss-counter state|swap file entry|pagetable))/,
    title: "BUG: {what} in {function}",
    lone: true,
  },
  {
    id: "bug-dentry",
    kind: "bug",
    literal: "BUG: Dentry",
    pattern: /^BUG: Dentry .* still in use/,
    title: "BUG: Dentry still in use in {function}",
  },
  {
    id: "machine-check",
    kind: "machine-check",
    literal: "Machine check",
    pattern: /^Machine check in kernel mode/,
    title: "Machine check in {function}",
    continues: FAULTS,
  },
  {
    id: "oom-panic",
    kind: "out-of-memory",
    literal: "Out of memory",
    pattern: /^Out of memory and no killable processes/,
    title: "out of memory, no killable process",
    lone: true,
  },
  {
    id: "nmi-backtrace",
    kind: "nmi-backtrace",
    literal: "NMI backtrace for cpu",
    pattern: /^(?:NMI: )?NMI backtrace for cpu (?<cpu>\d+)/,
    title: "NMI backtrace of CPU {cpu} in {function}",
    lone: true,
  },
  {
    id: "sysrq",
    kind: "sysrq-backtrace",
    literal: "sysrq",
    pattern:
      /^sysrq: (?:SysRq : )?(?:Show (?:Blocked State|State|backtrace of all active CPUs|Regs)|Trigger a crash)/i,
    title: "sysrq: {what}",
    lone: true,
  },
  {
    id: "sysrq-old",
    kind: "sysrq-backtrace",
    literal: "SysRq : ",
    pattern: /^SysRq : (?<what>Show .*|Trigger a crash.*)/,
    title: "sysrq: {what}",
    lone: true,
  },
  {
    id: "bug-catch-all",
    kind: "bug",
    literal: "BUG: ",
    pattern: /^BUG: (?<what>[A-Za-z]\S*(?: \S+)*)/,
    title: "BUG: {what}",
    lone: true,
  },
];
