// Words of the user's or of a log on their way to a terminal's error stream.

/** Names the user gave go to a terminal: control and format characters are shown, not obeyed. */
export function printable(words: string): string {
  return words.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (c) => `\\u{${c.codePointAt(0)?.toString(16)}}`,
  );
}
