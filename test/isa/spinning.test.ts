// Lock slow paths, rendezvous, idle and delays, on windows of Debian's 5.10 and 6.1 kernels. The bytes are
// those of the loops in the images; registers are made up to have known meanings.

import { beforeAll, describe, expect, test } from "vitest";
import { loadIcedDecoder } from "#host/decoder/iced-decoder.ts";
import { analyzeCode } from "#isa/analyze-code.ts";
import type { CodeInput } from "#isa/code-input.ts";
import type { InstructionDecoder } from "#isa/decoder.ts";
import { decodeQrwlock, decodeQspinlock } from "#isa/facts/lock.ts";
import type { MachineFact } from "#model/machine-fact.ts";
import { windowOf } from "./code-reports.ts";

let decoder: InstructionDecoder;
beforeAll(async () => {
  decoder = await loadIcedDecoder();
});

const LOCK = 0xffff888012345680n;
const SLOWPATH = "native_queued_spin_lock_slowpath";

/** The kernel's own code in front of such a loop, so that the loop is certain. */
const HEAD =
  "0f ba 2b 08 0f 92 c2 8b 03 0f b6 d2 c1 e2 08 30 e4 09 d0 3d ff 00 00 00 0f 97 c1 85 c0";

describe("qspinlock", () => {
  test.each([
    [
      "the locked byte",
      "8b 03 84 c0 74 08 f3 90 <8b> 03 84 c0 75 f8 b8 01 00 00 00 66 89 03",
      "locked",
    ],
    [
      "the locked and pending bytes",
      "31 d2 eb 02 f3 90 8b 03 <66> 85 c0 75 f7 89 c6 66 31 f6 39 ce",
      "queue-head",
    ],
    [
      "pending, for a moment",
      "eb 05 83 e8 01 74 1f f3 90 8b 33 <81> fe 00 01 00 00 74 ef 81 fe ff 00 00 00",
      "pending",
    ],
  ] as const)("polls %s", (_name, code, phase) => {
    const found = spin(SLOWPATH, code, { rbx: LOCK, rax: 0x00140101n, rsi: 0x00140101n });
    expect(found).toMatchObject({ lock: "qspinlock", phase, address: LOCK, certain: true });
    expect(found?.qspinlock).toMatchObject({ locked: true, pending: true, tailCpu: 4 });
  });

  test("in the queue it polls its own node: the lock's address is not shown", () => {
    const code = "8b 45 08 85 c0 75 09 f3 90 <8b> 45 08 85 c0 74 f7 48 8b 55 00 48 85 d2 74 90";
    const found = spin(SLOWPATH, code, { rbp: LOCK });
    expect(found).toMatchObject({ lock: "qspinlock", phase: "queue-node", node: LOCK });
    expect(found).not.toHaveProperty("address");
  });

  test("a user-space address in the register makes it uncertain and unnamed", () => {
    const code = "8b 03 84 c0 74 08 f3 90 <8b> 03 84 c0 75 f8 b8 01 00 00 00 66 89 03";
    const found = spin(SLOWPATH, code, { rbx: 0x1000n });
    expect(found).toMatchObject({ certain: false });
    expect(found).not.toHaveProperty("address");
  });

  test("the same loop elsewhere is a poll loop, no lock", () => {
    const input = window(
      "vprintk_emit",
      "8b 03 84 c0 74 08 f3 90 <8b> 03 84 c0 75 f8 b8 01 00 00 00",
      { rbx: LOCK },
    );
    const kinds = analyzeCode(decoder, input).facts.map((fact) => fact.kind);
    expect(kinds).toEqual(["poll-loop"]);
  });
});

describe("rwlock", () => {
  test("a writer waits until only its own waiting bit is left", () => {
    const code = "8b 03 3d 00 01 00 00 74 0b f3 90 <8b> 03 3d 00 01 00 00 75 f5 89 c8 f0 0f b1 13";
    expect(spin("queued_write_lock_slowpath", code, { rbx: LOCK, rax: 0x700n })).toMatchObject({
      lock: "rwlock-write",
      address: LOCK,
      qrwlock: { writer: false, writerWaiting: true, readers: 3 },
    });
  });
});

