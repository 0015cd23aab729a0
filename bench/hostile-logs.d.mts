export interface HostileLog {
  /** Pieces that take some tenths of a second. */
  readonly count: number;
  readonly piece: (index: number, count: number) => string;
}

export const HOSTILE: Readonly<Record<string, HostileLog>>;

export function piecesOf(name: string, count: number): Generator<string>;
