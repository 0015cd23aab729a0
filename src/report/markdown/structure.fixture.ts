// A small structural reading of Markdown for tests: enough to see that a document is what it was meant
// to be and that nothing else became markup.

export interface MarkdownStructure {
  readonly headings: readonly { readonly level: number; readonly text: string }[];
  readonly tables: readonly (readonly number[])[];
  /** Lines outside code where markup the writer never makes would begin. */
  readonly unexpected: readonly string[];
  readonly fencesClosed: boolean;
}

export function readStructure(markdown: string): MarkdownStructure {
  const { lines, fencesClosed } = withoutFences(markdown);
  const text = lines.map((line) => withoutCode(line));
  return {
    headings: text.flatMap((line) => {
      const found = /^(#{1,6}) (.*)$/.exec(line);
      return found === null ? [] : [{ level: found[1]?.length ?? 0, text: found[2] ?? "" }];
    }),
    tables: tablesOf(lines),
    unexpected: text.filter(hasMarkup),
    fencesClosed,
  };
}

function withoutFences(markdown: string): { lines: string[]; fencesClosed: boolean } {
  const lines: string[] = [];
  let fence: string | undefined;
  for (const line of markdown.split("\n")) {
    const found = /^ {0,4}(`{3,})/.exec(line)?.[1];
    if (fence === undefined && found !== undefined) fence = found;
    else if (fence !== undefined && line.trim() === fence) fence = undefined;
    else if (fence === undefined) lines.push(line);
  }
  return { lines, fencesClosed: fence === undefined };
}

/** Code spans as CommonMark finds them: a run of backticks closes at the next run of the same length. */
function withoutCode(line: string): string {
  let out = "";
  let rest = line;
  while (rest !== "") {
    // A backtick is escaped by an odd number of backslashes before it.
    const open = /(?<=(?<!\\)(?:\\\\)*)`+/.exec(rest);
    if (open === null) return out + rest;
    const after = rest.slice(open.index + open[0].length);
    const close = new RegExp(`(?<!\`)\`{${open[0].length}}(?!\`)`).exec(after);
    out += rest.slice(0, open.index);
    if (close === null) return `${out}UNCLOSED<`;
    out += "code";
    rest = after.slice(close.index + open[0].length);
  }
  return out;
}

/** Columns of each row; a pipe splits cells even inside code unless a backslash stands before it. */
function tablesOf(lines: readonly string[]): number[][] {
  const tables: number[][] = [];
  let previous = false;
  for (const line of lines) {
    const row = line.startsWith("|");
    if (row && !previous) tables.push([]);
    if (row)
      tables.at(-1)?.push((line.replace(/\\[!-/:-@[-`{-~]/g, "").match(/\|/g)?.length ?? 0) - 1);
    previous = row;
  }
  return tables;
}

/** Emphasis other than our own `**…**`, links, images, HTML, entities, autolinks. */
function hasMarkup(line: string): boolean {
  const bare = line
    .replace(/^#{1,6} /, "heading ")
    .replace(/^(?:- |\d+\. )/, "")
    .replace(/^\|(?: --- \|)+$/, "")
    .replace(/\\[!-/:-@[-`{-~]/g, "§")
    .replace(/\*\*[^*]+\*\*/g, "");
  return /[*[\]<>~]|&(?:#|[a-z]+;)|:\/\/|\bwww\.|^[#+-] |^\d+[.)] |(?<![\p{L}\p{N}])_/iu.test(bare);
}
