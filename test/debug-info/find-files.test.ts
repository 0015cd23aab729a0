// Finding debug files: the layouts of distributions, and Debian's debuginfod on loopback.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openImage } from "#evidence/symbols/kernel-image.ts";
import { nodeDecompressor } from "#host/block-decompressor.ts";
import { debuginfodFromEnvironment, fetchDebugFile } from "#host/debuginfod.ts";
import { openFileSource } from "#host/file-source.ts";
import { findByBuildId, findVmlinux } from "#host/find-vmlinux.ts";
import { haveTools, openWorkshop, type Workshop } from "./build.ts";

describe("debug folders", () => {
  let directory = "";
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "stallscope-debug-dir-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  test.each([
    ["Debian", "boot/vmlinux-6.1.0-56-amd64", "6.1.0-56-amd64"],
    ["Ubuntu", "boot/vmlinux-5.15.0-46-generic", "5.15.0-46-generic"],
    ["Fedora", "lib/modules/6.5.6-300.fc39.x86_64/vmlinux", "6.5.6-300.fc39.x86_64"],
    [
      "openEuler",
      "usr/lib/modules/5.10.0-136.12.0.90.oe2203sp1.x86_64/vmlinux",
      "5.10.0-136.12.0.90.oe2203sp1.x86_64",
    ],
    [
      "SUSE",
      "usr/lib/modules/5.14.21-150500.53-default/vmlinux.debug",
      "5.14.21-150500.53-default",
    ],
  ])("%s: %s", (_name, path, release) => {
    place(directory, path);
    expect(findVmlinux({ release }, [directory])).toBe(join(directory, path));
    expect(findVmlinux({ release: "9.9.9" }, [directory])).toBeUndefined();
  });

  test("a build id is exact and goes before the release", () => {
    const buildId = "eb4fbcd037e7253717950bf2b93bd5566f47c56f";
    place(directory, "boot/vmlinux-6.1.0");
    const exact = place(directory, ".build-id/eb/4fbcd037e7253717950bf2b93bd5566f47c56f.debug");
    expect(findVmlinux({ release: "6.1.0", buildId }, [directory])).toBe(exact);
    expect(findByBuildId(buildId, ["/nowhere", directory])).toBe(exact);
  });

  test("a release that would lead out of the folder is no release", () => {
    place(directory, "boot/vmlinux-x");
    expect(findVmlinux({ release: "../boot/vmlinux-x" }, [directory])).toBeUndefined();
  });
});

describe.skipIf(!haveTools("gcc", "debuginfod"))("debuginfod on loopback", () => {
  let workshop: Workshop;
  let server: ChildProcess;
  let url = "";
  beforeAll(async () => {
    workshop = openWorkshop();
    workshop.compile("served", ["-gdwarf-5", "-Wl,--build-id"]);
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    server = spawn("debuginfod", ["-p", `${port}`, "-d", ":memory:", "-F", workshop.directory], {
      stdio: "ignore",
      env: { ...process.env, DEBUGINFOD_URLS: "" },
    });
  });
  afterAll(() => {
    server.kill();
    workshop.remove();
  });

  test("a file is fetched once, whole, and an unknown build id is not there", async () => {
    const served = join(workshop.directory, "served");
    const buildId = buildIdOf(served);
    const cache = join(workshop.directory, "cache");
    const warnings: string[] = [];
    const options = debuginfodFromEnvironment(
      { DEBUGINFOD_URLS: `${url}/`, DEBUGINFOD_CACHE_PATH: cache },
      (message) => warnings.push(message),
    );
    const path = await eventually(() => fetchDebugFile(buildId, options));
    expect(path).toBe(join(cache, buildId, "debuginfo"));
    expect(readFileSync(path).equals(readFileSync(served))).toBe(true);
    expect(await fetchDebugFile(buildId, { ...options, urls: [] })).toBe(path);
    expect(await fetchDebugFile("00".repeat(20), options)).toBeUndefined();
  });
});

test("without DEBUGINFOD_URLS no server is asked", async () => {
  const options = debuginfodFromEnvironment({ DEBUGINFOD_CACHE_PATH: "/nowhere" }, () => undefined);
  expect(options.urls).toEqual([]);
  expect(await fetchDebugFile("ab".repeat(20), options)).toBeUndefined();
});

function place(directory: string, path: string): string {
  const whole = join(directory, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, "");
  return whole;
}

function buildIdOf(path: string): string {
  const image = openImage(openFileSource(path), nodeDecompressor());
  if (!image.ok || image.value.buildId === undefined) throw new Error("no build id");
  return image.value.buildId;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** The server takes a while to start and to index its folder. */
async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("no answer within 30 s");
}
