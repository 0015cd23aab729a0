// One row per step: what the code is, and for each CPU what it would execute at each site. One letter a site.

import type { SimulatedCpu, SimulatedStep, SiteHolds, WouldRun } from "#contract/simulation.ts";
import { pad } from "../width.ts";

const HOLDS: Readonly<Record<SiteHolds, string>> = {
  old: "o",
  "int3+old tail": "i",
  "int3+new tail": "I",
  new: "n",
  mixed: "X",
};

/** `what` may hold one possibility or two that follow one another. */
function letter(what: readonly WouldRun[]): string {
  if (what.includes("torn")) return "X";
  const old = what.includes("old");
  const int3 = what.includes("int3");
  const now = what.includes("new");
  if (old && now) return "?";
  if (old) return int3 ? "~" : "o";
  if (now) return int3 ? "^" : "n";
  return "i";
}

export interface Row {
  readonly step: string;
  readonly code: string;
  readonly lanes: readonly string[];
}

/** `acting` marks the CPU that did the step. */
export function toRow(step: SimulatedStep): Row {
  return {
    step: String(step.number),
    code: step.sites.map((site) => HOLDS[site.holds]).join(""),
    lanes: step.cpus.map((cpu, index) => lane(cpu, index === step.cpu)),
  };
}

function lane(cpu: SimulatedCpu, acting: boolean): string {
  const letters = cpu.wouldRun.map(letter).join("");
  const closed = cpu.interrupts === "off";
  return `${acting ? ">" : " "}${closed ? "[" : " "}${letters}${closed ? "]" : " "}${cpu.pending ? "*" : " "}`;
}

/** Columns of one lane: mark, bracket, letters, bracket, star, blank. */
export function laneWidth(sites: number): number {
  return Math.max(sites + 5, 7);
}

export function layOut(row: Row, sites: number): string {
  const width = laneWidth(sites);
  const lanes = row.lanes.map((each) => pad(each, width)).join("");
  return `${row.step.padStart(5)}  ${pad(row.code, Math.max(sites, 4))} ${lanes}`;
}

/** True when nothing that a row shows differs, apart from whose turn it was. */
export function sameLook(a: SimulatedStep, b: SimulatedStep): boolean {
  const plain = (step: SimulatedStep) => {
    const row = toRow({ ...step, cpu: -1 });
    return `${row.code} ${row.lanes.join(" ")}`;
  };
  return plain(a) === plain(b);
}
