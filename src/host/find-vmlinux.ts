// Where distributions put a kernel's debug files. Names are tried, nothing is searched.

import { existsSync } from "node:fs";
import { join } from "node:path";

export interface WantedKernel {
  /** `uname -r` of the kernel: `6.1.0-56-amd64`. */
  readonly release?: string;
  /** GNU build id, lower-case hex. */
  readonly buildId?: string;
}

/** Where debug files are looked for unless `--debug-dir` says otherwise. */
export const DEBUG_DIRECTORIES: readonly string[] = ["/usr/lib/debug"];

/**
 * The vmlinux of a kernel below the debug folders, or undefined. A build id is exact and goes first;
 * `.build-id/ab/cdef….debug` is the layout of every distribution.
 */
export function findVmlinux(
  wanted: WantedKernel,
  directories: readonly string[] = DEBUG_DIRECTORIES,
): string | undefined {
  const candidates = directories.flatMap((directory) => [
    ...byBuildId(directory, wanted.buildId),
    ...byRelease(directory, wanted.release),
  ]);
  return candidates.find((candidate) => existsSync(candidate));
}

/** The debug file of a module or supplementary file by build id. */
export function findByBuildId(
  buildId: string,
  directories: readonly string[] = DEBUG_DIRECTORIES,
): string | undefined {
  return directories
    .flatMap((directory) => byBuildId(directory, buildId))
    .find((candidate) => existsSync(candidate));
}

function byBuildId(directory: string, buildId: string | undefined): string[] {
  if (buildId === undefined || !/^[0-9a-f]{8,64}$/.test(buildId)) return [];
  return [join(directory, ".build-id", buildId.slice(0, 2), `${buildId.slice(2)}.debug`)];
}

function byRelease(directory: string, release: string | undefined): string[] {
  // A release comes from a log: it must not lead out of the folder.
  if (release === undefined || !/^[\w.+~-]{1,128}$/.test(release)) return [];
  return [
    // Debian -dbg, Ubuntu -dbgsym
    join(directory, "boot", `vmlinux-${release}`),
    join(directory, `vmlinux-${release}`),
    // Fedora, RHEL, openEuler -debuginfo; Debian links to it as well
    join(directory, "lib/modules", release, "vmlinux"),
    join(directory, "usr/lib/modules", release, "vmlinux"),
    // SUSE
    join(directory, "usr/lib/modules", release, "vmlinux.debug"),
    join(directory, "boot", `vmlinux-${release}.debug`),
  ];
}
