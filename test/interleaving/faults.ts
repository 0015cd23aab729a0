// What an event read from a damaged log says that the undamaged report does not.

import type { Frame } from "#model/frame.ts";
import type { KernelEvent } from "#model/kernel-event.ts";

/** Everything false that `events` say of the report `truth`; empty where all they say of it is true. */
export function faultsOf(truth: KernelEvent, events: readonly KernelEvent[]): readonly string[] {
  const found = events.filter((event) => event.headline.text.trim() === truth.headline.text.trim());
  const [event] = found;
  if (event === undefined || found.length > 1) return [`${found.length} × ${truth.title}`];
  const faults = [...fieldFaults(truth, event)];
  if (event.complete) faults.push(...incompleteness(truth, event));
  return faults.map((fault) => `${truth.headline.text.slice(0, 60)}: ${fault}`);
}

/** Does the report hold what is another's? Where its own lines are missing it may be named by another function. */
export function holdsForeign(truth: KernelEvent, events: readonly KernelEvent[]): boolean {
  const event = events.find((one) => one.headline.text.trim() === truth.headline.text.trim());
  if (event === undefined) return false;
  return fieldFaults(truth, event).some((fault) => !fault.startsWith("function "));
}

/** The report came out as it does alone. */
export function isWhole(truth: KernelEvent, events: readonly KernelEvent[]): boolean {
  const event = events.find((one) => one.headline.text.trim() === truth.headline.text.trim());
  return event?.complete === true && incompleteness(truth, event).length === 0;
}

function fieldFaults(truth: KernelEvent, event: KernelEvent): readonly string[] {
  const faults: string[] = [];
  const same = (name: string, is: unknown, should: unknown): void => {
    if (is !== undefined && is !== should) faults.push(`${name} is ${is}, not ${should}`);
  };
  same("kind", event.kind, truth.kind);
  same("cpu", event.cpu, truth.cpu);
  // Empty where only the pid was printed.
  same("comm", event.task?.comm || undefined, truth.task?.comm);
  same("pid", event.task?.pid, truth.task?.pid);
  same("rip", event.rip?.symbol, truth.rip?.symbol);
  same("interrupts", event.interrupts, truth.interrupts);
  // Without its trace a report is named by RIP, also where that is a delay loop.
  if (event.complete || event.function !== truth.rip?.symbol) {
    same("function", event.function, truth.function);
  }
  same("work", event.workqueue?.function, truth.workqueue?.function);
  same("code", event.code?.bytes.join(), truth.code?.bytes.join());
  for (const [name, value] of Object.entries(event.registers ?? {})) {
    same(name, value, truth.registers?.[name]);
  }
  const strange = strangeFrame(truth.trace ?? [], event.trace ?? []);
  if (strange !== undefined) faults.push(`frame ${strange} is not the report's`);
  return faults;
}

/** The first frame that the event vouches for and the report does not have there. */
function strangeFrame(truth: readonly Frame[], trace: readonly Frame[]): string | undefined {
  let at = 0;
  for (const frame of trace.filter(({ reliable }) => reliable)) {
    while (at < truth.length && !isSame(truth[at], frame)) at++;
    if (at === truth.length) return frame.symbol;
    at++;
  }
  return undefined;
}

function isSame(one: Frame | undefined, other: Frame): boolean {
  return one?.symbol === other.symbol && one.offset === other.offset;
}

function incompleteness(truth: KernelEvent, event: KernelEvent): readonly string[] {
  const faults: string[] = [];
  const names = (one: KernelEvent): string =>
    (one.trace ?? []).map(({ symbol, reliable }) => `${reliable}${symbol}`).join();
  if (names(truth) !== names(event)) faults.push("complete with another trace");
  const registers = (one: KernelEvent): number => Object.keys(one.registers ?? {}).length;
  if (registers(truth) !== registers(event)) faults.push("complete with fewer registers");
  if ((truth.rip === undefined) !== (event.rip === undefined)) faults.push("complete without RIP");
  if ((truth.code === undefined) !== (event.code === undefined)) faults.push("complete, no code");
  return faults;
}
