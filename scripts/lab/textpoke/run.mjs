// npm run lab:textpoke: a real Debian kernel under QEMU flips netstamp_needed_key; its text-poke records,
// its code and its IPI counts become corpus/textpoke, which the test suite holds the model to.
//
//   npm run lab:textpoke -- [--cpus 2,3,4,8] [--flips 2000] [--vmlinux FILE] [--vmlinuz FILE] [--out DIR]
//
// Needs (Debian packages): qemu-system-x86, gcc, libc6-dev, busybox-static, cpio, and the kernel's
// debug symbols (linux-image-VERSION-dbg). The bootable image of the same version is downloaded with
// apt-get and unpacked, not installed. Works without hardware acceleration: a run takes 15 to 60 s.

import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { importFromSource } from "../../isa-bundle.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const KEY = "netstamp_needed_key";
const KEPT_FLIPS = 4;

const { values } = parseArgs({
  options: {
    cpus: { type: "string", default: "2,3,4,8" },
    flips: { type: "string", default: "2000" },
    vmlinux: { type: "string" },
    vmlinuz: { type: "string" },
    out: { type: "string", default: resolve(HERE, "../../../corpus/textpoke") },
  },
});

const work = mkdtempSync(join(tmpdir(), "stallscope-lab-"));
try {
  await main();
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function main() {
  need("qemu-system-x86_64", "qemu-system-x86");
  need("gcc", "gcc");
  need("cpio", "cpio");
  const vmlinux = values.vmlinux ?? findVmlinux();
  const version = basename(vmlinux).replace(/^vmlinux-/, "");
  const vmlinuz = values.vmlinuz ?? downloadKernel(version);
  const sites = await readSites(vmlinux);
  mkdirSync(values.out, { recursive: true });
  writeFileSync(join(values.out, `${version}.scenario`), toScenario(version, sites));
  const initramfs = buildInitramfs(sites);
  for (const cpus of values.cpus.split(",").map(Number)) {
    const name = join(values.out, `${version}-${cpus}cpu`);
    const result = boot(vmlinuz, initramfs, cpus, `${name}.perf.data`);
    writeFileSync(
      `${name}.json`,
      `${JSON.stringify({ kernel: version, key: KEY, ...result }, undefined, 2)}\n`,
    );
    console.log(summary(version, result));
  }
}

/** The key's jump entries from the vmlinux: what the kernel will patch, known before it runs. */
async function readSites(vmlinux) {
  const symbols = await importFromSource(`
    export { openImage } from "#evidence/symbols/kernel-image.ts";
    export { describeSite, staticKeySites } from "#evidence/symbols/jump-table.ts";
    export { nodeDecompressor } from "#host/block-decompressor.ts";
    export { openFileSource } from "#host/file-source.ts";
  `);
  const source = symbols.openFileSource(vmlinux);
  const image = symbols.openImage(source, symbols.nodeDecompressor());
  if (!image.ok) throw new Error(`${vmlinux}: ${image.error.code}`);
  const sites = symbols
    .staticKeySites(image.value, KEY)
    .map((site) => symbols.describeSite(image.value, site));
  source.close();
  return sites.map(({ address, target, length, symbol }) => ({
    address,
    target,
    length,
    symbol: symbol?.name ?? "unknown",
  }));
}

function need(tool, debianPackage) {
  if (spawnSync("which", [tool]).status === 0) return;
  console.error(`lab:textpoke: ${tool} is missing: install the Debian package ${debianPackage}`);
  process.exit(3);
}

function findVmlinux() {
  const folder = "/usr/lib/debug/boot";
  const found = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.startsWith("vmlinux-"))
    : [];
  if (found.length > 0) return join(folder, found.sort().at(-1));
  console.error(
    "lab:textpoke: no vmlinux: install linux-image-VERSION-dbg, or give --vmlinux and --vmlinuz",
  );
  process.exit(3);
}

function downloadKernel(version) {
  const folder = join(work, "kernel");
  mkdirSync(folder);
  execFileSync("apt-get", ["download", `linux-image-${version}`], {
    cwd: folder,
    stdio: ["ignore", "ignore", "ignore"],
  });
  const deb = readdirSync(folder).find((name) => name.endsWith(".deb"));
  execFileSync("dpkg-deb", ["-x", join(folder, deb), folder]);
  return join(folder, "boot", `vmlinuz-${version}`);
}

