// A client of debuginfod, the servers distributions run for debug files by build id. Nothing is asked
// unless DEBUGINFOD_URLS names a server; a build id is all that is sent.

import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AppError } from "#base/app-error.ts";
import { findByBuildId } from "./find-vmlinux.ts";

export interface DebuginfodOptions {
  /** Server addresses, as DEBUGINFOD_URLS separates them by spaces. */
  readonly urls: readonly string[];
  /** Folder that fetched files stay in, laid out like the tools' own cache. */
  readonly cache: string;
  readonly warn: (message: string) => void;
}

/** From the environment, as elfutils and gdb read it; no servers when DEBUGINFOD_URLS is not set. */
export function debuginfodFromEnvironment(
  environment: NodeJS.ProcessEnv,
  warn: (message: string) => void,
): DebuginfodOptions {
  const base = environment.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  return {
    urls: (environment.DEBUGINFOD_URLS ?? "")
      .split(/\s+/)
      .filter((url) => /^https?:\/\//.test(url)),
    cache: environment.DEBUGINFOD_CACHE_PATH ?? join(base, "debuginfod_client"),
    warn,
  };
}

/** The path of the debug file with that build id, fetched when no copy is at hand; else undefined. */
export async function fetchDebugFile(
  buildId: string,
  options: DebuginfodOptions,
): Promise<string | undefined> {
  if (!/^[0-9a-f]{8,64}$/.test(buildId)) return undefined;
  const folder = join(options.cache, buildId);
  const path = join(folder, "debuginfo");
  if (existsSync(path)) return path;
  for (const url of options.urls) {
    if (
      await download(
        `${url.replace(/(?<!\/)\/+$/, "")}/buildid/${buildId}/debuginfo`,
        folder,
        path,
        options,
      )
    ) {
      return path;
    }
  }
  return undefined;
}

/**
 * The debug file of a build: below the debug folders, else from the servers DEBUGINFOD_URLS names. An
 * AppError where neither has it.
 */
export async function requireDebugFile(
  buildId: string,
  directories: readonly string[] | undefined,
  warn: (message: string) => void,
): Promise<string> {
  const options = debuginfodFromEnvironment(process.env, warn);
  const found = findByBuildId(buildId, directories) ?? (await fetchDebugFile(buildId, options));
  if (found !== undefined) return found;
  throw new AppError(
    "file/missing",
    `no debug file with build id ${buildId}`,
    options.urls.length > 0
      ? "none of the servers in DEBUGINFOD_URLS has it"
      : "install the debug package, or set DEBUGINFOD_URLS to your distribution's server",
  );
}

/** Seconds a server may take to begin answering. */
const PATIENCE = 90;

async function download(
  url: string,
  folder: string,
  path: string,
  options: DebuginfodOptions,
): Promise<boolean> {
  const partial = `${path}.${process.pid}.partial`;
  try {
    const begun = new AbortController();
    const timer = setTimeout(() => begun.abort(), PATIENCE * 1000);
    const answer = await fetch(url, { signal: begun.signal });
    clearTimeout(timer);
    if (answer.status === 404) return false;
    if (!answer.ok || answer.body === null) throw new Error(`status ${answer.status}`);
    mkdirSync(folder, { recursive: true });
    // Written beside and renamed: another process sees the whole file or none.
    await pipeline(Readable.fromWeb(answer.body), createWriteStream(partial));
    renameSync(partial, path);
    return true;
  } catch (error) {
    rmSync(partial, { force: true });
    options.warn(`${url}: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}
