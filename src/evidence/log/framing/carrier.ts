// What carries a program's output line by line and puts each line into something of its own: container
// runtimes, log stores, test labs, event streams. The carried line comes out as the program wrote it, with
// the carrier's time before it where it has a stamp of printk's: such a line is a framing's (dmesg-iso.ts).
//
// Invariant: a line is taken out of its carrier only where the carrier's own shape is complete, and out of a
// member that any program may use (`msg`) only where a line of a log with its head stands in it.

import { type PhysicalLine, withoutEscapes } from "../lines.ts";
import { startsLikeHead } from "./head-start.ts";
import { isMonotonicHost } from "./journal-monotonic.ts";
import { linesOfMember, linesOfObject } from "./json-text.ts";
import { readStamp } from "./stamp.ts";
import { timeColumnEnd } from "./time-column.ts";

export interface Carriers {
  line(line: PhysicalLine): void;
  /** Nothing goes on across: the end, or a fence. */
  end(): void;
}

/** Of a line that a runtime broke in parts (at 16 KiB). */
const MAX_PARTS = 1 << 20;

export function openCarriers(output: (line: PhysicalLine) => void): Carriers {
  /** Parts of one carried line. */
  let open: { line: PhysicalLine; text: string } | undefined;

  function flush(): void {
    if (open !== undefined) output(taken(open.line, open.text));
    open = undefined;
  }

  function take(line: PhysicalLine, carried: Carried): void {
    const { text, isPart } = carried;
    if (open !== undefined && open.text.length + text.length <= MAX_PARTS) {
      open = { line: open.line, text: open.text + withoutTime(text, carried) };
    } else {
      flush();
      open = { line, text };
    }
    if (isPart !== true) flush();
  }

  return {
    line(line) {
      const carried = findCarried(line.text);
      if (carried === undefined) {
        if (open !== undefined) flush();
        output(line);
      } else if (typeof carried === "object" && "text" in carried) {
        take(line, carried);
      } else {
        const texts = typeof carried === "string" ? toMessages(carried) : carried;
        for (const text of texts) output(taken(line, text));
      }
    },
    end: flush,
  };
}

/** A console's colors come out of a JSON string as they went in. */
function taken(line: PhysicalLine, text: string): PhysicalLine {
  return { ...line, text: withoutEscapes(text), inner: true };
}

/** What stood in a quote, in an encoded mail or in another carrier may itself be a carrier's line. */
export function openInnerCarriers(output: (line: PhysicalLine) => void): Carriers {
  const carriers = openCarriers(output);
  return {
    line(line) {
      if (line.inner === true) carriers.line(line);
      else {
        carriers.end();
        output(line);
      }
    },
    end: carriers.end,
  };
}

interface Carried {
  readonly text: string;
  readonly time: string | undefined;
  readonly isPart?: boolean;
}

/** A part in the middle of a line may begin with what looks like a stamp. */
function withoutTime(text: string, { time }: Carried): string {
  return time !== undefined && text.startsWith(`${time} `) ? text.slice(time.length + 1) : text;
}

/** Asked of every line: the first character settles it for nearly all. */
function findCarried(text: string): Carried | string | readonly string[] | undefined {
  const first = text.charCodeAt(0);
  if (first === 91) return behindTime(text);
  if (first === 123) return readContainer(text);
  if (first >= 48 && first <= 57) {
    return text.charCodeAt(4) === 45 ? readDated(text) : readCounted(text);
  }
  if (first === 45) return text.startsWith("- {") ? readLab(text) : undefined;
  if (first === 100) return text.startsWith('data: {"') ? text.slice(6) : undefined;
  if (first === 34 || first === 124) return linesOfMember(text) ?? readCell(text.trimEnd());
  if (first === 32 || first === 9) {
    const rows = linesOfMember(text);
    if (rows !== undefined) return rows;
  }
  if (first >= 65 && first <= 83) {
    const relayed = RELAYED.exec(text);
    if (relayed !== null) return text.slice(relayed[0].length);
    const behind = behindTime(text);
    if (behind !== undefined) return behind;
  }
  const step = text.includes("\t") ? STEP.exec(text) : null;
  return step === null ? undefined : text.slice(step[0].length);
}

