// A simulation for people: what is shown, how to read it, then one line per step with the CPUs as lanes.

import type { Text } from "#base/text.ts";
import type {
  BrokenInvariant,
  SimulatedExploration,
  SimulatedRun,
  SimulatedScenario,
  SimulatedStep,
  SimulationV1,
} from "#contract/simulation.ts";
import { cleanLine } from "../escape.ts";
import { displayWidth, pad, wrap } from "../width.ts";
import { laneWidth, layOut, sameLook, toRow } from "./lanes.ts";
import { type TimelineWords, WORDS } from "./timeline-words.ts";

export interface TimelineOptions {
  readonly lang: "en" | "zh";
  readonly color: boolean;
  readonly width: number;
  /** Every step, also those that change nothing that is shown. */
  readonly verbose: boolean;
}

interface Page {
  readonly options: TimelineOptions;
  readonly words: TimelineWords;
  readonly scenario: SimulatedScenario;
  readonly lines: string[];
}

/** Widest list of letters that still reads as one; more sites are left out of the lanes. */
const SHOWN_SITES = 8;

export function renderSimulation(simulation: SimulationV1, options: TimelineOptions): string {
  const page: Page = {
    options,
    words: WORDS[options.lang],
    scenario: simulation.scenario,
    lines: [],
  };
  putHeading(page);
  if (simulation.exploration !== undefined) putExploration(page, simulation.exploration);
  if (simulation.run !== undefined) putRun(page, simulation.run);
  return `${page.lines.join("\n")}\n`;
}

function say(page: Page, words: Text): string {
  return cleanLine(words[page.options.lang]);
}

function putHeading(page: Page): void {
  const { scenario, words } = page;
  const title = scenario.title === undefined ? cleanLine(scenario.name) : say(page, scenario.title);
  put(page, bold(page, title));
  put(page, words.machine(scenario));
  put(page, words.kernel(scenario.kernel.since, scenario.kernel.commit));
  put(page, `  ${say(page, scenario.kernel.what)}`);
  if (scenario.mutant !== undefined) {
    put(page, red(page, words.mutant(say(page, scenario.mutant.what))));
    put(page, `  ${say(page, scenario.mutant.why)}`);
  }
  page.lines.push("");
  const shown = scenario.sites.slice(0, SHOWN_SITES);
  const column = Math.max(...shown.map((site) => displayWidth(cleanLine(site.name))));
  shown.forEach((site, index) => {
    const name = pad(cleanLine(site.name), column);
    page.lines.push(`  ${index + 1} ${name} ${site.address}  ${site.disabled} <-> ${site.enabled}`);
  });
  if (scenario.sites.length > SHOWN_SITES) {
    put(page, `  ${words.moreSites(scenario.sites.length - SHOWN_SITES)}`);
  }
  page.lines.push("");
}

function putLegend(page: Page): void {
  put(page, bold(page, page.words.howToRead));
  for (const line of page.words.legend) put(page, `  ${line}`);
  page.lines.push("");
}

function putRun(page: Page, run: SimulatedRun): void {
  put(page, page.words.oneOfMany(page.scenario.seed));
  page.lines.push("");
  putLegend(page);
  putSteps(page, run.steps);
  const { words } = page;
  page.lines.push("");
  put(page, bold(page, run.finished ? words.finished : words.unfinished));
  put(page, `  ${words.cost(run.ipis, run.broadcasts, page.scenario.ipisPerToggle)}`);
  if (run.records.length > 0) put(page, `  ${words.records(run.records.length)}`);
  const failed = run.trace.filter((trace) => !trace.decoded).map((trace) => trace.cpu);
  put(page, `  ${failed.length === 0 ? words.decoded : red(page, words.notDecoded(failed))}`);
}

function putExploration(page: Page, found: SimulatedExploration): void {
  const { words } = page;
  const verdict = words.verdict[found.verdict];
  put(page, found.verdict === "safe" ? bold(page, verdict) : red(page, verdict));
  put(page, `  ${words.searched(found)}`);
  if (found.expected !== undefined) put(page, `  ${words.expected(found.expected)}`);
  put(page, `  ${words.decoder(found.decoder)}`);
  page.lines.push("");
  if (found.counterexamples.length > 0) putLegend(page);
  for (const example of found.counterexamples) {
    put(page, bold(page, brokenWords(page, example.broken)));
    put(page, `  ${words.shortest(example.steps.length)}`);
    putSteps(page, example.steps);
    page.lines.push("");
  }
}

