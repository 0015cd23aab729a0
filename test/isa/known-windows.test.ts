// The claims the room exists for, on windows with known answers, and what must happen to them when the
// evidence is changed.

import { beforeAll, describe, expect, test } from "vitest";
import { loadIcedDecoder } from "#host/decoder/iced-decoder.ts";
import { analyzeCode } from "#isa/analyze-code.ts";
import type { CodeInput } from "#isa/code-input.ts";
import type { InstructionDecoder } from "#isa/decoder.ts";
import type { MachineFact } from "#model/machine-fact.ts";
import { windowOf } from "./code-reports.ts";
import { CSD_ON_STACK, CSD_VECTORS, INCIDENT } from "./vectors.ts";

let decoder: InstructionDecoder;
beforeAll(async () => {
  decoder = await loadIcedDecoder();
});

describe("who is waited for", () => {
  test.each(CSD_VECTORS)("$name", ({ input, awaited, register }) => {
    expect(fact(input, "polls-csd")).toMatchObject({
      form: "many",
      awaitedCpu: awaited,
      awaitedRegister: register,
      refuted: [],
      certain: true,
    });
  });

  test.each(CSD_VECTORS)(
    "$name: also with RIP on any other instruction of the loop",
    ({ input, awaited }) => {
      const loop = fact(input, "poll-loop");
      const inside = analyzeCode(decoder, input).instructions.filter(
        (one) => one.at >= (loop?.from ?? 0) && one.at < (loop?.to ?? 0),
      );
      expect(inside.length).toBe(4);
      for (const { at } of inside)
        expect(fact({ ...input, trapIndex: at }, "polls-csd")).toMatchObject({
          awaitedCpu: awaited,
        });
    },
  );

  test("a csd on the stack does not tell the CPU", () => {
    const found = fact(CSD_ON_STACK, "polls-csd");
    expect(found).toMatchObject({ form: "single", certain: true, awaitedRegisters: [] });
    expect(found).not.toHaveProperty("awaitedCpu");
  });

  test.each([
    ["a value beyond nr_cpu_ids", { nrCpuIds: 2 }, "not-a-cpu"],
    ["the reporting CPU itself", { reportingCpu: 2 }, "is-reporting-cpu"],
    [
      "a csd pointer that is none",
      { registers: { rax: 0x11n, rdi: 2n, rdx: 8n } },
      "csd-not-kernel-address",
    ],
    [
      "flags without the lock bit",
      { registers: { rax: 0x10n, rdi: 2n, rdx: 0xffff8a8a177392c0n } },
      "not-locked",
    ],
  ] as const)("%s refutes it", (_name, change, reason) => {
    const found = fact({ ...vector("5.10"), ...change }, "polls-csd");
    expect(found).toMatchObject({ refuted: [reason], certain: false });
    expect(found).not.toHaveProperty("awaitedCpu");
  });

  test("another register for the copy changes the register found", () => {
    // mov %eax,%edi; movslq %edi,%rax become mov %eax,%ebp; movslq %ebp,%rax.
    const input = replaceBytes(vector("5.10"), [
      [12, 0xc5],
      [21, 0xc5],
    ]);
    expect(
      fact({ ...input, registers: { ...input.registers, rbp: 3n } }, "polls-csd"),
    ).toMatchObject({
      awaitedRegister: "rbp",
      awaitedCpu: 3,
    });
  });

  test("a copy overwritten before RIP is no copy", () => {
    // The pointer is loaded through rdi: mov (%r14),%rdx becomes mov (%r14),%rdi, rdi no longer the CPU.
    const input = replaceBytes(vector("5.10"), [[24, 0x3e]]);
    expect(fact(input, "polls-csd")?.awaitedRegisters).toEqual([]);
  });

  test("the same loop under a name that does not wait for IPIs is no proof", () => {
    expect(fact({ ...vector("5.10"), symbol: "some_driver_poll" }, "polls-csd")).toMatchObject({
      certain: false,
    });
  });
});

