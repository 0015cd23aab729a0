// Loops in general: what is polled, delays, and the rendezvous of stop_machine().

import type { MachineInstruction } from "#model/instruction.ts";
import type { DelayLoopFact, PollLoopFact, StopMachinePollFact } from "#model/machine-fact.ts";
import { matchInOrder, NO_CAPTURES } from "../match-instructions.ts";
import { MULTI_CPU_STOP, STATE_READ, STOP_MACHINE_YIELD } from "../shapes/stop-machine.ts";
import { addressNow, isIn, isKernelAddress, printed, spansOf, type Window } from "../window.ts";

export function findPollLoop(window: Window): PollLoopFact | undefined {
  // Several exits that depend on memory: which of them the loop waits for is not for the bytes to say.
  const [poll] = window.polls;
  if (poll === undefined || window.polls.length > 1) return undefined;
  const address = addressNow(window.input, poll.operand);
  const holder = poll.valueIn.find((held) => !held.masked) ?? poll.valueIn[0];
  const value = holder === undefined ? undefined : printed(window.input, holder.register);
  return {
    kind: "poll-loop",
    from: poll.loop.from,
    to: poll.loop.to,
    operand: poll.operand,
    width: poll.width,
    mask: poll.mask,
    until: poll.until,
    ...(address === undefined ? {} : { address }),
    ...(holder === undefined || value === undefined
      ? {}
      : {
          value: {
            register: holder.register,
            value: value & ((1n << BigInt(poll.width * 8)) - 1n),
            masked: holder.masked,
          },
        }),
    pause: poll.pause,
    certain: true,
    proof: {
      bytes: spansOf(poll.loop.body),
      registers: poll.operand.base === undefined ? [] : [poll.operand.base],
    },
  };
}

/** delay_tsc(), delay_loop(), delay_halt_tpause() of arch/x86/lib/delay.c, and loops like them. */
export function findDelayLoop(window: Window): DelayLoopFact | undefined {
  const { loop, polls } = window;
  if (polls.length > 0) return undefined;
  if (loop === undefined) return findNamedDelay(window);
  const by = delayedBy(loop.body);
  if (by === undefined) return undefined;
  return {
    kind: "delay-loop",
    by,
    from: loop.from,
    to: loop.to,
    certain: true,
    proof: { bytes: spansOf(loop.body), registers: [] },
  };
}

function delayedBy(body: readonly MachineInstruction[]): DelayLoopFact["by"] | undefined {
  const names = new Set(body.map((instruction) => instruction.mnemonic));
  if (names.has("rdtsc") || names.has("rdtscp")) return "tsc";
  if (names.has("tpause")) return "tpause";
  const registersOnly = body.every((one) => one.memoryAccess === "none");
  if (names.has("pause") && registersOnly) return "pause";
  return body.every((one) => COUNTING.has(one.mnemonic)) ? "count" : undefined;
}

/** delay_tsc() is longer than a window: its name and the clock it reads must do. */
function findNamedDelay(window: Window): DelayLoopFact | undefined {
  if (!isIn(window.input, ["delay_tsc"])) return undefined;
  const telling = window.instructions.filter((one) => TELLING_TIME.has(one.mnemonic));
  const [first] = telling;
  const last = telling.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return {
    kind: "delay-loop",
    by: "tsc",
    from: first.at,
    to: last.at + last.length,
    certain: true,
    proof: { bytes: spansOf(telling), registers: [] },
  };
}

const TELLING_TIME: ReadonlySet<string> = new Set(["rdtsc", "rdtscp", "pause"]);

const COUNTING: ReadonlySet<string> = new Set(["dec", "sub", "jne", "jns", "nop"]);

/** A CPU at the rendezvous of stop_machine(): it waits for the others, and is not the one that is late. */
export function findStopMachine(window: Window): StopMachinePollFact | undefined {
  if (isIn(window.input, STOP_MACHINE_YIELD)) return findYield(window);
  if (!isIn(window.input, MULTI_CPU_STOP)) return undefined;
  const read = matchInOrder(STATE_READ, window.instructions, NO_CAPTURES);
  if (read === undefined) return undefined;
  const [, compare] = read.instructions;
  const [news, left, right] = ["$N", "$A", "$B"].map((name) => read.registers.get(name));
  if (compare === undefined || (news !== left && news !== right)) return undefined;
  const register = read.registers.get("$M");
  const data = register === undefined ? undefined : printed(window.input, register);
  return {
    kind: "stop-machine-poll",
    ...(data === undefined || !isKernelAddress(data) ? {} : { data }),
    certain: true,
    proof: {
      bytes: spansOf(read.instructions),
      registers: register === undefined ? [] : [register],
    },
  };
}

/** stop_machine_yield() is pause and return: RIP is at the one or right behind it. */
function findYield(window: Window): StopMachinePollFact | undefined {
  const { trapIndex } = window.input;
  const pause = window.instructions.find(
    (one) =>
      one.mnemonic === "pause" && (one.at === trapIndex || one.at + one.length === trapIndex),
  );
  if (pause === undefined) return undefined;
  return {
    kind: "stop-machine-poll",
    certain: true,
    proof: { bytes: spansOf([pause]), registers: [] },
  };
}
