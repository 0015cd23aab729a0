// Bytes of a log, in any chunks, to physical lines of text. Invariant: line numbers count line feeds
// exactly as `sed -n` and vim do, whatever else stands in a line, and memory stays bounded by one chunk
// and `maxLength` however long a line is.

export interface PhysicalLine {
  /** Without line end, escape sequences and control characters (tab is kept). */
  readonly text: string;
  /** 1-based. Pieces that a lone CR separates share one number: a terminal overwrote the first. */
  readonly number: number;
  /** The line it ends on where that is another one: its first half ended a file, the rest begins the next. */
  readonly last?: number;
  /** Characters taken away in front (a quote mark, a margin): they counted when the line was wrapped. */
  readonly lead?: number;
  /** Taken out of something that may itself have stood in a carrier (a quote, an encoded mail). */
  readonly inner?: true;
  /** What was taken out of the line that should not have been there. */
  readonly damage?: readonly LineDamage[];
}

/**
 * `cut`: longer than `maxLength`; `nul-bytes`: blocks a crash left unwritten; `invalid-utf8`;
 * `joined-files`: the line was cut between two files; `lost-part`, `lost-end`: a part of a dump is missing
 * before or behind it.
 */
export type LineDamage =
  | "cut"
  | "nul-bytes"
  | "invalid-utf8"
  | "joined-files"
  | "lost-part"
  | "lost-end";

export interface LineOptions {
  readonly line: (line: PhysicalLine) => void;
  /** Characters kept of one line; the rest of a longer one is counted and dropped. */
  readonly maxLength?: number;
  /** Would the text be a line of its own even where the line before it lacks its end? */
  readonly startsLine?: (text: string) => boolean;
}

export interface LineCounts {
  readonly lines: number;
  readonly bytes: number;
}

export interface LineMachine {
  push(chunk: Uint8Array): void;
  /**
   * The next bytes are those of the file in which the log goes on; lines are numbered through. A last line
   * without its end goes on there; where the file is no piece of one that was cut by its bytes, only if the
   * next one does not begin with a line of its own, and as lines between may be lost, its `damage` says so.
   */
  nextFile(isPiece: boolean): LineCounts;
  /** Counts of the last file. */
  end(): LineCounts;
}

/** 1 MiB: a journal JSON line may hold a 768 KiB field; the longest printk record is 1 KiB. */
const MAX_LENGTH = 1 << 20;
/** A chunk is decoded in pieces of this size, so that one huge `push` does not become one huge string. */
const PIECE = 1 << 16;

/**
 * Control characters but tab, LF and CRs before LF; C1 controls; the no-break and zero-width characters that
 * web pages and mail programs put for blanks; what the decoder puts for bad bytes.
 */
const DIRT = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\u200b\ufeff\ufffd]|\r(?![\r\n])/;
//                 CSI: parameters, intermediates, final    OSC up to BEL or ST        two-byte
const ESCAPE = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)?|[ -/]*[0-~])/g;
const CONTROL = /[\0-\x08\x0a-\x1f\x7f-\x9f\u200b\ufeff]+/g;
const NO_BREAK = /\xa0/g;

