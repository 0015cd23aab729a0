// Rotated logs in the order in which they were written, from their names: logrotate's numbers count back
// from the present (`messages.3.gz` before `messages.1`), its dates count forward (`messages-20250629`),
// and the name without either is the newest.

const COMPRESSED = /\.(?:gz|bz2|xz|zst|lzma)$/;
const DATED = /^(.*?)[-._](\d{4})-?(\d\d)-?(\d\d)(?:[-T_]?(\d{2,10}))?(\.log|\.txt)?$/;
const NUMBERED = /^(.*?)(?:\.(\d{1,4}))(\.log)?$/;

interface Place {
  readonly family: string;
  /** Smaller is older within the family. */
  readonly age: string;
}

/** Sorts paths: logs of one family together and oldest first. */
export function inLogOrder(paths: readonly string[]): readonly string[] {
  return paths
    .map((path) => ({ path, place: placeOf(path) }))
    .sort(
      (a, b) =>
        compare(a.place.family, b.place.family) ||
        compare(a.place.age, b.place.age) ||
        compare(a.path, b.path),
    )
    .map(({ path }) => path);
}

function placeOf(path: string): Place {
  const name = path.replace(COMPRESSED, "");
  const dated = DATED.exec(name);
  if (dated !== null) {
    const [, base = "", year, month, day, rest = "", end = ""] = dated;
    return { family: base + end, age: `1${year}${month}${day}${rest}` };
  }
  const numbered = NUMBERED.exec(name);
  if (numbered !== null) {
    const [, base = "", number, end = ""] = numbered;
    // Rotation by number goes back from the present; numbers are older than anything dated only by luck.
    return { family: base + end, age: `2${String(9999 - Number(number)).padStart(4, "0")}` };
  }
  return { family: name, age: "3" };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Names under which kernel logs lie in archives and directories full of other text. */
const LOG_NAME =
  /(?:^|\/)(?:[\w.@+-]*(?:dmesg|messages|syslog|kern|kernel|journal|console|netconsole|pstore|oops|crash|ramoops|serial|klog|boot)[\w.@+-]*|[\w.@+-]{1,200}\.log(?:[.-][\w.-]*)?)$/i;
/** Where a report tool keeps configuration and the kernel's own files. */
const NO_LOG = /(?:^|\/)(?:etc|proc|sys|lib|usr|boot|run\/udev)\//;

export function isLogName(path: string): boolean {
  return LOG_NAME.test(path) && !NO_LOG.test(path);
}
