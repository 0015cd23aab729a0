// One message of the log after framing: what lies between "bytes of a file" and "reports of a kernel".
// framing/ makes records, report/ reads them; neither knows the other's insides.

import type { EventTime } from "#model/kernel-event.ts";
import type { SourceRange } from "#model/source-range.ts";

/** Optional fields may be there and undefined: all records have one shape, which is what makes them cheap. */
export interface LogRecord {
  /** The message alone: no prefix, no CR, no escape sequences; damage of editors mended. */
  readonly text: string;
  /** Physical lines of the source this record came from, 1-based, inclusive. */
  readonly firstLine: number;
  readonly lastLine: number;
  /** Id of its file where a log is read from several; the reader's own source otherwise. */
  readonly source?: string | undefined;
  /** The rest of a record that a rotation cut: its lines in the next file. */
  readonly tail?: SourceRange | undefined;
  readonly time?: EventTime | undefined;
  readonly host?: string | undefined;
  /** `T123` / `C4` (CONFIG_PRINTK_CALLER), without brackets. */
  readonly caller?: string | undefined;
  /** Syslog/kmsg level 0..7 where the framing gives one. */
  readonly level?: number | undefined;
  /** `kernel`, or the syslog program otherwise; absent where the framing names none. */
  readonly program?: string | undefined;
  /** Line number pasted along with the text. */
  readonly originalLine?: number | undefined;
  /** The file that `originalLine` counts in, where the pasted text names it (`# vim /var/log/messages`). */
  readonly originalFile?: string | undefined;
  /** What had to be mended to get `text` (`wrapped`, `joined-lines`, `lost-bytes`, …). */
  readonly damage?: readonly string[] | undefined;
  /** Framing that read it (`dmesg`, `syslog`, `journal-json`, `bare`, …). */
  readonly framing: string;
  /** True where the framing is sure that this is the kernel's own message, not prose around it. */
  readonly kernel: boolean;
  /**
   * Which party of an interleaved log this belongs to where the framing can tell (caller id, host);
   * records of one stream are one sequence.
   */
  readonly stream?: string | undefined;
}

/** Consumes records in order; `end` may be called once. */
export interface RecordSink {
  record(record: LogRecord): void;
  end(): void;
}
