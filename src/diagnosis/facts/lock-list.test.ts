import { describe, expect, test } from "vitest";
import type { HeldLocks, KernelEvent } from "#model/kernel-event.ts";
import { holderByLockList, toLockList } from "./lock-list.ts";

const DEV = 0xc000000035ff4cb8n;
const waiter = { task: { comm: "stress.sh", pid: 4365 } } as KernelEvent;

describe("the holder by lockdep's list", () => {
  test("is the task that took further locks after the one waited for", () => {
    const lists = [held(4365, [DEV, "napi_enable"]), held(4366, [DEV, "napi_disable"], [1n, "f"])];
    expect(holderByLockList(waiter, ["napi_enable"], toLockList(lists))?.task.pid).toBe(4366);
  });

  test("is nobody when the other's last entry is that lock: it may wait as well", () => {
    const lists = [held(4365, [DEV, "napi_enable"]), held(4366, [DEV, "napi_disable"])];
    expect(holderByLockList(waiter, ["napi_enable"], toLockList(lists))).toBeUndefined();
  });

  test("is nobody when several went on from there", () => {
    const lists = [4366, 4367].map((pid) => held(pid, [DEV, "g"], [1n, "f"]));
    const all = [held(4365, [DEV, "napi_enable"]), ...lists];
    expect(holderByLockList(waiter, ["napi_enable"], toLockList(all))).toBeUndefined();
  });

  test("is not looked for when the waiter does not stand in the function that asked", () => {
    const lists = [held(4365, [DEV, "napi_enable"]), held(4366, [DEV, "g"], [1n, "f"])];
    expect(holderByLockList(waiter, ["msleep"], toLockList(lists))).toBeUndefined();
  });
});

function held(pid: number, ...locks: readonly (readonly [bigint, string])[]): HeldLocks {
  const at = { range: { source: "s1", firstLine: 1, lastLine: 1 }, text: "" };
  const entries = locks.map(([address, by]) => ({ address, by, name: "&dev->lock", at }));
  return { task: { comm: "stress.sh", pid }, locks: entries };
}
