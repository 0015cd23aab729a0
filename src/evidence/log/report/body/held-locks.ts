// The list of held locks that lockdep adds to a hung-task report (kernel/locking/lockdep.c:
// debug_show_all_locks, lockdep_print_held_locks). Bounded: a machine may have thousands of tasks.

import { quoteOf } from "../draft.ts";
import type { BodyReader } from "./body-reader.ts";

//         4 locks held by stress.sh/4365:
const HOLDER = /^\d+ locks? held by (.{1,40})\/(\d{1,9})(?: on CPU ?\d+)?:/;
//          #3: c000000035ff4cb8 (&dev->lock){+.+.}-{3:3}, at: napi_enable+0x30/0x60
const LOCK =
  /^#\d+: +([0-9a-f]{8,16}) \(([^{]{1,120})\)\{[^}]{0,12}\}(?:-\{[^}]{0,8}\})?, at: (?:\[<[0-9a-f]+>\] )?([\w.]+)\+0x/;
const MOST_TASKS = 64;
const MOST_LOCKS = 16;

export const readHeldLocks: BodyReader = (line, draft) => {
  const text = line.text.trim();
  const holder = HOLDER.exec(text);
  if (holder?.[1] !== undefined) {
    draft.heldLocks ??= [];
    if (draft.heldLocks.length < MOST_TASKS) {
      draft.heldLocks.push({ task: { comm: holder[1], pid: Number(holder[2]) }, locks: [] });
    }
    return true;
  }
  const lock = LOCK.exec(text);
  const owner = draft.heldLocks?.at(-1);
  if (lock === null || owner === undefined) return false;
  if (owner.locks.length < MOST_LOCKS) {
    const [, address = "0", name = "", by = ""] = lock;
    owner.locks.push({ address: BigInt(`0x${address}`), name, by, at: quoteOf(line) });
  }
  return true;
};
