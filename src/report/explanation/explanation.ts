// What `explain` prints on a terminal: one topic as a page, or the list of all. 80 columns, no colour needed.

import type { Text } from "#base/text.ts";
import type { ExplanationV1, Topic, TopicKind } from "#contract/explanation.ts";
import { cleanLine } from "../escape.ts";
import { pad, wrap } from "../width.ts";

export interface ExplanationOptions {
  readonly lang: "en" | "zh";
  readonly width: number;
}

const LABELS = {
  en: {
    printedBy: "Printed by",
    proves: "Proves",
    provesNot: "Does not prove",
    next: "Next",
    phases: "Steps",
    aliases: "Also",
    references: "References",
    related: "See also",
  },
  zh: {
    printedBy: "打印者",
    proves: "能证明",
    provesNot: "不能证明",
    next: "下一步",
    phases: "步骤",
    aliases: "又作",
    references: "参考",
    related: "另见",
  },
} as const;

const KINDS: Readonly<Record<TopicKind, Text>> = {
  mechanism: { en: "stall mechanism", zh: "停滞机制" },
  report: { en: "kernel report", zh: "内核报告" },
  message: { en: "kernel message", zh: "内核消息" },
  taint: { en: "taint flag", zh: "污染标记" },
  field: { en: "part of a report", zh: "报告的组成部分" },
  verdict: { en: "verdict", zh: "结论用语" },
  symbol: { en: "kernel symbol", zh: "内核符号" },
};

const MAX_WIDTH = 100;
const INDENT = "  ";

export function renderExplanation(document: ExplanationV1, options: ExplanationOptions): string {
  const width = Math.min(options.width, MAX_WIDTH);
  const blocks =
    document.term === undefined
      ? listBlocks(document.topics, options.lang)
      : document.topics.map((topic) => topicLines(topic, options.lang, width).join("\n"));
  return `${blocks.join("\n\n")}\n`;
}

function topicLines(topic: Topic, lang: "en" | "zh", width: number): string[] {
  const labels = LABELS[lang];
  const field = (label: string, entries: readonly string[] | undefined) =>
    entries === undefined || entries.length === 0
      ? []
      : ["", label, ...entries.flatMap((entry) => indented(entry, width))];
  const say = (words: Text | undefined) => (words === undefined ? undefined : [words[lang]]);
  return [
    `${cleanLine(topic.title[lang])} (${KINDS[topic.kind][lang]}; ${cleanLine(topic.id)})`,
    ...wrap(cleanLine(topic.what[lang]), width),
    ...field(labels.printedBy, topic.printedBy),
    ...field(labels.proves, say(topic.proves)),
    ...field(labels.provesNot, say(topic.provesNot)),
    ...field(
      labels.phases,
      topic.phases?.map((phase, index) => `${index + 1}. ${phase[lang]}`),
    ),
    ...field(labels.next, say(topic.next?.text)),
    ...(topic.next?.command === undefined ? [] : [`${INDENT}${cleanLine(topic.next.command)}`]),
    ...field(labels.aliases, topic.aliases.length > 0 ? [topic.aliases.join(", ")] : []),
    ...field(labels.references, topic.references),
    ...field(labels.related, topic.related?.length ? [topic.related.join(", ")] : []),
  ];
}

function indented(words: string, width: number): string[] {
  return wrap(cleanLine(words), width - INDENT.length).map((line) => `${INDENT}${line}`);
}

function listBlocks(topics: readonly Topic[], lang: "en" | "zh"): string[] {
  const kinds = [...new Set(topics.map(({ kind }) => kind))];
  return kinds.map((kind) => {
    const members = topics.filter((topic) => topic.kind === kind);
    const column = Math.max(...members.map(({ id }) => id.length)) + 2;
    const lines = members.map(
      ({ id, title }) => `${INDENT}${pad(cleanLine(id), column)}${cleanLine(title[lang])}`,
    );
    return [`${KINDS[kind][lang]}:`, ...lines].join("\n");
  });
}
