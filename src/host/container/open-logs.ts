// The logs behind the names on a command line: files, compressed or not, archives, directories of rotated
// logs, standard input. What a file is, its content says.

import { createReadStream, type Dirent, statSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "#base/app-error.ts";
import { chooseLogs, headOfFile, onlyLogs } from "./choose-logs.ts";
import { type ContentKind, findContentKind, SNIFF_LENGTH } from "./content-kind.ts";
import { type Chunks, decompress } from "./decompress-stream.ts";
import {
  type Continuation,
  familiesInOrder,
  inLogOrder,
  isLogName,
  type OrderedLog,
} from "./log-order.ts";
import { readTar, type TarEntry } from "./tar.ts";

export interface LogFile {
  /** As given, or `archive.tar.xz:var/log/messages` for a log inside another file. */
  readonly name: string;
  /** Text of the log; to be read before the next log is asked for. */
  readonly chunks: Chunks;
  /** Set where this is the file in which the log before goes on; how sure that is, and why. */
  readonly continues?: Continuation;
}

export interface OpenLogOptions {
  /** Told what was left out or broke off; the analysis goes on. */
  readonly warn: (message: string) => void;
}

interface Opened extends OpenLogOptions {
  readonly name: string;
  /** Inside a directory or an archive: what is no log is passed over instead of refused. */
  readonly isPart: boolean;
  readonly depth: number;
  readonly continues?: Continuation | undefined;
}

const CHUNK = 1 << 18;
/** `x.tar.gz.xz` is the deepest that ever made sense. */
const MAX_DEPTH = 4;
const MAX_FOLDER_DEPTH = 6;
/** A hole this large is a device or a sparse file without end; a crash leaves some blocks. */
const MOST_EMPTY = 1 << 28;
const NOTHING = new Uint8Array(CHUNK);
/** Files of one archive; more names are no collection of one machine's logs. */
const MAX_ENTRIES = 10_000;
/** Logs of one archive held to put them in order; the rest comes in the archive's order. */
const MAX_HELD = 1 << 26;

/**
 * @throws AppError with code `file/…` for a file that is missing, denied, empty or no log, and for a
 *   directory or archive without any
 */
export async function* openLogs(
  names: readonly string[],
  options: OpenLogOptions,
): AsyncGenerator<LogFile> {
  const logs = chooseLogs(names, { order: familiesInOrder, headOf: headOfFile });
  yield* inTurn(logs, options, (log, turn) => openName(log.path, turn));
}

/** What opening one of several logs needs to know of the one before. */
interface Turn extends OpenLogOptions {
  readonly continues?: Continuation | undefined;
}

/**
 * Opens one log after the other. One goes on in the next only where it was read to its end: behind a file
 * that breaks off or is none, lines are missing.
 */
async function* inTurn(
  logs: readonly OrderedLog[],
  options: OpenLogOptions,
  open: (log: OrderedLog, turn: Turn) => AsyncGenerator<LogFile> | undefined,
): AsyncGenerator<LogFile> {
  let isWhole = false;
  for (const log of logs) {
    const continues: Continuation | undefined = isWhole ? log.continues : undefined;
    let warned = false;
    const warn = (message: string): void => {
      warned = true;
      options.warn(message);
    };
    const opened = open(log, { warn, continues });
    if (opened === undefined) {
      // An empty file between two others cuts nothing off.
      isWhole = continues !== undefined;
      continue;
    }
    let count = 0;
    for await (const file of opened) {
      count += 1;
      yield file;
    }
    isWhole = count === 1 && !warned;
  }
}

async function* openName(name: string, turn: Turn): AsyncGenerator<LogFile> {
  if (name !== "-") yield* openPath(name, turn);
  else {
    const opened = { warn: turn.warn, name: "standard input", isPart: false, depth: 0 };
    yield* openContent(process.stdin, opened);
  }
}

async function* openPath(path: string, options: Turn): AsyncGenerator<LogFile> {
  const info = await stat(path).catch((error: unknown) => {
    throw toAppError(path, error);
  });
  if (!info.isDirectory()) {
    // Read up to the size it has now: a log that grows as fast as it is read has no end.
    const end = info.isFile() && info.size > 0 ? { end: info.size - 1 } : {};
    yield* openContent(readFile(path, end, options.warn), {
      ...options,
      name: path,
      isPart: false,
      depth: 0,
    });
    return;
  }
  let found = false;
  const files = chooseLogs(onlyLogs(await listFiles(path, options.warn), path), {
    order: inLogOrder,
    headOf: headOfFile,
    leave: (file, why) => options.warn(`${file}: ${why}, passed over`),
  });
  for await (const log of inTurn(files, options, (file, turn) => openPart(file.path, turn))) {
    found = true;
    yield log;
  }
  if (!found) throw nothingFound(path, "directory");
}

/** A file of a directory; undefined for an empty one. */
function openPart(file: string, turn: Turn): AsyncGenerator<LogFile> | undefined {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return undefined;
  const opened = { ...turn, name: file, isPart: true, depth: 0 };
  return openOneOf(readFile(file, { end: size - 1 }, turn.warn), opened);
}

/** The logs of one file among many: one that cannot be read is passed over, the others are not. */
async function* openOneOf(input: Chunks, opened: Opened): AsyncGenerator<LogFile> {
  try {
    yield* openContent(input, opened);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    opened.warn(`${error.message}, passed over`);
  }
}

async function* readFile(
  path: string,
  range: { end?: number },
  warn: (message: string) => void,
): AsyncGenerator<Uint8Array> {
  let empty = 0;
  let isText = false;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK, ...range })) {
      empty = isEmpty(chunk) ? empty + chunk.length : 0;
      isText ||= empty === 0;
      if (empty > MOST_EMPTY) {
        const what = `${path}: nothing but NUL bytes for ${MOST_EMPTY / 2 ** 20} MiB`;
        if (!isText) throw new AppError("file/not-a-log", what, "pass a log that has lines in it");
        warn(`${what}: read up to there`);
        return;
      }
      yield chunk;
    }
  } catch (error) {
    throw toAppError(path, error);
  }
}

