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
  },
  {
    id: "refcount",
    kind: "refcount",
    literal: "refcount_t: ",
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
    pattern: /^BUG [^\s:]+ \((?:Not tainted|Tainted: [^)]*)\): (?<what>\S.*)/,
    title: "BUG: {what}",
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
