// Faults of the processor and what the architectures print for them: arch/*/mm/fault.c,
// arch/*/kernel/traps.c, arch/x86/kernel/dumpstack.c, lib/bug.c, kernel/panic.c.

import { FAULTS, type Headline } from "./headline.ts";

const AFTER_BUG: Headline["continues"] = FAULTS;

export const FAULT_HEADLINES: readonly Headline[] = [
  {
    id: "x86-null",
    kind: "null-dereference",
    literal: "NULL pointer dereference",
    //         BUG: kernel NULL pointer dereference, address: 0000000000000010
    pattern:
      /^(?:BUG: )?(?:unable|Unable) to handle kernel NULL pointer dereference(?: (?:at|in)\b|$)/,
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
      /^(?:BUG: )?[Uu]nable to handle kernel (?:paging request|pointer dereference|data access|access to user memory|instruction fetch|execute from|read from|write to|execution of)/,
    title: "BUG: unable to handle kernel paging request in {function}",
    continues: ["kasan", "page-fault"],
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
    literal: ": 0000 [#",
    pattern:
      /^(?:: )?(?:Oops: )?(?<what>int3|stack segment|segment not present|alignment check|invalid TSS|bounds|coprocessor segment overrun|trap|debug|control protection fault|kernel stack overflow \(page fault\)): [0-9a-f]{4} \[#\d+\]/,
    title: "{what} in {function}",
    continues: AFTER_BUG,
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
    id: "stack-overflow-arm64",
    kind: "stack-overflow",
    literal: "kernel stack to handle exception",
    pattern: /^Insufficient stack space to handle exception!|^Insufficient kernel stack to handle/,
    title: "kernel stack overflow in {function}",
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
    pattern: /^Kernel (?:bug detected\[#\d+\]|BUG(?: at \S+)? ?\[#\d+\])/,
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
      /^(?:8<--- cut here ---)?Unhandled (?:fault: |prefetch abort: |external abort|kernel unaligned access)/,
    title: "Unhandled fault in {function}",
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
    pattern: /^(?:Oops: (?:[0-9a-f]{4,16}(?: ilc:\d)? )?|Oops)\[#\d+\]/,
    title: "Oops in {function}",
    continues: AFTER_BUG,
  },
  {
    id: "oops-task",
    kind: "oops",
    literal: "): Oops [#",
    //         init(1): Oops [#1]      (sparc, alpha: die_if_kernel)
    pattern: /^(?<comm>\S+)\((?<pid>\d+)\): Oops \[#\d+\]/,
    title: "Oops in {function}",
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
    id: "bad-mode",
    kind: "oops",
    literal: "Bad mode in",
    pattern: /^Bad mode in .+ handler detected/,
    title: "Bad mode in {function}",
  },
  {
    id: "undefined-instruction",
    kind: "invalid-opcode",
    literal: "in kernel code",
    pattern: /^(?:Reserved instruction|Instruction bus error|Data bus error).* in kernel code/,
    title: "Reserved instruction in {function}",
  },
];
