// The use case behind `stallscope simulate`: a scenario in, one document out. Portable.

import { AppError } from "#base/app-error.ts";
import { SIMULATION_SCHEMA, type SimulationV1 } from "#contract/simulation.ts";
import { NO_REDUCTION, REDUCED } from "#simulator/textpoke/action.ts";
import type { Configuration, FetchModel } from "#simulator/textpoke/configuration.ts";
import { exampleSites } from "#simulator/textpoke/example-sites.ts";
import { type Exploration, explore } from "#simulator/textpoke/explorer.ts";
import { createFlowCheck } from "#simulator/textpoke/flow-check.ts";
import { createMachine } from "#simulator/textpoke/machine.ts";
import { findMutant, MUTANTS } from "#simulator/textpoke/mutants.ts";
import { run } from "#simulator/textpoke/run.ts";
import {
  MAX_CPUS,
  MAX_SITES,
  parseScenario,
  type Scenario,
  scenarioConfiguration,
} from "#simulator/textpoke/scenario.ts";
import { findVariant, VARIANTS } from "#simulator/textpoke/variants.ts";
import { toSimulatedExploration, toSimulatedRun, toSimulatedScenario } from "./to-simulation.ts";

export interface SimulateOptions {
  readonly version: string;
  readonly cpus?: number;
  readonly sites?: number;
  readonly seed?: number;
  readonly explore?: boolean;
  readonly mutant?: string;
  readonly fetch?: FetchModel;
  readonly kernel?: string;
  /** Explore without symmetry and focus. */
  readonly unreduced?: boolean;
  readonly maxStates?: number;
  /** Seconds from any origin; only differences are used. */
  readonly now?: () => number;
}

/** CPUs and sites explored unless asked for otherwise: enough for every verdict, and quick. */
const EXPLORED = { cpus: 3, sites: 2 } as const;
/** A machine larger than this is only run, not explored. */
const EXPLORABLE = { cpus: 8, sites: 12 } as const;
/** Beyond this a step-by-step document is too large to be of use. */
const MAX_RUN_CPUS = 64;

/** Runs (or explores) the scenario in `source`; `name` is what messages call it. */
export function simulate(source: string, name: string, options: SimulateOptions): SimulationV1 {
  const parsed = parseScenario(source);
  if (!parsed.ok) {
    const { line, message } = parsed.error;
    throw new AppError("usage", `${name}:${line}: ${message}`, "see examples/scenarios");
  }
  const scenario = adjust(parsed.value, options);
  return options.explore === true
    ? exploreScenario(scenario, name, options)
    : runScenario(scenario, name, options);
}

function runScenario(scenario: Scenario, name: string, options: SimulateOptions): SimulationV1 {
  if (scenario.cpus > MAX_RUN_CPUS) {
    throw new AppError("usage", `${scenario.cpus} CPUs are too many`, `use --cpus ${MAX_RUN_CPUS}`);
  }
  const configuration = scenarioConfiguration(scenario);
  const done = run(configuration, { seed: scenario.seed, holds: scenario.holds });
  return {
    ...heading(configuration, scenario, name, options),
    run: toSimulatedRun(done),
  };
}