function isEmpty(chunk: Uint8Array): boolean {
  return chunk[0] === 0 && Buffer.compare(chunk, NOTHING.subarray(0, chunk.length)) === 0;
}

/** Regular files only: no link is followed, no pipe or device opened. */
async function listFiles(root: string, warn: (message: string) => void): Promise<string[]> {
  const files: string[] = [];
  async function list(folder: string, depth: number): Promise<void> {
    for (const entry of await entriesOf(folder, depth, warn)) {
      const path = join(folder, entry.name);
      if (entry.isFile()) files.push(path);
      else if (entry.isDirectory() && depth < MAX_FOLDER_DEPTH) await list(path, depth + 1);
    }
  }
  await list(root, 0);
  return files;
}

/** A folder inside the one asked for that may not be read is passed over. */
async function entriesOf(
  folder: string,
  depth: number,
  warn: (message: string) => void,
): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    const error = toAppError(folder, cause);
    if (depth === 0 || !(error instanceof AppError)) throw error;
    warn(`${error.message}, passed over`);
    return [];
  }
}

/** The log or logs in a stream of bytes, whatever they are wrapped in. */
async function* openContent(input: Chunks, opened: Opened): AsyncGenerator<LogFile> {
  const { head, chunks } = await peek(input);
  if (head.length === 0) {
    if (opened.isPart) return;
    throw new AppError("file/empty", `${opened.name}: empty`, "pass a log that has lines in it");
  }
  const content = findContentKind(head);
  const { name, continues } = opened;
  const log = { name, ...(continues === undefined ? {} : { continues }) };
  if (content.kind === "text") yield { ...log, chunks };
  else if (content.kind === "utf-16") yield { ...log, chunks: toUtf8(chunks, content.label) };
  else if (content.kind === "foreign" || opened.depth >= MAX_DEPTH) refuse(content, opened);
  else if (content.kind === "tar") yield* openArchive(chunks, opened);
  else
    yield* openContent(decompress(content.codec, chunks, opened), {
      ...opened,
      depth: opened.depth + 1,
    });
}

