// npm run compare:symbols -- VMLINUX [COUNT]: our symbolizer against eu-addr2line and llvm-symbolizer on
// a real kernel with debug information. Run by hand: it takes a minute and needs a 600 MB file.
import { spawnSync } from "node:child_process";
import { withBundles } from "./compare/bundle.mjs";

const [vmlinux, count = "20000"] = process.argv.slice(2);
if (vmlinux === undefined) {
  console.error("usage: npm run compare:symbols -- VMLINUX [COUNT]");
  process.exit(2);
}
await withBundles(async (_directory, bundle) => {
  const entry = await bundle("answer-addresses");
  const compare = await bundle("compare-symbols");
  const run = spawnSync(process.execPath, [compare, entry, vmlinux, count], { stdio: "inherit" });
  process.exitCode = run.status ?? 1;
});