function exploreScenario(scenario: Scenario, name: string, options: SimulateOptions): SimulationV1 {
  const small = shrink(scenario, options);
  const configuration = scenarioConfiguration(small);
  if (small.cpus > EXPLORABLE.cpus || configuration.sites.length > EXPLORABLE.sites) {
    throw new AppError(
      "usage",
      `${small.cpus} CPUs and ${configuration.sites.length} sites are too many to explore`,
      `use at most --cpus ${EXPLORABLE.cpus} --sites ${EXPLORABLE.sites}`,
    );
  }
  const machine = createMachine(configuration);
  const check = createFlowCheck(machine);
  const begin = options.now?.() ?? 0;
  const reductions = options.unreduced === true ? NO_REDUCTION : REDUCED;
  const found: Exploration = explore(configuration, {
    reductions,
    ...(options.maxStates === undefined ? {} : { maxStates: options.maxStates }),
    watch: (before, effects) => check.see(before, effects),
  });
  const exploration = toSimulatedExploration(
    machine,
    found,
    check.counts,
    options.unreduced === true ? [] : ["symmetry", "focus"],
  );
  const seconds = options.now === undefined ? undefined : options.now() - begin;
  const head = heading(configuration, small, name, options);
  const whole = { cpus: scenario.cpus, sites: scenario.sites.length || small.sites.length };
  const part = whole.cpus !== small.cpus || whole.sites !== small.sites.length;
  return {
    ...head,
    scenario: part ? { ...head.scenario, whole } : head.scenario,
    exploration: seconds === undefined ? exploration : { ...exploration, seconds },
  };
}

function heading(
  configuration: Configuration,
  scenario: Scenario,
  name: string,
  options: SimulateOptions,
): Pick<SimulationV1, "schema" | "generator" | "scenario"> {
  return {
    schema: SIMULATION_SCHEMA,
    generator: { name: "stallscope", version: options.version },
    scenario: toSimulatedScenario(createMachine(configuration), scenario, name),
  };
}

/** Flags go before the file. */
function adjust(scenario: Scenario, options: SimulateOptions): Scenario {
  const cpus = options.cpus ?? scenario.cpus;
  if (!(cpus >= 2 && cpus <= MAX_CPUS)) throw outOfRange("cpus", 2, MAX_CPUS);
  const mutant = options.mutant === undefined ? scenario.mutant : knownMutant(options.mutant);
  const holds = scenario.holds.filter((hold) => hold.cpu < cpus);
  const sockets = scenario.sockets.filter((socket) => socket.cpu < cpus);
  return {
    ...scenario,
    cpus,
    holds,
    sockets,
    sites: options.sites === undefined ? scenario.sites : firstSites(scenario, options.sites),
    seed: options.seed ?? scenario.seed,
    fetch: options.fetch ?? scenario.fetch,
    kernel: options.kernel === undefined ? scenario.kernel : knownVariant(options.kernel),
    ...(mutant === undefined ? {} : { mutant }),
  };
}

function firstSites(scenario: Scenario, count: number): Scenario["sites"] {
  if (!(count >= 1 && count <= MAX_SITES)) throw outOfRange("sites", 1, MAX_SITES);
  return scenario.sites.length >= count ? scenario.sites.slice(0, count) : exampleSites(count);
}

/**
 * What is explored: one flip of the key, without sockets and holds. Every interleaving contains those of a
 * CPU that keeps interrupts closed for a while: an interrupt may always be taken later.
 */
function shrink(scenario: Scenario, options: SimulateOptions): Scenario {
  const count = options.sites ?? Math.min(scenario.sites.length || EXPLORED.sites, EXPLORED.sites);
  return {
    ...scenario,
    cpus: options.cpus ?? Math.min(scenario.cpus, EXPLORED.cpus),
    sites: firstSites(scenario, count),
    sockets: [],
    holds: [],
    toggles: 1,
  };
}

function knownMutant(id: string): NonNullable<Scenario["mutant"]> {
  const found = findMutant(id);
  if (found === undefined) {
    const ids = MUTANTS.map((mutant) => mutant.id).join(", ");
    throw new AppError("usage", `--mutant ${id} is not known`, `use one of ${ids}`);
  }
  return found.id;
}

function knownVariant(id: string): Scenario["kernel"] {
  const found = findVariant(id);
  if (found === undefined) {
    const ids = VARIANTS.map((variant) => variant.id).join(", ");
    throw new AppError("usage", `--kernel ${id} is not known`, `use one of ${ids}`);
  }
  return found;
}

function outOfRange(flag: string, low: number, high: number): AppError {
  return new AppError("usage", `--${flag} is out of range`, `use ${low} to ${high}`);
}
