// Notices of one source: numbered, and capped by kind so that a flood of link messages stays readable.

import type { Notice, NoticeKind } from "#model/notice.ts";
import type { ReportLine } from "./draft.ts";
import { findNotice } from "./notices.ts";

const MOST_OF_A_KIND = 60;

export interface NoticeCounter {
  /** Hands out a notice when the line is one. */
  line(line: ReportLine, boot: number): void;
  /** Says how many lines of each kind were left out. */
  end(): void;
}

export function countNotices(take: (notice: Notice) => void): NoticeCounter {
  const counts = new Map<NoticeKind, { seen: number; last: ReportLine; boot: number }>();
  let given = 0;
  const give = (kind: NoticeKind, text: string, line: ReportLine, boot: number): void => {
    const { time, host } = line.record;
    take({
      id: `n${++given}`,
      kind,
      text,
      boot,
      range: line.range,
      ...(time === undefined ? {} : { time }),
      ...(host === undefined ? {} : { host }),
    });
  };
  return {
    line: (line, boot) => {
      const kind = findNotice(line.text);
      if (kind === undefined) return;
      const seen = (counts.get(kind)?.seen ?? 0) + 1;
      counts.set(kind, { seen, last: line, boot });
      if (seen <= MOST_OF_A_KIND) give(kind, line.text, line, boot);
    },
    end: () => {
      for (const [kind, { seen, last, boot }] of counts) {
        const more = seen - MOST_OF_A_KIND;
        if (more > 0) give(kind, `${more} more lines of this kind are not listed`, last, boot);
      }
    },
  };
}