describe("lock words", () => {
  test("qspinlock's tail is the CPU plus one", () => {
    expect(decodeQspinlock(1n)).toEqual({ value: 1n, locked: true, pending: false });
    expect(decodeQspinlock((8n << 18n) | (2n << 16n) | 1n)).toMatchObject({
      tailCpu: 7,
      tailIndex: 2,
    });
  });

  test("qrwlock counts readers above the writer's bits", () => {
    expect(decodeQrwlock(0x2ffn)).toEqual({
      value: 0x2ffn,
      writer: true,
      writerWaiting: false,
      readers: 1,
    });
  });
});

describe("other places", () => {
  test("stop_machine's rendezvous: yielding, and reading the state", () => {
    const yielding = {
      ...windowOf("f3 90 <e9> b8 f4 c6 00 cc cc cc"),
      symbol: "stop_machine_yield",
      offset: 2,
    };
    expect(fact(yielding, "stop-machine-poll")).toMatchObject({ certain: true });
    const reading = window(
      "multi_cpu_stop",
      "4c 89 ef e8 53 ff ff ff <44> 8b 73 20 45 39 f4 75 ab 41 83 fe 01 76 0a",
      { rbx: LOCK },
    );
    expect(fact(reading, "stop-machine-poll")).toMatchObject({ data: LOCK, certain: true });
  });

  test("hlt with sti in front is the idle loop, not a late sample", () => {
    const input = {
      ...window("native_safe_halt", "fb f4 <c3> 90 90", {}),
      interrupts: "on" as const,
    };
    expect(fact(input, "idle-instruction")).toMatchObject({ by: "hlt", interruptsOpened: true });
    expect(fact(input, "after-interrupts-opened")).toBeUndefined();
  });

  test("a locked compare-and-exchange at RIP, with the address it works on", () => {
    const input = window("_raw_spin_lock_irqsave", "31 c0 ba 01 00 00 00 <f0> 0f b1 17 75 02", {
      rdi: LOCK,
    });
    expect(fact(input, "atomic-operation")).toMatchObject({
      mnemonic: "cmpxchg",
      position: "at",
      address: LOCK,
    });
  });

  test("a pause loop that reads no memory is a delay", () => {
    const input = window("some_delay", "b9 00 01 00 00 <f3> 90 83 e9 01 75 f9 c3", {});
    expect(fact(input, "delay-loop")).toMatchObject({ by: "pause", certain: true });
  });

  test("registers are told in terms of what they were computed from", () => {
    const code = "48 63 d0 48 8b 33 48 03 34 d5 60 cb 01 b0 <8b> 56 08";
    const { origins } = analyzeCode(decoder, window("f", code, {}));
    expect(origins).toContainEqual({
      register: "rsi",
      expression: "mem64[rbx] + mem64[s32(rax@17)*8-0x4ffe34a0]",
      certain: true,
    });
  });

  test("the listing is AT&T, branches count from themselves", () => {
    const { instructions } = analyzeCode(decoder, window("f", "74 10 <48> 8b 44 24 08 75 f9", {}));
    const texts = instructions.slice(-3).map((one) => one.text);
    expect(texts).toEqual(["je .+0x12", "mov 0x8(%rsp),%rax", "jne .-0x5"]);
  });
});

function window(symbol: string, code: string, registers: Record<string, bigint>): CodeInput {
  return { ...windowOf(`${HEAD} ${code}`), symbol, offset: 0x100, size: 0x200, registers };
}

function spin(symbol: string, code: string, registers: Record<string, bigint>) {
  return fact(window(symbol, code, registers), "spins-on-lock");
}

function fact<K extends MachineFact["kind"]>(
  input: CodeInput,
  kind: K,
): Extract<MachineFact, { kind: K }> | undefined {
  const isKind = (one: MachineFact): one is Extract<MachineFact, { kind: K }> => one.kind === kind;
  return analyzeCode(decoder, input).facts.find(isKind);
}
