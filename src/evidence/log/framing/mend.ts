// Mends what is left of wrapping inside one message, by the grammar of the two lists that get wrapped:
// module names and code bytes. Everything else is left as it came.

/** Words of the list with single blanks, a byte that was torn in two whole again. */
export function mendList(text: string): string {
  if (!text.includes("  ")) return text;
  if (text.startsWith("Modules linked in:")) return text.replace(/(?<=\S) {2,}(?=\S)/g, " ");
  if (text.startsWith("Code: ")) return mendCode(text);
  return text;
}

//  … 4c 89 e      9 48 …   a digit, blanks, a digit: one byte;   … e9      48 …   two bytes
function mendCode(text: string): string {
  return text
    .replace(/(?<=[ <][0-9a-f]) {2,}(?=[0-9a-f](?:[ >]|$))/g, "")
    .replace(/(?<=\S) {2,}(?=\S)/g, " ");
}

/**
 * Does `next`, a line without head of its own or one the kernel wrote separately, continue the list in
 * `text`? Only a line that holds nothing but list items does.
 * @returns the list with the line put to its end, or undefined
 */
export function continuedList(text: string, next: string, framed: boolean): string | undefined {
  if (text.startsWith("Modules linked in:")) {
    if (text.endsWith("]") || !isModuleList(next, framed)) return undefined;
    return `${text.trimEnd()} ${next.trim()}`;
  }
  if (text.startsWith("Code: ") && isCodeBytes(next) && countBytes(text) < 64) {
    const torn = /[ <][0-9a-f]$/.test(text) && /^\s*[0-9a-f](?:[ >]|$)/.test(next);
    return torn ? text + next.trim() : `${text.trimEnd()} ${next.trim()}`;
  }
  return undefined;
}

/** `veth nf_tables(OE) snd_hda`, `[last unloaded: veth]`; a single bare word only if it is no symbol. */
function isModuleList(line: string, framed: boolean): boolean {
  const text = line.trim();
  if (text.startsWith("[last unloaded:")) return true;
  const words = text.split(" ").filter((word) => word !== "");
  if (words.length < (framed ? 3 : 1) || words.length > 512) return false;
  return words.every((word, at) => MODULE.test(word) || (at > 0 && isLastUnloaded(words, at)));
}

const MODULE = /^[a-z0-9][A-Za-z0-9_-]{0,63}(?:\([A-Z+-]{1,8}\))?$/;

function isLastUnloaded(words: readonly string[], at: number): boolean {
  const from = words.indexOf("[last");
  return from >= 0 && at >= from && words[from + 1] === "unloaded:";
}

function isCodeBytes(line: string): boolean {
  const text = line.trim();
  return text.length >= 1 && text.length <= 256 && /^(?:[0-9a-f]|<[0-9a-f]{2}>| )+$/.test(text);
}

function countBytes(text: string): number {
  return text
    .slice(6)
    .split(" ")
    .filter((word) => word !== "").length;
}
