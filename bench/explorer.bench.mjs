// How fast the explorer is (states and steps per second), and what one flip of a static key costs in
// function-call interrupts from 4 to 4096 CPUs, counted by sending them in the model.
//
//   node bench/explorer.bench.mjs
import { importFromSource } from "../scripts/isa-bundle.mjs";

const { explore, toConfiguration, createMachine, startStates, perform } = await importFromSource(`
  export { explore } from "#simulator/textpoke/explorer.ts";
  export { toConfiguration } from "#simulator/textpoke/default-configuration.ts";
  export { createMachine, startStates } from "#simulator/textpoke/machine.ts";
  export { perform } from "#simulator/textpoke/action.ts";
`);

console.log("explorer: 4 CPUs, 2 sites, reduced; best of 5");
for (const fetch of ["coherent", "stale"]) {
  const configuration = toConfiguration({ cpus: 4, sites: 2, fetch });
  let best = Number.POSITIVE_INFINITY;
  let found;
  for (let i = 0; i < 5; i++) {
    const begin = performance.now();
    found = explore(configuration);
    best = Math.min(best, performance.now() - begin);
  }
  const rate = (count) => Math.round(count / (best / 1000)).toLocaleString("en");
  console.log(
    `  fetch ${fetch}: ${found.states} states, ${found.transitions} steps in ${best.toFixed(0)} ms: ${rate(found.states)} states/s, ${rate(found.transitions)} steps/s`,
  );
}

console.log("one flip, five sites: interrupts the model sends");
for (const cpus of [4, 16, 64, 256, 1024, 4096]) {
  const begin = performance.now();
  const sent = flip(toConfiguration({ cpus, sites: 5, fetch: "coherent" }));
  const model = 3 * (cpus - 1);
  console.log(
    `  ${cpus} CPUs: ${sent} (3 x ${cpus - 1} = ${model}) in ${(performance.now() - begin).toFixed(0)} ms`,
  );
}

/** The patcher alone, every CPU answering at once. */
function flip(configuration) {
  const machine = createMachine(configuration);
  let [state] = startStates(machine, false);
  let sent = 0;
  while (state.actors[0].at < machine.actors[0].operations.length) {
    const step = perform(machine, state, { kind: "operate", actor: 0 });
    state = step.state;
    for (const effect of step.effects) {
      if (effect.kind !== "sent") continue;
      sent += effect.to.length;
      for (const cpu of effect.to) state = perform(machine, state, { kind: "take-ipi", cpu }).state;
    }
  }
  return sent;
}
