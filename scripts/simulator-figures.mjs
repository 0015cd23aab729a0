// The tables of src/simulator/README.md: states, time and verdict for each configuration, mutant and fetch
// model, and a flip's cost in interrupts. Larger than the test suite explores; takes some minutes.
//
//   node scripts/simulator-figures.mjs [--largest]
import { parseArgs } from "node:util";
import { importFromSource } from "./isa-bundle.mjs";

const { values } = parseArgs({ options: { largest: { type: "boolean", default: false } } });
const simulator = await importFromSource(`
  export { explore } from "#simulator/textpoke/explorer.ts";
  export { NO_REDUCTION, REDUCED } from "#simulator/textpoke/action.ts";
  export { toConfiguration } from "#simulator/textpoke/default-configuration.ts";
  export { createFlowCheck } from "#simulator/textpoke/flow-check.ts";
  export { createMachine } from "#simulator/textpoke/machine.ts";
  export { ipisPerToggle } from "#simulator/textpoke/program.ts";
  export { MUTANTS } from "#simulator/textpoke/mutants.ts";
  export { VARIANTS } from "#simulator/textpoke/variants.ts";
`);
const { explore, toConfiguration, MUTANTS, VARIANTS, NO_REDUCTION, REDUCED } = simulator;

printConfigurations();
printWiderMachines();
printMutants();
printCosts();

function printConfigurations() {
  console.log(
    "| CPUs | sites | fetch | states, reduced | s | states, all | s | decoder: visits, wrong | verdict |",
  );
  console.log("|---|---|---|---|---|---|---|---|---|");
  for (const fetch of ["coherent", "stale"]) {
    for (const cpus of [2, 3, 4])
      for (const sites of [1, 2, 3]) printConfiguration(cpus, sites, fetch);
  }
}

function printConfiguration(cpus, sites, fetch) {
  const configuration = toConfiguration({ cpus, sites, fetch });
  const check = simulator.createFlowCheck(simulator.createMachine(configuration));
  const watch = (before, effects) => check.see(before, effects);
  const reduced = timed(configuration, { reductions: REDUCED, watch });
  const small = cpus ** 2 * sites <= (values.largest ? 48 : 18);
  const all = small
    ? timed(configuration, { reductions: NO_REDUCTION, maxStates: 3_000_000 })
    : undefined;
  const { visits, wrong } = check.counts;
  const cells = [
    cpus,
    sites,
    fetch,
    reduced.states,
    reduced.seconds,
    all?.states ?? "–",
    all?.seconds ?? "–",
  ];
  console.log(`| ${[...cells, `${visits}, ${wrong}`, verdictOf(reduced, all)].join(" | ")} |`);
}

function printWiderMachines() {
  console.log("\n| 2 CPUs, 2 sites and | fetch | states | s | verdict |\n|---|---|---|---|---|");
  const machines = {
    "CPUs close and open interrupts": { irqToggles: true },
    "queue, send, answer as steps": { fineIpis: true },
    "a second sender": { otherSender: true, fineIpis: true },
    "two patchers": { twoPatchers: true },
    "enable and disable": { toggles: 2 },
    ...Object.fromEntries(VARIANTS.map(({ id, variant }) => [`kernel ${id}`, { variant }])),
  };
  for (const [name, changes] of Object.entries(machines)) {
    for (const fetch of ["coherent", "stale"]) {
      const found = timed(toConfiguration({ cpus: 2, sites: 2, fetch, changes }), {});
      console.log(
        `| ${name} | ${fetch} | ${found.states} | ${found.seconds} | ${verdictOf(found)} |`,
      );
    }
  }
}

function printMutants() {
  console.log(
    "\n| mutant | fetch | states (2 CPUs) | breaks | shortest, steps | 3 CPUs, 2 sites: states, breaks |",
  );
  console.log("|---|---|---|---|---|---|");
  for (const { id, breaks } of MUTANTS) {
    for (const fetch of ["coherent", "stale"]) {
      const found = timed(toConfiguration({ cpus: 2, sites: 1, fetch, mutant: id }), {});
      const wider = timed(toConfiguration({ cpus: 3, sites: 2, fetch, mutant: id }), {});
      const met =
        [...breaks[fetch]].sort().join(" ") === found.broken && found.broken === wider.broken;
      const steps = found.counterexamples.map(
        (example) => `${example.invariant} ${example.steps.length}`,
      );
      const cells = [id, fetch, found.states, found.broken || "nothing", steps.join(", ") || "–"];
      console.log(
        `| ${[...cells, `${wider.states}, ${wider.broken || "nothing"}${met ? "" : " UNEXPECTED"}`].join(" | ")} |`,
      );
    }
  }
}

function printCosts() {
  console.log(
    "\n| CPUs | five sites, batched | five sites, one by one (before 5.3) | 300 sites, batched |",
  );
  console.log("|---|---|---|---|");
  for (const cpus of [4, 16, 64, 256, 1024, 4096]) {
    const perSite = { variant: VARIANTS.find(({ id }) => id === "per-site").variant };
    const cost = (wish) => simulator.ipisPerToggle(toConfiguration({ cpus, ...wish }));
    console.log(
      `| ${cpus} | ${cost({ sites: 5 })} | ${cost({ sites: 5, changes: perSite })} | ${cost({ sites: 300 })} |`,
    );
  }
}

function timed(configuration, options) {
  const begin = performance.now();
  const found = explore(configuration, options);
  const seconds = ((performance.now() - begin) / 1000).toFixed(2);
  return {
    ...found,
    seconds,
    broken: found.counterexamples
      .map((each) => each.invariant)
      .sort()
      .join(" "),
  };
}

function verdictOf(...found) {
  const seen = found.filter((each) => each !== undefined);
  const broken = [...new Set(seen.map((each) => each.broken))].join(" / ");
  if (broken !== "") return `broken: ${broken}`;
  return seen.every((each) => each.complete) ? "safe" : "safe as far as searched";
}
