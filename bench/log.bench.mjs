// How fast a log is read and in how much memory, beside the tools people use on the same file in the same
// run. A ratio says more than a time: both share the machine's mood.
//
//   node bench/log.bench.mjs [--large]
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measure } from "./measure-process.mjs";
import { writeOneLine, writeSyslog, writeWarnings } from "./synthetic-log.mjs";

const STALLSCOPE = `'${process.execPath}' '${new URL("../bin/stallscope.js", import.meta.url).pathname}'`;
const GREP = "grep -cE 'soft lockup|hard LOCKUP|rcu.*stall|BUG:|Oops'";
const folder = mkdtempSync(join(tmpdir(), "stallscope-bench-"));

try {
  const syslog = join(folder, "syslog");
  writeSyslog(syslog, 200e6, 100);
  const packed = `${syslog}.gz`;
  execFileSync("gzip", ["-1", "-k", syslog]);
  compare("200 MB syslog, 100 reports", syslog, `${GREP} '${syslog}'`, 3);
  compare("  the same, gzip", packed, `gzip -dc '${packed}' | ${GREP}`, 3, 200e6);
  rmSync(syslog);
  const storm = join(folder, "storm");
  writeWarnings(storm, 200_000);
  compare("200,000 warnings", storm, `${GREP} '${storm}'`, 1);
  rmSync(storm);
  if (process.argv.includes("--large")) large();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function large() {
  const file = join(folder, "large");
  writeSyslog(file, 2e9, 1000);
  compare("2 GB syslog, 1000 reports", file, `${GREP} '${file}'`, 1);
  writeOneLine(file, 2e9);
  compare("2 GB in one line", file, `${GREP} '${file}'`, 1);
  writeWarnings(file, 1_000_000);
  compare("1,000,000 warnings", file, `${GREP} '${file}'`, 1);
}

/** `bytes`: of the text, where the file holds it packed. */
function compare(name, file, peer, rounds, bytes = statSync(file).size) {
  const ours = measure(`${STALLSCOPE} analyze --format json '${file}'`, rounds);
  const theirs = measure(peer, rounds);
  const rate = (one) => `${Math.round(bytes / 1e6 / one.seconds)} MB/s`;
  const memory = (one) => (one.peakMb === undefined ? "" : `, ${one.peakMb} MB`);
  console.log(
    `${name} (${Math.round(bytes / 1e6)} MB): ${ours.seconds.toFixed(1)} s, ${rate(ours)}${memory(ours)}${ours.status === 0 ? "" : ` (exit ${ours.status})`}`,
  );
  console.log(
    `    grep: ${theirs.seconds.toFixed(2)} s, ${rate(theirs)}${memory(theirs)}; ours takes ${(ours.seconds / theirs.seconds).toFixed(1)} times as long`,
  );
}
