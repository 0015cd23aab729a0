// Faults of the processor and what the architectures print for them: arch/*/mm/fault.c,
// arch/*/kernel/traps.c, arch/x86/kernel/dumpstack.c, lib/bug.c, kernel/panic.c.

import { FAULTS, type Headline } from "./headline.ts";

const AFTER_BUG: Headline["continues"] = FAULTS;

export const FAULT_HEADLINES: readonly Headline[] = [
  {
    // arm up to 3.1 made BUG() a store to address 0 (arch/arm/kernel/traps.c: __bug).
    id: "arm-bug-null",
    kind: "null-dereference",
    literal: "NULL pointer dereference",
    pattern: /^Unable to handle kernel NULL pointer dereference at virtual address 0{8}$/,
    title: "BUG: unable to handle kernel NULL pointer dereference in {function}",
    continues: ["bug", "kasan"],
  },
  {
    id: "x86-null",
    kind: "null-dereference",
    literal: "NULL pointer dereference",
    //         BUG: kernel NULL pointer dereference, address: 0000000000000010
    pattern:
      /^(?:BUG: )?(?:unable|Unable) to handle kernel NULL pointer dereference(?: (?:at\b|in\b|\()|$)/,
    title: "BUG: unable to handle kernel NULL pointer dereference in {function}",
    continues: ["kasan"],
  },
  {
    id: "null-since-5.1",
    kind: "null-dereference",
    literal: "NULL pointer dereference",
    pattern: /^BUG: [Kk]ernel NULL pointer dereference/,
    title: "BUG: unable to handle kernel NULL pointer dereference in {function}",
    // powerpc says `Kernel attempted to read user page` first; this line knows more.
    continues: ["page-fault"],
    refines: true,
  },
  {
    id: "mips-unable",
    kind: "page-fault",
    literal: "Unable to handle kernel",
    pattern: /^CPU (?<cpu>\d+) Unable to handle kernel paging request/,
    title: "BUG: unable to handle kernel paging request in {function}",
  },
  {
    id: "x86-page-fault",
    kind: "page-fault",
    literal: "nable to handle",
    pattern: /^(?:BUG: )?[Uu]nable to handle page fault for address/,
    title: "BUG: unable to handle kernel paging request in {function}",
    continues: ["kasan"],
  },
  {
    id: "paging-request",
    kind: "page-fault",
    literal: "nable to handle",
    pattern:
      /^(?:BUG: )?[Uu]nable to handle kernel (?:paging request|pointer dereference|data access|access to user memory|instruction fetch|execute from|read from|write to|execution of|access$)/,
    title: "BUG: unable to handle kernel paging request in {function}",
    continues: ["kasan", "page-fault"],
  },
  {
    // arch/x86/mm/fault.c: pgtable_bad(); `Bad pagetable: 000d [#1]` follows.
    id: "pagetable-corrupted",
    kind: "page-fault",
    literal: ": Corrupted page table at address",
    pattern: /^(?<comm>.{1,16}): Corrupted page table at address [0-9a-f]+$/,
    title: "corrupted page table in {function}",
  },
  {
    // arch/sparc/mm/fault_64.c: bad_kernel_pc()
    id: "sparc-bogus-pc",
    kind: "page-fault",
    literal: "OOPS: Bogus kernel PC",
    pattern: /^OOPS: Bogus kernel PC \[[0-9a-f]+\] in fault handler/,
    title: "bogus kernel PC in {function}",
  },
  {
    // arch/parisc/kernel/traps.c: parisc_terminate()
    //         Kernel Fault: Code=26 (Data memory access rights trap) at addr 0000000000000000
    id: "parisc-terminate",
    kind: "page-fault",
    literal: ": Code=",
    pattern: /^(?<what>[A-Z][\w ()/,'-]{1,60}): Code=\d+ (?:\([^)]*\) at addr |regs=)/,
    title: "{what} in {function}",
    continues: ["kasan"],
  },
  {
    id: "unable-cut",
    kind: "page-fault",
    literal: "nable to handle kernel",
    pattern: /^BUG: unable to handle kernel ?$/,
    title: "BUG: unable to handle kernel",
  },
  {
    id: "ppc-user-page",
    kind: "page-fault",
    literal: "user page",
    pattern:
      /^(?:kernel tried to|Kernel attempted to) (?:read|write|execute|access) (?:user|exec-protected) page/i,
    title: "BUG: unable to handle kernel paging request in {function}",
  },
  {
    id: "general-protection",
    kind: "general-protection",
    literal: "general protection fault",
    pattern:
      /^(?:: |\] )?(?:Oops: )?(?:segment-related )?general protection fault(?:, (?:maybe|probably) for|: [0-9a-f]{4}\b)/,
    title: "general protection fault in {function}",
    lead: "general protection fault: ",
    continues: ["kasan"],
  },
  {
    id: "divide-error",
    kind: "divide-error",
    literal: "divide error:",
    pattern: /^(?:: |\] )?(?:Oops: )?divide error: [0-9a-f]{4}\b/,
    title: "divide error in {function}",
  },
  {
    id: "invalid-opcode",
    kind: "invalid-opcode",
    literal: "invalid opcode:",
    pattern: /^(?:: |\] )?(?:Oops: )?invalid opcode: [0-9a-f]{4}\b/,
    title: "invalid opcode in {function}",
    continues: AFTER_BUG,
  },
  {
    id: "x86-trap",
    kind: "oops",
    literal: " [#",
    // arch/x86/kernel/dumpstack.c: __die_header(); the number is the error code of the trap.
    pattern:
      /^(?:: )?(?:Oops: )?(?<what>int3|stack segment|segment not present|alignment check|invalid TSS|bounds|overflow|coprocessor segment overrun|trap|debug|iret exception|control protection fault|Bad pagetable|unexpected #NM exception|invalid or fatal FRED event|kernel stack overflow \(page fault\)): [0-9a-f]{4} \[#\d+\]/,
    title: "{what} in {function}",
    continues: AFTER_BUG,
  },
  {
    // arch/x86/entry/entry_fred.c: fred_bad_type()
    id: "fred-event",
    kind: "oops",
    literal: "invalid or fatal FRED event;",
    pattern: /^(?:PANIC|BUG): invalid or fatal FRED event; /,
    title: "invalid or fatal FRED event in {function}",
  },
  {
    // arch/x86/mm/extable.c: early_fixup_exception(); arch/x86/kernel/head_64.S up to 4.5.
    id: "early-exception",
    kind: "oops",
    literal: "PANIC: early exception",
    pattern: /^PANIC: early exception (?:0x)?[0-9a-f]{2} /,
    title: "early exception in {function}",
    lone: true,
  },
  {
    id: "control-protection",
    kind: "oops",
    literal: "control protection",
    pattern: /^(?:traps: )?(?:Missing ENDBR: |control protection fault)/,
    title: "control protection fault in {function}",
  },
  {
    id: "double-fault",
    kind: "double-fault",
    literal: "double fault",
    pattern: /^(?:traps: )?(?:PANIC: |Oops: )?double fault(?::|,)/,
    title: "PANIC: double fault in {function}",
    continues: ["stack-overflow"],
  },
  {
    id: "stack-guard",
    kind: "stack-overflow",
    literal: "guard page was hit",
    pattern: /^(?:traps: )?BUG: \S+ stack guard page was hit at/,
    title: "BUG: stack guard page was hit in {function}",
  },
  {
    id: "stack-guard-old",
    kind: "stack-overflow",
    literal: "stack guard page was hit",
    pattern: /^(?:traps: )?BUG: stack guard page was hit at/,
    title: "BUG: stack guard page was hit in {function}",
  },
  {
    id: "stack-overflow-space",
    kind: "stack-overflow",
    literal: "Insufficient stack space",
    pattern: /^Insufficient stack space to handle exception!/,
    title: "kernel stack overflow in {function}",
  },
  {
    id: "kernel-bug-at",
    kind: "bug",
    literal: "kernel BUG at",
    pattern: /^(?:\S+: )?kernel BUG at (?<what>\S+)/,
    title: "kernel BUG in {function}",
    continues: ["list-corruption", "refcount", "other"],
    // mm/usercopy.c: usercopy_abort() says what was copied, then BUG()s.
    follows: ["usercopy"],
  },
  {
    id: "kernel-bug-detected",
    kind: "bug",
    literal: "ernel ",
    //   Kernel BUG at c0000000000a1b2c [verbose debug info unavailable]   (lib/bug.c)
    pattern:
      /^Kernel (?:bug detected\[#\d+\]|BUG(?: at \S+)? ?\[#\d+\]|BUG at \S+ \[verbose debug info unavailable\])/,
    title: "kernel BUG in {function}",
    continues: ["bug", "list-corruption"],
  },
  {
    id: "internal-error",
    kind: "oops",
    literal: "Internal error:",
    pattern: /^Internal error: (?<what>\S.*)/,
    title: "Internal error in {function}",
    continues: AFTER_BUG,
  },
  {
    id: "unhandled-fault",
    kind: "oops",
    literal: "Unhandled ",
    pattern:
      /^(?:8<--- cut here ---)?Unhandled (?:fault(?:: | at )|prefetch abort: |external abort|debug exception: |kernel unaligned access)/,
    title: "Unhandled fault in {function}",
  },
  {
    // arch/arm64/kernel/entry-common.c: __panic_unhandled(), since 5.13; `Bad mode in …` before.
    id: "unhandled-exception-arm64",
    kind: "oops",
    literal: " exception on CPU",
    pattern: /^Unhandled (?<what>[\w -]{1,40}) exception on CPU(?<cpu>\d+), ESR 0x[0-9a-f]+ -- /,
    title: "Unhandled {what} exception in {function}",
  },
  {
    id: "alignment-trap",
    kind: "oops",
    literal: "Alignment trap:",
    pattern: /^Alignment trap: not handling instruction/,
    title: "Alignment trap in {function}",
  },
  {
    id: "oops-numbered",
    kind: "oops",
    literal: "Oops",
    //         Oops: 0002 [#1] PREEMPT SMP   Oops[#1]:   Oops: Kernel access of bad area, sig: 11 [#1]
    pattern: /^(?:Oops: (?:[0-9a-f]{4,16}(?: ilc:\d)? )?|Oops ?)\[#\d+\]/,
    title: "Oops in {function}",
    continues: AFTER_BUG,
  },
  {
    id: "oops-task",
    kind: "oops",
    literal: " [#",
    //         init(1): Oops [#1]      (sparc: die_if_kernel)
    pattern: /^(?<comm>.{1,16})\((?<pid>\d+)\): (?<what>[A-Z][^[]{1,60}) \[#\d+\]$/,
    title: "{what} in {function}",
    continues: AFTER_BUG,
  },
  {
    id: "oops-named",
    kind: "oops",
    literal: "Oops",
    pattern: /^Oops(?: - |: )(?<what>[^[]*)(?:\[#\d+\]|, sig: \d+)/,
    title: "Oops: {what} in {function}",
    continues: AFTER_BUG,
  },
  {
    // arch/s390/kernel/dumpstack.c: die(); the names are those of arch/s390/kernel/traps.c.
    id: "s390-operation",
    kind: "invalid-opcode",
    literal: "illegal operation: ",
    pattern: /^illegal operation: [0-9a-f]{4} (?:ilc:\d )?\[#\d+\]/,
    title: "illegal operation in {function}",
    continues: AFTER_BUG,
  },
  {
    id: "s390-divide",
    kind: "divide-error",
    literal: "divide exception: ",
    pattern: /^(?:fixpoint|decimal|HFP) divide exception: [0-9a-f]{4} (?:ilc:\d )?\[#\d+\]/,
    title: "divide exception in {function}",
    continues: AFTER_BUG,
  },
  {
    // arch/mips/kernel/traps.c, arch/loongarch/kernel/traps.c: do_ri()
    id: "reserved-instruction",
    kind: "invalid-opcode",
    literal: "Reserved instruction in kernel code",
    pattern: /^Reserved instruction in kernel code/,
    title: "Reserved instruction in {function}",
  },
  {
    // What die() of the architectures has in common: a name, perhaps an error code, the count of deaths.
    //   addressing exception: 0005 ilc:2 [#1] SMP      s390, sh
    //   Illegal instruction in kernel: sig: 4 [#1]     xtensa
    //   Unhandled kernel unaligned access[#1]:         mips, loongarch
    id: "die",
    kind: "oops",
    literal: "[#",
    pattern:
      /^(?<what>[A-Za-z][\w #()/,.'-]{2,70}?)(?:: (?:[0-9a-f]{4,16}(?: ilc:\d)?|sig: \d+))? ?\[#\d+\](?::?$| (?:PREEMPT|SMP|DEBUG|KASAN|NOPTI|PTI))/,
    title: "{what} in {function}",
    continues: AFTER_BUG,
  },
  {
    // arch/alpha/kernel/traps.c: die_if_kernel()      CPU 0 swapper(1): Oops 0
    id: "die-alpha",
    kind: "oops",
    literal: "): ",
    pattern:
      /^(?:CPU (?<cpu>\d+) )?(?<comm>\S{1,16})\((?<pid>\d+)\): (?<what>Oops|Kernel Bug|Kernel bug|Unaligned|Arithmetic fault|Instruction fault) -?\d+$/,
    title: "{what} in {function}",
    continues: AFTER_BUG,
  },
  {
    // arch/parisc/kernel/traps.c: die_if_kernel()      swapper/0 (pid 1): Kernel bug (code 9)
    id: "die-parisc",
    kind: "oops",
    literal: " (pid ",
    pattern: /^(?<comm>.{1,16}) \(pid (?<pid>\d+)\): (?<what>[^()]{2,60}) \(code \d+\)$/,
    title: "{what} in {function}",
    continues: AFTER_BUG,
  },
  {
    // arch/powerpc/kernel/traps.c: unrecoverable_exception() and its kin; `Oops: … sig: 6` follows.
    id: "ppc-unrecoverable",
    kind: "oops",
    literal: "Unrecoverable ",
    pattern:
      /^Unrecoverable (?:(?:FP|VMX\/Altivec|VSX|TM) Unavailable E|e)xception (?<what>[0-9a-f]+) at [0-9a-f]+/,
    title: "Unrecoverable exception {what} in {function}",
  },
  {
    // arch/powerpc/kernel/traps.c: StackOverflow(), stack_overflow_exception(); arch/s390/kernel/traps.c: kernel_stack_overflow()
    id: "stack-overflow-process",
    kind: "stack-overflow",
    literal: "Kernel stack overflow",
    pattern: /^Kernel stack overflow(?: in process |\.$)/,
    title: "kernel stack overflow in {function}",
  },
  {
    // check_stack_overflow() of arch/powerpc/kernel/irq.c, arch/mips/kernel/irq.c; xtensa, arm words it the other way.
    id: "stack-overflow-irq",
    kind: "stack-overflow",
    literal: "tack overflow",
    pattern: /^(?:do_IRQ: stack overflow: -?\d+|Stack overflow in do_IRQ: -?\d+)/,
    title: "kernel stack overflow in {function}",
  },
  {
    id: "bad-mode",
    kind: "oops",
    literal: "Bad mode in",
    pattern: /^Bad mode in .+ handler detected/,
    title: "Bad mode in {function}",
  },
];
