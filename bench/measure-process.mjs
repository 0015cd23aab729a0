// One process measured from outside: wall time and the largest resident memory, as the kernel accounts it.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const TIME = "/usr/bin/time";

/**
 * Runs `command` in a shell; its output goes to a file, since grep stops at the
 * first match when it sees /dev/null. Returns seconds, and peak memory in MB of the largest
 * process in it (undefined without GNU time, Debian package time).
 */
export function measure(command, rounds = 1) {
  const runs = [];
  for (let i = 0; i < rounds; i++) runs.push(measureOnce(command));
  const seconds = runs.map((run) => run.seconds).sort((a, b) => a - b);
  const peak = runs.map((run) => run.peakMb).filter((mb) => mb !== undefined);
  return {
    seconds: seconds[seconds.length >> 1],
    peakMb: peak.length > 0 ? Math.max(...peak) : undefined,
    status: runs[0].status,
  };
}

function measureOnce(command) {
  const folder = mkdtempSync(join(tmpdir(), "stallscope-bench-"));
  const file = join(folder, "rss");
  try {
    const started = performance.now();
    const args = ["-f", "%M", "-o", file, "bash", "-c", `${command} > '${join(folder, "out")}'`];
    let run = spawnSync(TIME, args, { stdio: ["ignore", "ignore", "inherit"] });
    if (run.error)
      run = spawnSync("bash", args.slice(5), { stdio: ["ignore", "ignore", "inherit"] });
    const seconds = (performance.now() - started) / 1000;
    return { seconds, peakMb: readPeak(file), status: run.status };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readPeak(file) {
  try {
    const last = readFileSync(file, "utf8").trim().split("\n").at(-1);
    return Math.round(Number(last) / 1024);
  } catch {
    return undefined; // no GNU time: the figure is left out, not guessed
  }
}
