// `sym+0x1/0x2 [module buildid]` and its symbolised forms: the word all traces are made of.
// printed by kernel/kallsyms.c: sprint_backtrace; symbolised by scripts/decode_stacktrace.sh
// (`sym (file.c:12 (discriminator 1))`) and syzkaller (`sym+0x1/0x2 file.c:12 [inline]`).

export interface Site {
  readonly symbol: string;
  readonly offset?: number;
  readonly size?: number;
  readonly module?: string;
  readonly buildId?: string;
  readonly file?: string;
  readonly line?: number;
  readonly inlined?: boolean;
  /** Symbolised, but the kernel had no line information: `foo (??:?)`. */
  readonly unplaced?: boolean;
  /** What stands behind the module: `(P)`, `(unreliable)`. */
  readonly rest?: string;
}

// KSYM_NAME_LEN is 512 since 6.1 (include/linux/kallsyms.h), MODULE_NAME_LEN 64 less the word (moduleparam.h).
//             text_poke_bp_batch+0xed/0x290
const WITH_OFFSET =
  /^([^\s+/()[\]]{1,512}|<[^+]{1,200})\+(?:0x)?([0-9a-f]{1,8})\/(?:0x)?([0-9a-f]{1,8})/;
const OFFSET_ONLY = /^([A-Za-z_.$][^\s+/()[\]]{0,511})\+0x([0-9a-f]{1,8})(?![0-9a-f/])/;
const NAME = /^([A-Za-z_.$][\w.$]{0,511})(?=$|[\s(])/;
const ADDRESS = /^\(?(0x[0-9a-f]{1,16})\)?(?=$|\s)/;
const MODULE = /^\s*\[([A-Za-z][\w-]{0,63})(?: ([0-9a-f]{8,64}))?\]/;
const FILE =
  /^\s*\(?((?:[\w./+@-]|\\){1,300}\.(?:[chSs]|rs|cpp|cc|hpp)):(\d{1,7})(?: \(discriminator \d+\))?\)?/;
/** addr2line's answer where a kernel has no line information: `foo (??:?)`, `foo (a.h:? b.c:12)`. */
const NOWHERE = /^ \((?:\?\?|[\w./+-]{1,200}\.(?:[chSs]|rs)):(?:\?|0)(?: [^)]{0,400})?\)/;

/** `undefined` when `text` does not begin with a symbol of a form that only a trace has. */
export function parseSite(text: string): Site | undefined {
  const exact = WITH_OFFSET.exec(text) ?? OFFSET_ONLY.exec(text);
  if (exact?.[1] !== undefined) {
    return {
      symbol: exact[1],
      offset: Number.parseInt(exact[2] ?? "0", 16),
      ...(exact[3] === undefined ? {} : { size: Number.parseInt(exact[3], 16) }),
      ...trailer(text.slice(exact[0].length)),
    };
  }
  const name = NAME.exec(text);
  if (name?.[1] !== undefined) {
    const behind = text.slice(name[0].length);
    const nowhere = NOWHERE.exec(behind);
    if (nowhere !== null) {
      return { symbol: name[1], unplaced: true, ...trailer(behind.slice(nowhere[0].length)) };
    }
    const rest = trailer(behind);
    return rest.file === undefined && rest.inlined !== true
      ? undefined
      : { symbol: name[1], ...rest };
  }
  const address = ADDRESS.exec(text);
  return address?.[1] === undefined
    ? undefined
    : { symbol: address[1], ...trailer(text.slice(address[0].length)) };
}

function trailer(text: string): Omit<Site, "symbol"> {
  let rest = text;
  const found: {
    module?: string;
    buildId?: string;
    file?: string;
    line?: number;
    inlined?: boolean;
  } = {};
  for (let round = 0; round < 3; round++) {
    const file = FILE.exec(rest);
    if (file?.[1] !== undefined && found.file === undefined) {
      found.file = file[1];
      found.line = Number(file[2]);
      rest = rest.slice(file[0].length);
    }
    const module = MODULE.exec(rest);
    if (module?.[1] === undefined) break;
    if (module[1] === "inline") found.inlined = true;
    else {
      found.module = module[1];
      if (module[2] !== undefined) found.buildId = module[2];
    }
    rest = rest.slice(module[0].length);
  }
  rest = rest.trim();
  return rest === "" ? found : { ...found, rest };
}
