// Text that outlives its line. A slice of a string keeps the whole string alive, in V8 as elsewhere: eight
// characters of a line of a mebibyte weigh a mebibyte.

/** V8 copies slices shorter than this anyway. */
const SHORT = 13;

/** The same text in memory of its own. */
export function ownText(text: string): string {
  return text.length < SHORT ? text : ` ${text}`.slice(1);
}

/** The first `most` characters; in memory of their own where something was left out. */
export function ownStart(text: string, most: number): string {
  return text.length <= most ? text : ownText(text.slice(0, most));
}