/** Of a table whose first cell is a date, quoted where a cell holds a comma (RFC 4180). */
function readDated(text: string): Carried | string | undefined {
  const carried = readCri(text) ?? behindTime(text);
  if (carried !== undefined || text.charCodeAt(text.length - 1) !== 34) return carried;
  const cell = text.indexOf(',"[');
  return cell < 0 || readStamp(text, cell + 2) === undefined
    ? undefined
    : text.slice(cell + 2, -1).replaceAll('""', '"');
}

function behindTime(text: string): string | undefined {
  const end = timeColumnEnd(text);
  return end > 0 ? text.slice(end) : undefined;
}

//              2026-11-27T17:43:01.123456789Z or +00:00             stdout            P:tags
const CRI =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) (?:stdout|stderr) ([FP])(?::\S{1,64})? /;

//              2026-11-27T17:43:01.123456Z                      00O and + for a line that goes on
const GITLAB = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z) [\da-f]{2}[OE](?: |\+|$)/;

/**
 * Kubernetes' container runtime interface, whose `P` marks a part of a line, and GitLab's runner, whose
 * number and letter of a stream would pass for a host.
 */
function readCri(text: string): Carried | undefined {
  const head = CRI.exec(text) ?? GITLAB.exec(text);
  if (head === null) return undefined;
  const [whole, time = "", kind] = head;
  return { text: timed(text.slice(whole.length), time), time, isPart: kind === "P" };
}

