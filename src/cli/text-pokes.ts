// The text-poke records of a perf.data file as lines, and the code at an address at a time.

import { type CodeAnswer, findCode } from "#app/code-at.ts";
import { AppError } from "#base/app-error.ts";
import { type FileSource, openFileSource } from "#host/file-source.ts";

/** `at` is hexadecimal, `time` seconds of perf's clock, both as typed. */
export function showPokes(path: string, at: string | undefined, time: string | undefined): string {
  const address = at === undefined ? undefined : toAddress(at);
  const when = time === undefined ? undefined : toNanoseconds(time);
  const source = open(path);
  try {
    const answer = findCode(source, path, {
      ...(address === undefined ? {} : { address }),
      ...(when === undefined ? {} : { time: when }),
    });
    const lines = answer.records.map(toLine);
    for (const gap of answer.gaps) lines.push(`gap at byte ${gap.offset}: ${gap.reason}`);
    if (lines.length === 0) lines.push("no text-poke records");
    if (answer.at !== undefined) lines.push("", ...codeLines(answer.at, when));
    return `${lines.join("\n")}\n`;
  } finally {
    source.close();
  }
}

function open(path: string): FileSource {
  try {
    return openFileSource(path);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "failed";
    const message = `cannot read ${path} (${reason})`;
    throw new AppError("file/unreadable", message, "check the name and its permissions", error);
  }
}

function toLine(record: CodeAnswer["records"][number]): string {
  const time = record.time === undefined ? "" : `${seconds(record.time)}  `;
  const cpu = record.cpu === undefined ? "" : `CPU ${record.cpu}  `;
  return `${time}${cpu}${hex(record.address)}  ${bytes(record.old)} -> ${bytes(record.new)}`;
}

function codeLines(at: NonNullable<CodeAnswer["at"]>, when: bigint | undefined): string[] {
  const moment = when === undefined ? "after the last record" : `at ${seconds(when)}`;
  const since = at.since === undefined ? "the beginning" : seconds(at.since);
  const until = at.until === undefined ? "the end" : seconds(at.until);
  return [
    `${hex(at.address)} ${moment}: ${bytes(at.bytes)}  ${at.text}`.trimEnd(),
    `  (from ${since} to ${until} of the recording)`,
  ];
}

function seconds(nanoseconds: bigint): string {
  const rest = String(nanoseconds % 1_000_000_000n).padStart(9, "0");
  return `${nanoseconds / 1_000_000_000n}.${rest}`;
}

function hex(address: bigint): string {
  return address.toString(16).padStart(16, "0");
}

function bytes(values: Iterable<number | undefined>): string {
  const words = [...values].map((byte) => byte?.toString(16).padStart(2, "0") ?? "??");
  return words.join(" ");
}

function toAddress(word: string): bigint {
  if (/^(0x)?[0-9a-f]{1,16}$/i.test(word)) return BigInt(`0x${word.replace(/^0x/i, "")}`);
  throw new AppError(
    "usage",
    `--at ${word} is no address`,
    "use --at ffffffff817d97dd, for example",
  );
}

function toNanoseconds(word: string): bigint {
  const match = /^(\d{1,9})(?:\.(\d{1,9}))?$/.exec(word);
  if (match === null) {
    throw new AppError(
      "usage",
      `--time ${word} is no time`,
      "use seconds, --time 2.25 for example",
    );
  }
  const [, whole = "0", fraction = ""] = match;
  return BigInt(whole) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0"));
}
