// What a command is, and what it may touch: arguments in, exit code out, streams handed in.

export interface Streams {
  /** Writes to standard output; resolves when the reader took it. A closed pipe is not an error. */
  out(text: string | Uint8Array): Promise<void>;
  err(text: string): void;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  readonly columns: number;
}

export interface Command {
  readonly summary: string;
  /** Printed by `--help`; ends with an example. */
  readonly help: string;
  run(args: readonly string[], streams: Streams): Promise<number>;
}

/** Exit codes of every command. */
export const EXIT = { done: 0, incident: 1, usage: 2, unreadable: 3, internal: 4 } as const;