function toScenario(version, sites) {
  const lines = sites.map(({ address, target, length, symbol }) => {
    const old = length === 2 ? "nop2" : "nop5";
    return `site ${symbol.padEnd(32)} ${address.toString(16)} ${old} jump ${target.toString(16)}`;
  });
  return [
    `# The jump entries of ${KEY} in Debian's ${version}, read from its vmlinux.`,
    `title ${KEY} of Debian ${version}`,
    `title-zh Debian ${version} 的 ${KEY}`,
    "cpus 4",
    `kernel ${generationOf(version)}`,
    "fetch stale",
    "socket 1 open",
    "socket 1 close",
    ...lines,
    "",
  ].join("\n");
}

/** The simulator's generations (src/simulator/textpoke/variants.ts) that a Debian image can be. */
function generationOf(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const since = (a, b) => major > a || (major === a && minor >= b);
  if (since(6, 16)) return "per-cpu-references";
  return since(6, 3) ? "no-rerun" : "concurrent";
}

function buildInitramfs(sites) {
  const root = join(work, "root");
  mkdirSync(join(root, "bin"), { recursive: true });
  cpSync("/usr/bin/busybox", join(root, "bin/busybox"));
  execFileSync("gcc", [
    "-O2",
    "-static",
    "-Wall",
    "-o",
    join(root, "guest"),
    join(HERE, "guest.c"),
  ]);
  writeFileSync(
    join(root, "sites"),
    sites.map(({ address }) => `${address.toString(16)}\n`).join(""),
  );
  const init = [
    "#!/bin/busybox sh",
    "/bin/busybox mkdir -p /proc /dev",
    "/bin/busybox mount -t proc proc /proc",
    "/bin/busybox mount -t devtmpfs dev /dev",
    "/bin/busybox ifconfig lo up 127.0.0.1",
    `/guest /sites ${Number(values.flips)} ${KEPT_FLIPS}`,
    "/bin/busybox poweroff -f",
    "",
  ].join("\n");
  writeFileSync(join(root, "init"), init, { mode: 0o755 });
  const archive = join(work, "initramfs");
  const script = `cd '${root}' && find . | cpio -o -H newc 2>/dev/null | gzip > '${archive}'`;
  execFileSync("sh", ["-c", script]);
  return archive;
}

function boot(vmlinuz, initramfs, cpus, perfData) {
  const log = join(work, "console");
  const args = ["-accel", "tcg,thread=multi", "-cpu", "max", "-smp", String(cpus), "-m", "512"];
  args.push("-kernel", vmlinuz, "-initrd", initramfs);
  // nohz=off: with idle ticks stopped, a busy CPU 0 asks idle ones to balance by the very IPIs counted here
  // (kernel/sched/fair.c: kick_ilb).
  args.push("-append", "console=ttyS0 panic=-1 quiet nokaslr nohz=off");
  args.push("-display", "none", "-monitor", "none", "-net", "none", "-no-reboot");
  args.push("-serial", `file:${log}`, "-serial", `file:${perfData}`);
  execFileSync("qemu-system-x86_64", args, { timeout: 600_000, stdio: "ignore" });
  return readConsole(readFileSync(log, "latin1"));
}

/** The guest's `LAB` lines. */
function readConsole(text) {
  const lines = text
    .split(/\r?\n/)
    .flatMap((line) =>
      line.includes("LAB ") ? [line.slice(line.indexOf("LAB ") + 4).split(" ")] : [],
    );
  const error = lines.find(([word]) => word === "error");
  if (error || !lines.some(([word]) => word === "done"))
    throw new Error(error?.join(" ") ?? "the guest did not finish");
  const number = (name) => Number(lines.find(([word]) => word === name)?.[1]);
  const interrupts = {};
  for (const [, label, kind, ...counts] of lines.filter(([word]) => word === "interrupts")) {
    interrupts[label] ??= {};
    interrupts[label][kind.replace(":", "")] = counts.map(Number);
  }
  const code = { before: {}, after: {} };
  for (const [, label, address, bytes] of lines.filter(([word]) => word === "code")) {
    if (label in code) code[label][address] = bytes;
  }
  const result = { cpus: number("cpus"), flips: number("flips"), interrupts, code };
  return { ...result, calPerFlip: perFlip(result) };
}

/** Function-call interrupts one flip caused, with what the same sockets cost without a flip taken off. */
function perFlip({ flips, interrupts }) {
  const sum = (label) => interrupts[label].CAL.reduce((total, count) => total + count, 0);
  return (sum("flipped") - sum("start") - (sum("base-end") - sum("base-start"))) / flips;
}

function summary(version, { cpus, flips, calPerFlip }) {
  const model = 3 * (cpus - 1);
  const off = (100 * (calPerFlip - model)) / model;
  return `${version}, ${cpus} CPUs: ${flips} confirmed flips, ${calPerFlip.toFixed(3)} function-call IPIs each, model ${model} (${off.toFixed(2)} %)`;
}