/** A job and a step before each line of a downloaded GitHub Actions log. */
const STEP = /^[^\t]{1,128}\t[^\t]{1,128}\t(?=\d{4}-\d\d-\d\dT\d\d:\d\d:)/;
/** A receiver of syslog wrote down what an extended netconsole sent. */
const RELAYED =
  /^[A-S][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S{1,128} (?=(?:\d[\w.+-]{2,64},)?\d{1,3},\d{1,20},\d{1,17},[-c+][,;])/;

/** Members of a JSON object that hold a line of a log: Docker, Loki, GCP, CloudWatch and beats, any program. */
const TEXTS = ["log", "line", "textPayload", "@message", "message", "msg"];
const TIMES = ["time", "timestamp", "@timestamp", "ts", "dt"];

function readContainer(object: string): Carried | readonly string[] | undefined {
  if (!object.startsWith('{"') || object.includes('"MESSAGE"') || !object.endsWith("}"))
    return undefined;
  const members = parseObject(object);
  if (members === undefined) return undefined;
  const name = TEXTS.find((member) => typeof members[member] === "string");
  if (name === undefined) return linesOfObject(members);
  const text = String(members[name]);
  // rsyslog's property `msg` begins with the blank behind the tag.
  const line = text.startsWith(" [") ? text.slice(1) : text;
  // Docker's json-file driver: {"log":"…\n","stream":"stdout","time":"…"}; parts lack the line feed.
  const isDocker = name === "log" && typeof members.stream === "string";
  if (!isDocker && !startsLikeHead(line)) return linesOfObject(members);
  const time = timeOf(members);
  const whole = withoutLineEnd(line);
  return { text: timed(whole, time), time, isPart: isDocker && whole === line };
}

/** By character: a pattern for the last of many line feeds takes quadratic time. */
function withoutLineEnd(line: string): string {
  let end = line.length;
  while (line.charCodeAt(end - 1) === 10 || line.charCodeAt(end - 1) === 13) end -= 1;
  return line.slice(0, end);
}

/** LAVA's log: `- {"dt": "…", "lvl": "target", "msg": "…"}`; other levels are the lab's own words. */
function readLab(text: string): Carried | "" | undefined {
  const members = parseObject(text.slice(2)) ?? parsePlainYaml(text);
  if (members === undefined || typeof members.lvl !== "string") return undefined;
  // What the lab itself says may quote the kernel: the prompts and patterns it waits for.
  if (members.lvl !== "target" && members.lvl !== "feedback") return "";
  if (typeof members.msg !== "string") return undefined;
  const time = timeOf(members);
  return { text: timed(members.msg.trimEnd(), time), time };
}

//                          {dt: '2026-…',           lvl: target,       msg: '…'}
const PLAIN_YAML = /^- \{dt: '([^']{1,40})', lvl: ([a-z]{1,16}), msg: '((?:[^']|'')*)'\}\s*$/;

/** As PyYAML writes it where no double quotes are asked for: single ones, doubled within. */
function parsePlainYaml(text: string): Readonly<Record<string, unknown>> | undefined {
  const match = PLAIN_YAML.exec(text);
  if (match === null) return undefined;
  return { dt: match[1], lvl: match[2], msg: match[3]?.replaceAll("''", "'") };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    // An object is all that is claimed here; each member is looked at before it is used.
    return typeof value === "object" && value !== null
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    // Cut off, or no JSON: the line is some framing's, or nobody's.
    return undefined;
  }
}

function timeOf(members: Readonly<Record<string, unknown>>): string | undefined {
  const time = TIMES.map((name) => members[name]).find((value) => typeof value === "string");
  return typeof time === "string" &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:[\d.]{2,12}(?:Z|[+-]\d\d:\d\d)?$/.test(time)
    ? time
    : undefined;
}

/** The carrier's time before a line that has the kernel's stamp and so no date of its own. */
function timed(text: string, time: string | undefined): string {
  const stamp = time === undefined ? undefined : readStamp(text, 0);
  return stamp === undefined || isMonotonicHost(text, stamp.end) ? text : `${time} ${text}`;
}

/** `"…",` of a list of strings and `| … |` of a table, where a line of a log stands in it. */
function readCell(text: string): string | undefined {
  if (text.charCodeAt(0) === 34) return readQuotedCell(text);
  const cell = /^\|\s?(.*?)\s?\|?$/.exec(text)?.[1];
  return cell !== undefined && startsLikeHead(cell) ? cell : undefined;
}

/** A row of a table that a log store exported (RFC 4180) or a list's string; dates alone are no line. */
function readQuotedCell(text: string): string | undefined {
  const whole = /^"(.*)"[,;]?$/.exec(text)?.[1];
  if (whole === undefined) return undefined;
  const cells = whole.split(/"[,;]"/);
  const cell =
    cells.length === 1 ? whole : cells.findLast((one) => readStamp(one, 0) !== undefined);
  if (cell === undefined || !startsLikeHead(cell)) return undefined;
  // A program's list escapes by a backslash, a table doubles the mark.
  return cell.includes('\\"') ? cell.replace(/\\(["\\])/g, "$1") : cell.replaceAll('""', '"');
}

//                    length   <4>1 of RFC 5424
const COUNTED = /^(\d{1,5}) (?=<\d{1,3}>1 \d{4}-)/;

/** Octet counting of RFC 6587: the length before each message instead of a line feed behind it. */
function readCounted(text: string): string | undefined {
  return COUNTED.test(text) ? text : undefined;
}

/** The messages of a line whose octets are counted; the line itself where nothing is; of no line none. */
function toMessages(text: string): readonly string[] {
  const messages: string[] = [];
  let rest = text;
  for (let head = COUNTED.exec(rest); head !== null; head = COUNTED.exec(rest)) {
    const from = head[0].length;
    const end = endOfOctets(rest, from, Number(head[1]));
    messages.push(rest.slice(from, end));
    rest = rest.slice(end);
  }
  if (rest !== "") messages.push(rest);
  return messages;
}

/** Index behind so many bytes of UTF-8. */
function endOfOctets(text: string, from: number, octets: number): number {
  let at = from;
  for (let left = octets; left > 0 && at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    // Half of a pair counts for two of its four bytes.
    left -= code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 2 : 3;
  }
  return at;
}
