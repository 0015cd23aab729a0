// Who has not acknowledged an IPI: the csd a loop polls, and the register that still holds the target CPU.
// Sources: kernel/smp.c csd_lock_wait(), smp_call_function_many_cond(): the csd of CPU n is
// per_cpu_ptr(cfd->csd, n), that is cfd->csd + __per_cpu_offset[n].

import type { LoopShape } from "#model/code-shape.ts";
import type { RegisterName } from "#model/instruction.ts";
import type { CsdRefutation, PollsCsdFact } from "#model/machine-fact.ts";
import { type Poll, registersHolding } from "../poll-loop.ts";
import { CSD_WAITS } from "../shapes/csd-wait.ts";
import { withoutExtension } from "../value.ts";
import { isIn, isKernelAddress, printed, spansOf, type Window } from "../window.ts";
import { fitsLoopShape, perCpuAddress } from "./loop-shape.ts";

/** x86's largest NR_CPUS (CONFIG_MAXSMP). */
const MOST_CPUS = 8192n;

export function findCsdPoll(window: Window): PollsCsdFact | undefined {
  for (const shape of CSD_WAITS) {
    if (shape.gives.kind !== "csd" || !isPlausible(window, shape)) continue;
    const poll = window.polls.find((one) => one.pause && fitsLoopShape(window, one, shape));
    if (poll === undefined) continue;
    return describe(window, poll, shape.gives.form, isIn(window.input, shape.functions));
  }
  return undefined;
}

/** Only the per-CPU form is told by code alone; the others need the function's name. */
function isPlausible(window: Window, shape: LoopShape): boolean {
  if (isIn(window.input, shape.functions)) return true;
  return shape.gives.kind === "csd" && shape.gives.form === "many";
}

function describe(
  window: Window,
  poll: Poll,
  form: PollsCsdFact["form"],
  named: boolean,
): PollsCsdFact {
  const csdRegister = poll.operand.base;
  const csd = csdRegister === undefined ? undefined : printed(window.input, csdRegister);
  const holders = form === "single" ? [] : awaitedRegisters(window, poll);
  const values = holders.map((register) => printed(window.input, register));
  const value = values[0] === undefined ? undefined : values[0] & 0xffffffffn;
  const flags = flagsIn(window, poll);
  const refuted = form === "single" ? [] : refutations(window, { value, csd, flags });
  const agrees = values.every((other) => other !== undefined && (other & 0xffffffffn) === value);
  const usable = value !== undefined && agrees && refuted.length === 0;
  const [awaitedRegister] = holders;
  return {
    kind: "polls-csd",
    form,
    ...(usable ? { awaitedCpu: Number(value) } : {}),
    ...(awaitedRegister === undefined ? {} : { awaitedRegister }),
    awaitedRegisters: holders,
    ...(csd === undefined || form === "single" ? {} : { csd }),
    ...(csdRegister === undefined ? {} : { csdRegister }),
    ...(form === "single" ? {} : { flagsOffset: poll.operand.displacement }),
    ...(flags === undefined ? {} : { flags }),
    refuted,
    certain: named && refuted.length === 0,
    proof: {
      bytes: spansOf([...poll.loop.body, ...indexRead(window, poll)]),
      registers: [...holders, ...(csdRegister === undefined ? [] : [csdRegister])],
    },
  };
}

/** Registers that hold the CPU whose offset was added; the index itself is often overwritten by then. */
function awaitedRegisters(window: Window, poll: Poll): RegisterName[] {
  const address = perCpuAddress(window, poll);
  if (address === undefined) return [];
  return registersHolding(window.state, address.index, withoutExtension);
}

function indexRead(window: Window, poll: Poll): Window["instructions"] {
  const readAt = perCpuAddress(window, poll)?.readAt;
  return window.instructions.filter((instruction) => instruction.at === readAt);
}

/** The flags as last read: unmasked where a register still has them. */
function flagsIn(window: Window, poll: Poll): PollsCsdFact["flags"] {
  const holders = [...poll.valueIn].sort((a, b) => Number(a.masked) - Number(b.masked));
  const register = holders[0]?.register;
  const value = register === undefined ? undefined : printed(window.input, register);
  return register === undefined || value === undefined
    ? undefined
    : { register, value: value & 0xffffffffn };
}

function refutations(
  window: Window,
  found: {
    readonly value: bigint | undefined;
    readonly csd: bigint | undefined;
    readonly flags: PollsCsdFact["flags"];
  },
): CsdRefutation[] {
  const { nrCpuIds, reportingCpu } = window.input;
  const refuted: CsdRefutation[] = [];
  const limit = nrCpuIds === undefined ? MOST_CPUS : BigInt(nrCpuIds);
  if (found.value !== undefined && found.value >= limit) refuted.push("not-a-cpu");
  if (found.value !== undefined && reportingCpu !== undefined)
    if (found.value === BigInt(reportingCpu)) refuted.push("is-reporting-cpu");
  if (found.csd !== undefined && !isKernelAddress(found.csd))
    refuted.push("csd-not-kernel-address");
  if (found.flags !== undefined && (found.flags.value & 1n) === 0n) refuted.push("not-locked");
  return refuted;
}
