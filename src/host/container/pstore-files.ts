// Files of the kernel's persistent store, in the order in which their text was written: `dmesg-efi_pstore-…`
// in /sys/fs/pstore, or where systemd-pstore archived them. One file is one part of one dump.
//
// fs/pstore/inode.c: pstore_mkfile names a file `TYPE-BACKEND-ID`, with `.enc.z` where it could not unpack
// the record. fs/pstore/platform.c: pstore_dump begins each part with a line `Panic#1 Part2` and writes the
// newest text first, so Part1 is the end of the log; its count starts anew with every boot, so two boots'
// `Oops#1` are told apart by their ids.

import { basename, dirname } from "node:path";

export interface PstoreName {
  readonly type: string;
  readonly backend: string;
  readonly id: bigint;
  /** The kernel could not unpack it: what is in the file is no text. */
  readonly isPacked: boolean;
}

/** A file's place in a dump: the first line of every part says it. */
export interface PartHead {
  /** `Panic#1` */
  readonly dump: string;
  readonly part: number;
}

export interface PstoreFile {
  readonly path: string;
  readonly continues?: "parts";
}

const NAME =
  /^(dmesg|mce|console|ftrace|rtas|pmsg|powerpc-[a-z]{1,16})-([a-z][\w-]{0,31})-(\d{1,20})(\.enc\.z)?$/;
/** fs/pstore/zone.c puts `Panic: Total 2 times` before it, fs/pstore/ram.c may keep `====1.2-D`. */
const HEAD = /^([A-Z][a-z]{1,15}#\d{1,9}) Part(\d{1,6})\r?$/m;
/** So much of a file holds its head. */
export const HEAD_BYTES = 256;

export function parsePstoreName(path: string): PstoreName | undefined {
  const match = NAME.exec(basename(path));
  if (match === null) return undefined;
  const [, type = "", backend = "", id = "", packed] = match;
  return { type, backend, id: BigInt(id), isPacked: packed !== undefined };
}

/** `text`: the beginning of the file. */
export function findPartHead(text: string): PartHead | undefined {
  const [, dump, part] = HEAD.exec(text) ?? [];
  return dump === undefined ? undefined : { dump, part: Number(part) };
}

/** Why a file of the store holds no kernel log; undefined for one that does. */
export function whyNoLog({ type, isPacked }: PstoreName): string | undefined {
  if (isPacked) return "packed, and the kernel could not unpack it";
  if (type === "pmsg") return "messages of user space (pmsg), no kernel log";
  if (type === "ftrace") return "functions the kernel called (ftrace), no kernel log";
  if (type !== "dmesg" && type !== "console") return `a record of the firmware (${type}), no log`;
  return undefined;
}

/** Is it the text systemd-pstore put together of the parts that lie beside it? */
export function isPutTogether(path: string, withParts: ReadonlySet<string>): boolean {
  return basename(path) === "dmesg.txt" && withParts.has(dirname(path));
}

/** Folders that hold parts of a dump: systemd-pstore makes one for every dump. */
export function foldersWithParts(paths: readonly string[]): ReadonlySet<string> {
  return new Set(
    paths.flatMap((path) => {
      const name = parsePstoreName(path);
      return name?.type === "dmesg" && !name.isPacked ? [dirname(path)] : [];
    }),
  );
}

interface Part extends PartHead {
  readonly path: string;
  readonly name: PstoreName;
}

/** Parts of a dump one behind the other, oldest text first; dumps in the order they were written. */
export function inDumpOrder(
  paths: readonly string[],
  headOf: (path: string) => PartHead | undefined,
): readonly PstoreFile[] {
  const parts = paths
    .flatMap((path): Part[] => {
      const name = parsePstoreName(path);
      if (name === undefined) return [];
      return [{ path, name, ...(headOf(path) ?? { dump: "", part: 0 }) }];
    })
    .sort((a, b) => compare(a.name.backend, b.name.backend) || compare(a.name.id, b.name.id));
  const dumps: Part[][] = [];
  const open = new Map<string, Part[]>();
  for (const part of parts) {
    const key = `${part.name.type} ${part.name.backend} ${part.dump}`;
    const known = open.get(key);
    if (known !== undefined && belongs(known.at(-1), part)) known.push(part);
    else {
      const dump = [part];
      dumps.push(dump);
      open.set(key, dump);
    }
  }
  return dumps.flatMap((dump) =>
    dump
      .toReversed()
      .map(({ path }, index) => (index === 0 ? { path } : { path, continues: "parts" as const })),
  );
}

/** Parts are written one after the other, each with the next number and a later id. */
function belongs(last: Part | undefined, next: Part): boolean {
  if (last === undefined || last.part === 0 || next.part <= last.part) return false;
  return next.name.id - last.name.id < MOST_APART[idKind(next.name.backend)];
}

/**
 * drivers/firmware/efi/efi-pstore.c: generic_id is (seconds * 100 + part) * 1000 + count, and every part
 * is stamped for itself (platform.c: pstore_record_init), so the seconds may step within a dump.
 * drivers/firmware/efi/cper.c: cper_next_record_id, which erst.c: erst_writer takes, counts on from the
 * time of the boot's first record shifted left by 32 (24 after 2038).
 */
const MOST_APART = { efi: 60n * 100_000n, erst: 1n << 24n, other: 1n << 24n } as const;

function idKind(backend: string): keyof typeof MOST_APART {
  if (backend === "efi" || backend === "efi_pstore") return "efi";
  return backend === "erst" ? "erst" : "other";
}

function compare<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
