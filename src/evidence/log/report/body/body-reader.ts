// The shape of a body reader: one kind of line inside a report.

import type { Draft, ReportLine } from "../draft.ts";

/**
 * Takes what `line` says into `draft` and returns true when the line is of the reader's kind, even when
 * nothing new was in it (registers repeated after the end mark). Never throws; unknown content is `false`.
 */
export type BodyReader = (line: ReportLine, draft: Draft) => boolean;
