// What a report gives to read machine code by.

export interface CodeInput {
  readonly bytes: Uint8Array;
  /** Index of the byte RIP points at; -1 when no byte is marked. */
  readonly trapIndex: number;
  /** RIP's function with RIP's offset in it and its size, as the report prints them. */
  readonly symbol?: string;
  readonly offset?: number;
  readonly size?: number;
  /** RIP itself. */
  readonly address?: bigint;
  /** Lower-case names as printed. */
  readonly registers?: Readonly<Record<string, bigint>>;
  readonly interrupts?: "on" | "off";
  readonly reportingCpu?: number;
  readonly nrCpuIds?: number;
}
