// Objects that a program wrote over several lines, one member a line:
//
//   dmesg -J   {                                journalctl   {
//                 "pri": 4,                     -o json-pretty  "MESSAGE" : "text",
//                 "time":     0.140706,                         "_TRANSPORT" : "kernel",
//                 "msg": "text"                                 "_SOURCE_MONOTONIC_TIMESTAMP" : "140706"
//              },{                                         }
//
// util-linux: sys-utils/dmesg.c print_record with lib/jsonwrt.c; systemd: json_variant_format, which writes
// a text that is no UTF-8 as an array of numbers, one a line.

import type { EventTime } from "#model/kernel-event.ts";
import { CONSUMED, type Framed, type Framing } from "./framing.ts";
import { toJournalFramed } from "./journal-fields.ts";
import { readSeconds } from "./stamp.ts";

//                  "name"            :   value    ,
const MEMBER = /^\s{0,40}"([\w.@-]{1,64})"\s?: {0,16}(.*?),?\s?$/;
const ELEMENT = /^\s{0,40}(\d{1,3}|"[^"\\]{0,4096}"),?$/;
const OPEN = /^\s{0,40}(?:\},)?\{$/;
const CLOSE = /^\s{0,40}\},?$/;
const LEVELS = ["emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"];
/** More members, or bytes of one, are no message of the kernel. */
const MAX_MEMBERS = 256;
const MAX_BYTES = 1 << 16;

interface Block {
  readonly members: Record<string, unknown>;
  readonly first: number;
  count: number;
  /** The array whose elements are being read. */
  array?: unknown[] | undefined;
}

export const jsonBlock: Framing = {
  name: "json-block",
  open: () => {
    let block: Block | undefined;

    function close(last: number): Framed | typeof CONSUMED {
      const done = block;
      block = undefined;
      const framed = done === undefined ? undefined : toFramed(done.members);
      if (done === undefined || framed === undefined) return CONSUMED;
      return { ...framed, lines: { first: done.first, last } };
    }

    return (line, number) => {
      if (OPEN.test(line)) {
        const done = line.includes("}") ? close(number) : CONSUMED;
        block = { members: {}, first: number, count: 0 };
        return done;
      }
      if (block === undefined) return undefined;
      if (CLOSE.test(line)) return close(number);
      if (takeLine(block, line)) return CONSUMED;
      block = undefined;
      return undefined;
    };
  },
};

/** False when the line is none of the object's. */
function takeLine(block: Block, line: string): boolean {
  if (block.array !== undefined) {
    const element = ELEMENT.exec(line)?.[1];
    if (element !== undefined && block.array.length < MAX_BYTES) {
      block.array.push(parseValue(element));
      return true;
    }
    block.array = undefined;
    return /^\s{0,40}\],?$/.test(line);
  }
  const member = MEMBER.exec(line);
  block.count += 1;
  if (member === null || block.count > MAX_MEMBERS) return false;
  const [, name = "", value = ""] = member;
  if (value === "[") block.array = [];
  block.members[name] = block.array ?? parseValue(value);
  return true;
}

/** dmesg's times keep the digits they are written with. */
function parseValue(value: string): unknown {
  if (!value.startsWith('"')) return /^\d{1,3}$/.test(value) ? Number(value) : value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    // Cut off: as good as absent.
    return undefined;
  }
}

/** Undefined for an object that is neither the journal's nor dmesg's. */
function toFramed(members: Readonly<Record<string, unknown>>): Framed | undefined {
  if (members.MESSAGE !== undefined) return toJournalFramed(members);
  const { msg, time, pri, fac, caller } = members;
  if (typeof msg !== "string" || (time === undefined && pri === undefined)) return undefined;
  const seconds = typeof time === "string" ? readSeconds(time.trim(), 0) : undefined;
  const clock: EventTime | undefined =
    seconds === undefined ? undefined : { monotonic: seconds.nanos };
  const isKernels = fac === undefined || fac === "kern" || fac === 0;
  return {
    // From a file (dmesg -F, 2.38) each message drags the rest of the file along.
    text: msg.split("\n<", 1)[0] ?? "",
    // -x adds the facility by name; without it dmesg does not say whose words these are.
    kernel: isKernels,
    program: isKernels ? undefined : String(fac),
    time: clock,
    level: levelOf(pri),
    caller: typeof caller === "string" ? caller : undefined,
  };
}

function levelOf(pri: unknown): number | undefined {
  if (typeof pri === "number") return pri & 7;
  const named = LEVELS.indexOf(String(pri));
  return named < 0 ? undefined : named;
}