function putSteps(page: Page, steps: readonly SimulatedStep[]): void {
  const shown = steps.map((step) => shorten(step));
  const sites = Math.min(page.scenario.sites.length, SHOWN_SITES);
  page.lines.push(header(page, sites));
  let phase: string | undefined;
  let before: SimulatedStep | undefined;
  let quiet: SimulatedStep[] = [];
  for (const step of shown) {
    if (isQuiet(page, step, before)) {
      quiet.push(step);
      before = step;
      continue;
    }
    putQuiet(page, quiet, sites);
    quiet = [];
    if (step.phase !== undefined && step.phase.id !== phase) {
      phase = step.phase.id;
      page.lines.push(
        bold(page, `       -- ${page.words.phase(step.phase.id, say(page, step.phase.title))}`),
      );
    }
    putStep(page, step, sites, say(page, step.what));
    before = step;
  }
  putQuiet(page, quiet, sites);
}

/** A CPU passing a site while nothing that is shown changes: told together with its like. */
function isQuiet(page: Page, step: SimulatedStep, before: SimulatedStep | undefined): boolean {
  if (page.options.verbose || before === undefined || step.broken !== undefined) return false;
  return QUIET.has(step.kind) && sameLook(before, step);
}

const QUIET = new Set(["executed", "emulated", "fetched", "look-up", "trapped"]);

function putQuiet(page: Page, quiet: readonly SimulatedStep[], sites: number): void {
  const last = quiet.at(-1);
  if (last === undefined) return;
  const cpus = [...new Set(quiet.map((step) => step.cpu))].sort((a, b) => a - b);
  const passes = quiet.filter((step) => step.kind === "executed" || step.kind === "emulated");
  if (passes.length === 0) return;
  const trapped = passes.filter((step) => step.kind === "emulated").length;
  putStep(page, last, sites, page.words.passes(passes.length, trapped, cpus), true);
}

function putStep(
  page: Page,
  step: SimulatedStep,
  sites: number,
  words: string,
  together = false,
): void {
  const row = layOut(toRow(together ? { ...step, cpu: -1 } : step), sites);
  const who = together ? words : page.words.acts(step.cpu, words);
  const room = Math.max(page.options.width - row.length, 30);
  const [first = "", ...more] = wrap(who, room);
  page.lines.push(`${row}${first}`);
  for (const line of more) page.lines.push(" ".repeat(row.length) + line);
  for (const broken of step.broken ?? []) {
    page.lines.push(red(page, `       ** ${brokenWords(page, broken)}`));
  }
}

function brokenWords(page: Page, broken: BrokenInvariant): string {
  return `${broken.id}: ${say(page, broken.what)}`;
}

function header(page: Page, sites: number): string {
  const width = laneWidth(sites);
  const lanes = Array.from({ length: page.scenario.cpus }, (_, cpu) => pad(` CPU ${cpu}`, width));
  const code = pad(page.words.code, Math.max(sites, 4));
  return bold(page, `${page.words.step.padStart(5)}  ${code} ${lanes.join("")}`.trimEnd());
}

function shorten(step: SimulatedStep): SimulatedStep {
  if (step.sites.length <= SHOWN_SITES) return step;
  return {
    ...step,
    sites: step.sites.slice(0, SHOWN_SITES),
    cpus: step.cpus.map((cpu) => ({ ...cpu, wouldRun: cpu.wouldRun.slice(0, SHOWN_SITES) })),
  };
}

function put(page: Page, line: string): void {
  const indent = line.length - line.trimStart().length;
  const room = Math.max(page.options.width - indent, 30);
  for (const part of wrap(line.trim(), room)) page.lines.push(" ".repeat(indent) + part);
}

function bold(page: Page, line: string): string {
  return page.options.color ? `\u001b[1m${line}\u001b[0m` : line;
}

function red(page: Page, line: string): string {
  return page.options.color ? `\u001b[31m${line}\u001b[0m` : line;
}
