// How the kernel itself says that lines of its log are missing. One source for whoever counts such lines
// (notices.ts) and whoever finds a report broken by them (losses.ts).

export interface LostLines {
  /** Contained in every line the pattern matches. */
  readonly literal: string;
  readonly pattern: RegExp;
}

/** kernel/printk/printk.c: call_console_driver() of 6.1, a line of its own; a prefix of the next message in older ones. */
export const CONSOLE_DROPPED: LostLines = {
  literal: "messages dropped",
  pattern: /^(?:printk: )?(?:\*\* \d{1,20} printk messages dropped|.{0,20}\d messages dropped)/,
};

/** lib/ratelimit.c: ___ratelimit() */
export const RATE_LIMITED: LostLines = {
  literal: " callbacks suppressed",
  pattern: /^\S{1,80}: \d{1,10} callbacks suppressed/,
};
