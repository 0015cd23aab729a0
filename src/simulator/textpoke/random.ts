// A seeded source of numbers (xorshift32): the same seed gives the same run everywhere.

export interface Random {
  /** An integer in 0 .. below-1. */
  next(below: number): number;
}

export function seededRandom(seed: number): Random {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  return {
    next: (below) => {
      state ^= state << 13;
      state >>>= 0;
      state ^= state >>> 17;
      state ^= state << 5;
      state >>>= 0;
      return state % below;
    },
  };
}
