// Which of some numbered things are one: joined pair by pair.

export interface Groups {
  join(a: number, b: number): void;
  /** The least member of the group. */
  find(member: number): number;
}

export function openGroups(count: number): Groups {
  const parents = Array.from({ length: count }, (_, index) => index);

  function find(member: number): number {
    let root = member;
    for (let parent = parents[root]; parent !== undefined && parent !== root; ) {
      root = parent;
      parent = parents[root];
    }
    parents[member] = root;
    return root;
  }

  return {
    join(a, b) {
      const [one, other] = [find(a), find(b)];
      parents[Math.max(one, other)] = Math.min(one, other);
    },
    find,
  };
}
