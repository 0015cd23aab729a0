// Who holds the lock a hung task sleeps for, by lockdep's list of held locks. lockdep lists a lock before
// it is acquired, so the waiter's own entry is its last one, and other waiters are listed like holders.

import type { HeldLock, HeldLocks, KernelEvent, Task } from "#model/kernel-event.ts";
import { plainSymbol } from "../symbols.ts";

export interface ListedHolder {
  readonly task: Task;
  readonly lock: HeldLock;
}

/**
 * The only other task that lists the lock `event`'s task sleeps for and took further locks after it, so it
 * has it. Undefined when there are several or none: a task whose last entry it is may be one more waiter.
 */
export function holderByLockList(
  event: KernelEvent,
  symbols: readonly string[],
  lists: readonly HeldLocks[],
): ListedHolder | undefined {
  const own = lists.find((list) => list.task.pid === event.task?.pid);
  const wanted = own?.locks.at(-1);
  if (!own || !wanted || !symbols.includes(plainSymbol(wanted.by))) return undefined;
  const others = lists
    .filter((list) => list.task.pid !== own.task.pid)
    .flatMap((list) => {
      const lock = list.locks.find((candidate) => candidate.address === wanted.address);
      return lock && list.locks.at(-1) !== lock ? [{ task: list.task, lock }] : [];
    });
  const holders = new Map(others.map((holder) => [holder.task.pid, holder]));
  return holders.size === 1 ? [...holders.values()][0] : undefined;
}
