// Who holds the lock a hung task sleeps for, by lockdep's list of held locks. lockdep lists a lock before
// it is acquired, so the waiter's own entry is its last one, and other waiters are listed like holders.

import type { HeldLock, HeldLocks, KernelEvent, Task } from "#model/kernel-event.ts";
import { plainSymbol } from "../symbols.ts";

export interface ListedHolder {
  readonly task: Task;
  readonly lock: HeldLock;
}

/** All lists of a boot, sorted once: there may be thousands of hung tasks and of tasks that hold locks. */
export interface LockList {
  readonly byPid: ReadonlyMap<number | undefined, HeldLocks>;
  /** By the lock's address the tasks that took further locks after it, by their pid. */
  readonly wentOn: ReadonlyMap<bigint, ReadonlyMap<number | undefined, ListedHolder>>;
}

export function toLockList(lists: readonly HeldLocks[]): LockList {
  const byPid = new Map<number | undefined, HeldLocks>();
  const wentOn = new Map<bigint, Map<number | undefined, ListedHolder>>();
  for (const list of lists) {
    const { task, locks } = list;
    if (!byPid.has(task.pid)) byPid.set(task.pid, list);
    const seen = new Set<bigint>();
    for (const lock of locks) {
      // A lock that is listed twice counts where it stands first.
      if (seen.has(lock.address)) continue;
      seen.add(lock.address);
      if (lock === locks.at(-1)) continue;
      const holders = wentOn.get(lock.address) ?? new Map<number | undefined, ListedHolder>();
      wentOn.set(lock.address, holders.set(task.pid, { task, lock }));
    }
  }
  return { byPid, wentOn };
}

/**
 * The only other task that lists the lock `event`'s task sleeps for and took further locks after it, so it
 * has it. Undefined when there are several or none: a task whose last entry it is may be one more waiter.
 */
export function holderByLockList(
  event: KernelEvent,
  symbols: readonly string[],
  { byPid, wentOn }: LockList,
): ListedHolder | undefined {
  const own = byPid.get(event.task?.pid);
  const wanted = own?.locks.at(-1);
  if (!own || !wanted || !symbols.includes(plainSymbol(wanted.by))) return undefined;
  const holders = wentOn.get(wanted.address);
  const others = (holders?.size ?? 0) - (holders?.has(own.task.pid) ? 1 : 0);
  if (others !== 1) return undefined;
  return [...(holders?.values() ?? [])].find(({ task }) => task.pid !== own.task.pid);
}
