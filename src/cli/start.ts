// Process side of the command line: streams, closed pipes, exit code.

import type { Streams } from "./command.ts";
import { main } from "./main.ts";

const { stdout, stderr, argv } = process;

/** `stallscope … | head` closes the pipe early; that ends the program quietly. */
stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

const streams: Streams = {
  out: (text) =>
    new Promise((resolve) => {
      stdout.write(text, () => resolve());
    }),
  err: (text) => {
    stderr.write(text);
  },
  outIsTerminal: stdout.isTTY === true,
  errIsTerminal: stderr.isTTY === true,
  columns: stdout.columns ?? 80,
};

process.exitCode = await main(argv.slice(2), streams);
