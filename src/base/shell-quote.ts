// Values from a log inside a command that somebody will paste into a root shell.

/** Characters that mean nothing to a POSIX shell, wherever they stand in a word. */
const HARMLESS = /^[A-Za-z0-9_./:@%+,=-]+$/;

/** Controls, bidi controls, zero-width characters: they can change what a terminal shows or runs. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * One shell word that stands for `value` and can do nothing else. Unprintable characters become `?`: a
 * pasted newline would end the command before the quote closes in some terminals. It does not stop a
 * value that begins with `-` from being read as an option; write `--` before it.
 */
export function shellQuote(value: string): string {
  const printable = value.replace(UNPRINTABLE, "?");
  return HARMLESS.test(printable) ? printable : `'${printable.replaceAll("'", "'\\''")}'`;
}
