// Debug checks of the kernel: mm/kasan/report.c, mm/kmsan/report.c, kernel/kcsan/report.c,
// mm/kfence/report.c, lib/ubsan.c, mm/kmemleak.c, mm/slub.c, lib/list_debug.c, lib/refcount.c.

import type { Headline } from "./headline.ts";

/**
 * Where WARN() traps, its text is printed before the WARNING line; where it does not (arm, and others
 * without __WARN_FLAGS), kernel/panic.c: __warn() prints the text behind it.
 */
const WARNED: Headline["follows"] = ["warning-numbered", "warning-at"];

export const CHECKS: readonly Headline[] = [
  {
    id: "kasan-in",
    kind: "kasan",
    literal: "BUG: KASAN:",
    pattern: /^BUG: KASAN: (?<what>\S+(?: or \S+)?(?: \S+)?) (?:in|on) (?<function>[^\s+]+)/,
    title: "KASAN: {what} in {function}",
    naming: "named",
  },
  {
    id: "kasan",
    kind: "kasan",
    literal: "BUG: KASAN:",
    pattern: /^BUG: KASAN: (?<what>\S+)/,
    title: "KASAN: {what} in {function}",
  },
  {
    id: "kasan-old",
    kind: "kasan",
    literal: "BUG: KASan:",
    pattern: /^BUG: KASan: (?<what>[\w -]+?) in (?<function>[^\s+]+)/,
    title: "KASAN: {what} in {function}",
    naming: "named",
  },
  {
    id: "kmsan-in",
    kind: "kmsan",
    literal: "KMSAN:",
    pattern: /^(?:BUG|ERROR): KMSAN: (?<what>[\w -]+?) in (?<function>[^\s+]+)/,
    title: "KMSAN: {what} in {function}",
    naming: "named",
  },
  {
    id: "kmsan",
    kind: "kmsan",
    literal: "KMSAN:",
    pattern: /^(?:BUG|ERROR): KMSAN: (?<what>\S+)/,
    title: "KMSAN: {what} in {function}",
  },
  {
    id: "kcsan",
    kind: "kcsan",
    literal: "BUG: KCSAN:",
    pattern: /^BUG: KCSAN: (?<what>[\w: -]+?)(?: in (?<function>[^\s+]+)|$)/,
    title: "KCSAN: {what} in {function}",
    naming: "named",
  },
  {
    id: "kfence",
    kind: "kfence",
    literal: "BUG: KFENCE:",
    pattern: /^BUG: KFENCE: (?<what>[\w -]+?)(?: in (?<function>[^\s+]+)|$)/,
    title: "KFENCE: {what} in {function}",
    naming: "named",
  },
  {
    id: "ubsan",
    kind: "ubsan",
    literal: "UBSAN:",
    pattern: /^UBSAN: (?<what>[A-Za-z][\w -]*?)(?: in |$)/i,
    title: "UBSAN: {what} in {function}",
  },
  {
    id: "memory-leak",
    kind: "memory-leak",
    literal: "BUG: memory leak",
    pattern: /^BUG: memory leak/,
    title: "memory leak in {function}",
  },
  {
    id: "kmemleak-object",
    kind: "memory-leak",
    literal: "unreferenced object",
    pattern: /^(?:kmemleak: )?unreferenced object 0x[0-9a-f]+ \(size \d+\)/,
    title: "memory leak in {function}",
    continues: ["memory-leak"],
  },
  {
    id: "list-corruption",
    kind: "list-corruption",
    literal: "corruption",
    pattern: /^(?:slab |h)?list_(?:add|del)(?:_entry|_rcu)? corruption[.,:]/,
    title: "BUG: corrupted list in {function}",
    follows: WARNED,
    refines: true,
  },
  {
    // lib/list_debug.c: __list_add_valid(), since 4.2.
    id: "list-double-add",
    kind: "list-corruption",
    literal: "double add: new=",
    pattern: /^list_add(?:_rcu)? double add: new=/,
    title: "BUG: corrupted list in {function}",
  },
  {
    id: "refcount",
    kind: "refcount",
    literal: "refcount_t: ",
    // arm, and every architecture up to 4.14, print the text of a WARN below its line (kernel/panic.c: __warn).
    pattern: /^refcount_t: (?<what>\S.*)/,
    title: "WARNING: refcount bug in {function}",
    follows: WARNED,
    refines: true,
  },
  {
    id: "slub",
    kind: "bug",
    literal: "BUG ",
    //         BUG kmalloc-64 (Not tainted): Redzone overwritten
    //         BUG dentry(12:session-1.scope) (Tainted: G  B): …   (a cgroup's cache, 3.9 to 5.8)
    pattern: /^BUG [^\s:]+(?:\(\d+:[^)]*\))? \((?:Not tainted|Tainted: [^)]*)\): (?<what>\S.*)/,
    title: "BUG: {what}",
  },
  {
    // Up to 2.6.37 without taint (mm/slub.c: slab_bug); what the checks of that file say about an object.
    id: "slub-2.6.32",
    kind: "bug",
    literal: "BUG ",
    //         BUG kmalloc-64: Poison overwritten
    pattern:
      /^BUG [\w.-]+: (?<what>(?:Redzone|Poison|(?:Object )?[Pp]adding|Object|Freechain|Freepointer|Freelist|Invalid|Wrong|Not a valid|Page slab|SLUB) \S.*)/,
    title: "BUG: {what}",
  },
  {
    // mm/slab.c (gone in 6.8): __slab_error() with a trace, check_poison_obj() with the bytes found.
    id: "slab-error",
    kind: "bug",
    literal: "slab error in ",
    pattern: /^slab error in [\w.]+\(\): cache [`'].*': (?<what>\S.*)/,
    title: "slab error: {what} in {function}",
  },
  {
    id: "slab-corruption",
    kind: "bug",
    literal: "Slab corruption",
    pattern: /^Slab corruption(?: \([^)]*\))?: (?<what>\S+) start=/,
    title: "slab corruption in {what}",
    lone: true,
  },
  {
    // arch/x86/mm/kmemcheck/error.c: kmemcheck_error_recall(), 2.6.31 to 4.14.
    id: "kmemcheck",
    kind: "kmsan",
    literal: "kmemcheck: Caught ",
    pattern: /^WARNING: kmemcheck: Caught \d+-bit read from (?<what>\w+) memory/,
    title: "kmemcheck: read from {what} memory in {function}",
  },
  {
    id: "slub-track",
    kind: "bug",
    literal: "INFO: ",
    pattern: /^INFO: (?:Freed|Allocated) in \S+ age=\d+ cpu=\d+ pid=\d+/,
    title: "slab object report without its headline",
    continues: ["bug", "kasan"],
  },
  {
    id: "slab-object",
    kind: "kasan",
    literal: "Object already free",
    pattern: /^(?:BUG [^:]*: )?Object already free/,
    title: "BUG: Object already free",
    lone: true,
  },
  {
    id: "usercopy",
    kind: "bug",
    literal: "usercopy: ",
    pattern: /^usercopy: Kernel memory (?:exposure|overwrite) attempt detected/,
    title: "BUG: bad usercopy in {function}",
  },
];
