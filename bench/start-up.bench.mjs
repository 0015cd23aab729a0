// How long the program takes to start and to answer for the shipped incident, beside Node alone.
//
//   node bench/start-up.bench.mjs
import { measure } from "./measure-process.mjs";

const ROUNDS = 15;
const path = (name) => new URL(`../${name}`, import.meta.url).pathname;
const node = `'${process.execPath}'`;
const stallscope = `${node} '${path("bin/stallscope.js")}'`;

const bare = show("node -e 0", `${node} -e 0`);
show("stallscope --version", `${stallscope} --version`, bare);
show("stallscope explain csd", `${stallscope} explain csd`, bare);
show(
  "stallscope analyze examples/netstamp-clear.log",
  `${stallscope} analyze '${path("examples/netstamp-clear.log")}'`,
  bare,
);

/** Median of ROUNDS processes; returns milliseconds. */
function show(name, command, bareMs) {
  const { seconds, peakMb } = measure(command, ROUNDS);
  const ms = seconds * 1000;
  const more = bareMs === undefined ? "" : `, ${(ms - bareMs).toFixed(0)} ms more than Node alone`;
  console.log(`${name}: ${ms.toFixed(0)} ms${more}${peakMb === undefined ? "" : `, ${peakMb} MB`}`);
  return ms;
}
