// The gate every string of a report passes before it becomes output: nothing from a log may act on the
// reader's terminal, editor or browser. What is unprintable stays visible as an escape, because a
// hidden character in a task's name is itself worth seeing.

/**
 * Controls (C0, DEL, C1 with its one-byte CSI), format characters (bidi embeddings, overrides and
 * isolates, zero-width, soft hyphen, tags), separators that some programs take for a line end, lone
 * surrogates, and whatever else Unicode says is shown as nothing.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** One line of harmless text: unsafe characters written as `\x1b` or `\u202e`, a tab as a blank. */
export function cleanLine(value: string): string {
  return value.replace(UNSAFE, (bad) => (bad === "\t" ? " " : visible(bad)));
}

/** Several lines of harmless text; only `\n` survives among the controls. */
export function cleanLines(value: string): string[] {
  return value.split(/\r?\n/).map(cleanLine);
}

function visible(bad: string): string {
  const code = bad.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, "0")}`;
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, "0")}`;
  return `\\u{${code.toString(16)}}`;
}
