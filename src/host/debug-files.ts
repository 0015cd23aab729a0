// Debug files on this machine: opening one with the supplementary file it names, finding modules beside a
// vmlinux, and reading the user's own source tree.

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { type DebugImages, type KernelImage, openDebugImage } from "#app/debug-image.ts";
import { AppError } from "#base/app-error.ts";
import { nodeDecompressor } from "./block-decompressor.ts";
import { type FileSource, openFileSource } from "./file-source.ts";
import { findByBuildId } from "./find-vmlinux.ts";

/** Opens a vmlinux, module or symbol list; an AppError where it cannot be read. */
export function openDebugFile(path: string): KernelImage {
  const source = openOrExplain(path);
  const image = openDebugImage(source, nodeDecompressor());
  if (!image.ok) {
    source.close();
    throw new AppError(
      "file/unreadable",
      `${path} is no vmlinux, module or System.map (${image.error.message})`,
      "give the uncompressed vmlinux with debug information, not bzImage",
    );
  }
  const alt = image.value.altLink === undefined ? undefined : altFile(path, image.value.altLink);
  if (alt === undefined) return image.value;
  const whole = openDebugImage(source, nodeDecompressor(), openFileSource(alt));
  return whole.ok ? whole.value : image.value;
}

function openOrExplain(path: string): FileSource {
  try {
    return openFileSource(path);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "failed";
    throw new AppError(
      "file/unreadable",
      `cannot read ${path} (${reason})`,
      "check the path",
      error,
    );
  }
}

/** The path in .gnu_debugaltlink is absolute or relative to the file; else it is found by build id. */
function altFile(path: string, link: { path: string; buildId: string }): string | undefined {
  const named = isAbsolute(link.path) ? link.path : resolve(dirname(path), link.path);
  return existsSync(named) ? named : findByBuildId(link.buildId);
}

/**
 * A kernel and its modules. Module files are looked for by name below the folders that distributions put
 * them in beside the vmlinux: Debian and Ubuntu `/usr/lib/debug/lib/modules/RELEASE`, Fedora and openEuler
 * `/usr/lib/debug/lib/modules/RELEASE/kernel/….ko.debug`, and a build tree.
 */
export function openDebugImages(
  vmlinux: string | undefined,
  moduleFolders: readonly string[],
): DebugImages {
  const kernel = vmlinux === undefined ? undefined : openDebugFile(vmlinux);
  const folders = [...moduleFolders, ...(vmlinux === undefined ? [] : foldersBeside(vmlinux))];
  const index = new Map<string, string>();
  let indexed = false;
  const opened = new Map<string, KernelImage | undefined>();
  return {
    kernel,
    module: (name, buildId) => {
      const key = name.replaceAll("-", "_");
      if (opened.has(key)) return opened.get(key);
      if (!indexed) for (const folder of folders) indexModules(folder, index, 0);
      indexed = true;
      const path = index.get(key);
      const image = path === undefined ? undefined : openDebugFile(path);
      // A build id in the log that differs is proof that this is another build of the module.
      const isOther =
        buildId !== undefined && image?.buildId !== undefined && image.buildId !== buildId;
      const usable = isOther ? undefined : image;
      opened.set(key, usable);
      return usable;
    },
  };
}

//  /usr/lib/debug/boot/vmlinux-6.1.0-56-amd64           -> /usr/lib/debug/lib/modules/6.1.0-56-amd64
//  /usr/lib/debug/lib/modules/5.10.0-136/vmlinux        -> that folder
function foldersBeside(vmlinux: string): string[] {
  const folder = dirname(resolve(vmlinux));
  const release = /\/vmlinux-([^/]+?)(?:\.debug)?$/.exec(resolve(vmlinux))?.[1];
  const beside = release === undefined ? [] : [join(folder, "../lib/modules", release)];
  return [...beside, folder].filter(
    (candidate) =>
      existsSync(candidate) && (candidate !== folder || existsSync(join(folder, "kernel"))),
  );
}

const MAX_DEPTH = 12;
const MODULE = /^(.+)\.ko(?:\.debug)?$/;

function indexModules(folder: string, index: Map<string, string>, depth: number): void {
  if (depth > MAX_DEPTH || !existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) indexModules(path, index, depth + 1);
    const name = MODULE.exec(entry.name)?.[1]?.replaceAll("-", "_");
    if (name !== undefined && !index.has(name)) index.set(name, path);
  }
}

const MAX_SOURCE = 16 << 20;

/**
 * Reads files of a source tree. A path the tree does not have is tried without its first folders, so that
 * a tree laid out a little differently still serves (`debian/build/…/mm/x.c` → `mm/x.c`).
 */
export function sourceTree(directory: string | undefined): (path: string) => string | undefined {
  return (path) => {
    if (directory === undefined) return readText(path);
    const parts = path.split("/").filter((part) => part !== "" && part !== "..");
    for (let skipped = 0; skipped < parts.length; skipped += 1) {
      const text = readText(join(directory, ...parts.slice(skipped)));
      if (text !== undefined) return text;
    }
    return undefined;
  };
}

function readText(path: string): string | undefined {
  try {
    const stat = statSync(path);
    return stat.isFile() && stat.size <= MAX_SOURCE ? readFileSync(path, "utf8") : undefined;
  } catch {
    // Not there or not readable: the listing is then without text, which its reader is told.
    return undefined;
  }
}

/** Bytes of a file that was opened before. */
export function debugFileSize(path: string): number {
  return statSync(path).size;
}
