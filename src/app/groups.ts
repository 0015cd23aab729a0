// Which of some numbered things are one: joined pair by pair.

export interface Groups {
  join(a: number, b: number): void;
  /** The least member of the group. */
  find(member: number): number;
}

export function openGroups(count: number): Groups {
  const parents = Array.from({ length: count }, (_, index) => index);

  function find(member: number): number {
    let at = member;
    for (let parent = parents[at]; parent !== undefined && parent !== at; ) {
      // Every step halves the way for the next one who asks.
      const beyond = parents[parent] ?? parent;
      parents[at] = beyond;
      at = beyond;
      parent = parents[at];
    }
    return at;
  }

  return {
    join(a, b) {
      const [one, other] = [find(a), find(b)];
      parents[Math.max(one, other)] = Math.min(one, other);
    },
    find,
  };
}
