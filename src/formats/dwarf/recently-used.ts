// A cache with a budget: what was used longest ago goes first.

export interface RecentlyUsed<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): void;
}

/** `cost` is added up to at most `budget`; one value dearer than the budget is still kept, alone. */
export function recentlyUsed<K, V>(budget: number, cost: (value: V) => number): RecentlyUsed<K, V> {
  // A Map iterates in insertion order, so its first key is the one used longest ago.
  const values = new Map<K, V>();
  let total = 0;
  return {
    get: (key) => {
      const value = values.get(key);
      if (value === undefined) return undefined;
      values.delete(key);
      values.set(key, value);
      return value;
    },
    set: (key, value) => {
      const old = values.get(key);
      if (old !== undefined) {
        total -= cost(old);
        values.delete(key);
      }
      values.set(key, value);
      total += cost(value);
      for (const [oldest, dropped] of values) {
        if (total <= budget || values.size === 1) break;
        values.delete(oldest);
        total -= cost(dropped);
      }
    },
  };
}
