// npm run compare:locals -- VMLINUX [COUNT]: local variables computed from registers against gdb, which
// gets the same registers from a remote target without memory. Run by hand; needs gdb and python3.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { withBundles } from "./compare/bundle.mjs";

const [vmlinux, count = "2000"] = process.argv.slice(2);
if (vmlinux === undefined) {
  console.error("usage: npm run compare:locals -- VMLINUX [COUNT]");
  process.exit(2);
}
await withBundles(async (directory, bundle) => {
  const addresses = join(directory, "addresses");
  const steps = [
    [await bundle("sample-functions"), vmlinux, addresses, count],
    [await bundle("compare-locals"), vmlinux, addresses],
  ];
  for (const step of steps) {
    const { status } = spawnSync(process.execPath, step, { stdio: "inherit" });
    if (status !== 0) process.exit(1);
  }
});