describe("the founding incident", () => {
  test("step 2, entry 1 of 5, the call of __text_poke has returned, one broadcast is complete", () => {
    expect(fact(INCIDENT, "text-poke-position")).toMatchObject({
      step: 2,
      entry: 0,
      entries: 5,
      length: 5,
      doSync: 1,
      syncsCompleted: 1,
      site: 0xffffffffa18c388dn,
      stext: 0xffffffffa1000000n,
      layout: { textOffset: 10, stride: 16 },
      afterCall: true,
      certain: true,
    });
    expect(fact(INCIDENT, "after-call")).toMatchObject({
      target: { kind: "relative", fromFunction: -0x460 },
      argumentsLeft: ["r8"],
      certain: true,
    });
  });

  test("nothing is polled: no wait is claimed", () => {
    const kinds = analyzeCode(decoder, INCIDENT).facts.map((one) => one.kind);
    expect(kinds).toEqual(["text-poke-position", "after-call"]);
  });

  test("r13 and r15 plus 0x20: still the first entry, of three", () => {
    const moved = withRegisters({ r13: 0xffffffffa34ec7can, r15: 0xffffffffa34ec7can });
    expect(fact(moved, "text-poke-position")).toMatchObject({ entry: 0, entries: 3 });
  });

  test("r13 alone plus 0x20: the third of five", () => {
    const moved = withRegisters({ r13: 0xffffffffa34ec7can });
    expect(fact(moved, "text-poke-position")).toMatchObject({ entry: 2, entries: 5 });
  });

  test("another length in r14 is another length; one no instruction has is none", () => {
    expect(fact(withRegisters({ r14: 2n }), "text-poke-position")?.length).toBe(2);
    expect(fact(withRegisters({ r14: 9n }), "text-poke-position")).not.toHaveProperty("length");
  });

  test.each([
    ["zeroed", () => 0n],
    ["like user space", (value: bigint) => value & 0x7fffffffffffn],
  ] as const)("registers %s: no entry, no site, nothing certain", (_name, change) => {
    const entries = Object.entries(INCIDENT.registers ?? {});
    const registers = Object.fromEntries(entries.map(([name, value]) => [name, change(value)]));
    const found = fact({ ...INCIDENT, registers }, "text-poke-position");
    expect(found).toMatchObject({ step: 2, afterCall: false, certain: false });
    for (const gone of ["entry", "entries", "site"]) expect(found).not.toHaveProperty(gone);
  });

  test("RIP in the csd loop instead: the wait stands again", () => {
    const moved = { ...vector("5.10"), symbol: "smp_call_function_many_cond" };
    expect(fact(moved, "polls-csd")).toMatchObject({ awaitedCpu: 2, certain: true });
    expect(fact(moved, "after-call")).toBeUndefined();
  });

  test("RIP one instruction earlier is in front of the call: not returned from", () => {
    const before = { ...INCIDENT, trapIndex: 37 };
    expect(fact(before, "after-call")).toBeUndefined();
    expect(fact(before, "text-poke-position")).toBeUndefined();
  });

  test("the same bytes in another function are no text_poke", () => {
    expect(fact({ ...INCIDENT, symbol: "memcpy" }, "text-poke-position")).toBeUndefined();
  });
});

describe("interrupts", () => {
  // push -0x40(%rbp); popf; <jmp>: public example of 5.8, RIP __text_poke+0x367.
  const popf: CodeInput = {
    bytes: Uint8Array.of(0xff, 0x75, 0xc0, 0x9d, 0xe9, 0, 1, 0, 0),
    trapIndex: 4,
    interrupts: "on",
  };
  // sti; mov 0x78(%rsp),%rax; <movzbl>: the shadow is one instruction long.
  const sti: CodeInput = {
    ...windowOf("55 48 89 e5 53 48 83 ec 10 48 89 fb e8 10 20 30 00 fb 48 8b 44 24 78 <0f> b6 c0"),
    interrupts: "on",
  };

  test("RIP behind popf, or behind sti and one more, was sampled late", () => {
    expect(fact(popf, "after-interrupts-opened")).toMatchObject({ by: "popf" });
    expect(fact(sti, "after-interrupts-opened")).toMatchObject({ by: "sti" });
  });

  test("with interrupts off nothing was opened", () => {
    expect(fact({ ...popf, interrupts: "off" }, "after-interrupts-opened")).toBeUndefined();
    expect(fact({ ...sti, interrupts: "off" }, "after-interrupts-opened")).toBeUndefined();
  });

  test("right behind sti the shadow still holds", () => {
    expect(fact({ ...sti, trapIndex: 18 }, "after-interrupts-opened")).toBeUndefined();
  });
});

function fact<K extends MachineFact["kind"]>(
  input: CodeInput,
  kind: K,
): Extract<MachineFact, { kind: K }> | undefined {
  const isKind = (one: MachineFact): one is Extract<MachineFact, { kind: K }> => one.kind === kind;
  return analyzeCode(decoder, input).facts.find(isKind);
}

function vector(version: string): CodeInput {
  const found = CSD_VECTORS.find(({ name }) => name.startsWith(version));
  if (found === undefined) throw new Error(`no vector ${version}`);
  return found.input;
}

function withRegisters(changed: Record<string, bigint>): CodeInput {
  return { ...INCIDENT, registers: { ...INCIDENT.registers, ...changed } };
}

function replaceBytes(
  input: CodeInput,
  changes: readonly (readonly [number, number])[],
): CodeInput {
  const bytes = Uint8Array.from(input.bytes);
  for (const [at, value] of changes) bytes[at] = value;
  return { ...input, bytes };
}