function refuse(content: ContentKind, opened: Opened): void {
  const what = content.kind === "foreign" ? content.what : "packed too many times over";
  if (opened.isPart) {
    opened.warn(`${opened.name}: ${what}, passed over`);
    return;
  }
  throw new AppError("file/not-a-log", `${opened.name}: ${what}, not a log`, adviceFor(what));
}

function adviceFor(what: string): string {
  if (what.includes("journal")) return "export it: journalctl --file FILE -k -o short-monotonic";
  if (what.includes("archive")) return "unpack it and pass the logs inside";
  return "pass the kernel's log as text";
}

async function* openArchive(input: Chunks, opened: Opened): AsyncGenerator<LogFile> {
  const held = new Map<string, Uint8Array[]>();
  let size = 0;
  let entries = 0;
  let found = false;
  const { warn } = opened;
  const inside = { warn, isPart: true, depth: opened.depth + 1 };
  const nameOf = (entry: string): string => `${opened.name}:${entry}`;

  for await (const entry of readTar(input)) {
    if (!isLogName(entry.name) || entry.size === 0) continue;
    entries += 1;
    if (entries > MAX_ENTRIES) {
      opened.warn(`${opened.name}: more than ${MAX_ENTRIES} logs, the others are passed over`);
      break;
    }
    if (size + entry.size <= MAX_HELD) {
      size += entry.size;
      held.set(entry.name, await collect(entry));
      continue;
    }
    for await (const log of openOneOf(entry.chunks, { ...inside, name: nameOf(entry.name) })) {
      found = true;
      yield log;
    }
  }
  const take = ({ path }: OrderedLog, turn: Turn): AsyncGenerator<LogFile> => {
    const content = held.get(path) ?? [];
    held.delete(path);
    return openOneOf(fromArray(content), { ...inside, ...turn, name: nameOf(path) });
  };
  const logs = chooseLogs([...held.keys()], {
    order: inLogOrder,
    headOf: (entry) => held.get(entry)?.[0],
    leave: (entry, why) => warn(`${nameOf(entry)}: ${why}, passed over`),
  });
  for await (const log of inTurn(logs, { warn }, take)) {
    found = true;
    yield log;
  }
  if (!found && !opened.isPart) throw nothingFound(opened.name, "archive");
}

async function collect(entry: TarEntry): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  for await (const chunk of entry.chunks) parts.push(chunk.slice());
  return parts;
}

async function* fromArray(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

async function* toUtf8(input: Chunks, label: string): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(label);
  const encoder = new TextEncoder();
  for await (const chunk of input) yield encoder.encode(decoder.decode(chunk, { stream: true }));
  yield encoder.encode(decoder.decode());
}

/** The first bytes, and the stream with them still in it. */
async function peek(input: Chunks): Promise<{ head: Uint8Array; chunks: Chunks }> {
  const source = input[Symbol.asyncIterator]();
  const parts: Uint8Array[] = [];
  let size = 0;
  while (size < SNIFF_LENGTH) {
    const next = await source.next();
    if (next.done === true) break;
    parts.push(next.value);
    size += next.value.length;
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield* parts;
    for (;;) {
      const next = await source.next();
      if (next.done === true) return;
      yield next.value;
    }
  }
  return { head: Buffer.concat(parts).subarray(0, SNIFF_LENGTH), chunks: whole() };
}

function nothingFound(name: string, what: "directory" | "archive"): AppError {
  return new AppError(
    "file/directory-empty",
    `${name}: no log in this ${what}`,
    "pass the log file itself",
  );
}

/** Errors of the file system in the words of a user. */
function toAppError(path: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new AppError("file/missing", `${path}: no such file`, "check the path", error);
  }
  if (code === "EACCES" || code === "EPERM") {
    return new AppError(
      "file/denied",
      `${path}: permission denied`,
      "read it as root or copy it",
      error,
    );
  }
  if (error instanceof AppError || code === undefined) return error;
  return new AppError(
    "file/unreadable",
    `${path}: cannot be read (${code})`,
    "check the disk and the file",
    error,
  );
}
