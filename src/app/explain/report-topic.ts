// A topic about something the kernel prints has no gaps: all four questions are answered.

import type { Topic } from "#contract/explanation.ts";

export type ReportTopic = Topic &
  Required<Pick<Topic, "printedBy" | "proves" | "provesNot" | "next">>;