/** Opens the splitter. The decoder replaces bad UTF-8 statefully, so the chunking never shows. */
export function openLines(options: LineOptions): LineMachine {
  const maxLength = options.maxLength ?? MAX_LENGTH;
  const text = openDecoder();
  let number = 0;
  let bytes = 0;
  let carry = "";
  let cut = false;
  // Looked for once per piece of text: asking every line costs more than reading it.
  let carryIsDirty = false;
  /** Characters of `carry` that stand in the file before; the number of lines up to its end. */
  let seam = 0;
  let before = 0;
  let seamIsSure = false;

  function emit(raw: string, dirty: boolean): void {
    number += 1;
    emitPieces(raw, number, { cut, dirty }, options.line);
    cut = false;
  }

  function keep(rest: string): void {
    const room = maxLength - carry.length;
    if (rest.length <= room) {
      carry += rest;
    } else {
      if (room > 0) carry += rest.slice(0, room);
      cut = true;
    }
  }

  /** The line at hand is complete. Its first `seam` characters ended a file. */
  function settle(dirty: boolean, isEnded: boolean): void {
    const whole = carry;
    const head = whole.slice(0, seam);
    const rest = whole.slice(seam);
    carry = "";
    carryIsDirty = false;
    const from = seam;
    seam = 0;
    if (from === 0) {
      emit(whole, dirty);
    } else if (withoutTrailingReturns(rest) === "") {
      // Only the line's end stands in the next file: there it is a line as well.
      emit(whole, dirty);
      if (isEnded) number += 1;
    } else if (!seamIsSure && options.startsLine?.(rest) === true) {
      emit(head, dirty);
      emit(rest, dirty);
    } else {
      number += 1;
      emitPieces(whole, number, { cut, dirty }, (line) => {
        const damage = seamIsSure ? line.damage : addDamage(line.damage);
        options.line({ ...line, last: line.number + 1, ...(damage ? { damage } : {}) });
      });
      number += 1;
      cut = false;
    }
  }

  function split(text: string): void {
    const dirty = DIRT.test(text);
    let from = 0;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", from)) {
      if (carry === "" && !cut && at - from <= maxLength) {
        emit(text.slice(from, at), dirty);
      } else {
        keep(text.slice(from, at));
        settle(dirty || carryIsDirty, true);
      }
      from = at + 1;
    }
    if (from < text.length) {
      keep(text.slice(from));
      carryIsDirty ||= dirty;
    }
  }

  return {
    push(chunk) {
      bytes += chunk.length;
      for (const piece of text.push(chunk)) split(piece);
    },
    nextFile(isPiece) {
      seamIsSure = isPiece;
      // A file shorter than a line ends the line it continues.
      if (seam > 0 && carry.length > seam) settle(carryIsDirty, false);
      seam = carry.length;
      const last = number + (seam > 0 ? 1 : 0);
      const counts = { lines: last - before, bytes };
      before = last;
      bytes = 0;
      return counts;
    },
    end() {
      for (const piece of text.end()) split(piece);
      if (carry !== "" || cut) settle(carryIsDirty, false);
      return { lines: number - before, bytes };
    },
  };
}

interface Decoder {
  push(chunk: Uint8Array): Iterable<string>;
  end(): Iterable<string>;
}

/** UTF-16 where the first two bytes are its mark, as PowerShell's `>` and Windows editors write it; UTF-8. */
function openDecoder(): Decoder {
  let decoder: TextDecoder | undefined;
  /** A first chunk of one byte does not tell. */
  let first: Uint8Array | undefined;

  function* push(chunk: Uint8Array): Iterable<string> {
    const bytes =
      first === undefined ? chunk : Uint8Array.from([...first, ...chunk.subarray(0, 1)]);
    if (decoder === undefined && bytes.length === 1) {
      first = bytes.slice();
      return;
    }
    // A mark alone is a line too, as every other program counts.
    decoder ??= new TextDecoder(encodingOf(bytes), { ignoreBOM: true });
    if (first !== undefined) yield decoder.decode(first, { stream: true });
    first = undefined;
    for (let at = 0; at < chunk.length; at += PIECE) {
      yield decoder.decode(chunk.subarray(at, at + PIECE), { stream: true });
    }
  }

  function* end(): Iterable<string> {
    decoder ??= new TextDecoder("utf-8");
    if (first !== undefined) yield decoder.decode(first, { stream: true });
    yield decoder.decode();
  }

  return { push, end };
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return "utf-8";
}

function addDamage(damage: readonly LineDamage[] = []): readonly LineDamage[] {
  return [...damage, "joined-files"];
}

interface LineState {
  readonly cut: boolean;
  /** The line may hold something that has to be taken out. */
  readonly dirty: boolean;
}

function emitPieces(
  raw: string,
  number: number,
  state: LineState,
  line: (line: PhysicalLine) => void,
): void {
  const text = withoutTrailingReturns(raw);
  if (!state.dirty && !state.cut) {
    line({ text, number });
  } else if (text.includes("\r")) {
    for (const piece of text.split("\r")) {
      if (piece !== "") line(cleaned(piece, number, state.cut));
    }
  } else {
    line(cleaned(text, number, state.cut));
  }
}

function withoutTrailingReturns(raw: string): string {
  let end = raw.length;
  while (end > 0 && raw.charCodeAt(end - 1) === 13) end -= 1;
  return end === raw.length ? raw : raw.slice(0, end);
}

function cleaned(text: string, number: number, cut: boolean): PhysicalLine {
  const dirty = DIRT.test(text);
  if (!dirty && !cut) return { text, number };
  const damage: LineDamage[] = [];
  if (cut) damage.push("cut");
  if (text.includes("\0")) damage.push("nul-bytes");
  if (text.includes("\ufffd")) damage.push("invalid-utf8");
  const clean = withoutEscapes(text);
  return damage.length > 0 ? { text: clean, number, damage } : { text: clean, number };
}

/** Without terminal's sequences and control characters; no-break blanks are blanks. */
export function withoutEscapes(text: string): string {
  if (!DIRT.test(text)) return text;
  return text.replace(ESCAPE, "").replace(CONTROL, "").replace(NO_BREAK, " ");
}
