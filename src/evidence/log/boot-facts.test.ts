import { expect, test } from "vitest";
import { findBootFact } from "./boot-facts.ts";

test.each([
  ["CONFIG_HZ=250", { name: "hz", value: "250" }],
  [
    "rcu: \tRCU CPU stall warnings timeout set to 60 (rcu_cpu_stall_timeout).",
    { name: "rcu-stall-timeout", value: "60" },
  ],
  [
    "rcu: \tRCU restricting CPUs from NR_CPUS=8192 to nr_cpu_ids=4.",
    { name: "nr-cpu-ids", value: "4" },
  ],
  ["smp: Brought up 2 nodes, 128 CPUs", { name: "cpus", value: "128" }],
  ["CONFIG_HZ_PERIODIC=y", undefined],
  ["rcu: INFO: rcu_sched self-detected stall on CPU", undefined],
])("%s", (text, fact) => {
  expect(findBootFact(text)).toEqual(fact);
});
