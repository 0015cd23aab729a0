// Source lines from a vmlinux beside addr2line, eu-addr2line and llvm-symbolizer in one run: a cold address,
// a report, many addresses through a pipe, peak memory; answers are compared before times are printed.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";

const folder = "/usr/lib/debug/boot/";
const images = existsSync(folder)
  ? readdirSync(folder).filter((name) => name.startsWith("vmlinux-"))
  : [];
const newest = images.sort().at(-1);
if (newest === undefined) {
  console.log("skipped: no vmlinux with debug information (Debian package linux-image-amd64-dbg)");
} else {
  const script = new URL("../scripts/compare-symbols.mjs", import.meta.url).pathname;
  const run = spawnSync(process.execPath, [script, `${folder}${newest}`, "10000"], {
    stdio: "inherit",
  });
  process.exitCode = run.status ?? 1;
}
