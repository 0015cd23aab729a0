// From a word to a topic: exactly, then without regard to case, then by other names, then what is near.

import type { Topic } from "#contract/explanation.ts";

export type Found =
  | { readonly kind: "found"; readonly topics: readonly Topic[] }
  /** Ids, nearest first; may be empty. */
  | { readonly kind: "unknown"; readonly near: readonly string[] };

const SUGGESTED = 3;
/** Longer words are no terms, and comparing them letter by letter is of no use. */
const MAX_TERM = 200;

/** `term` as typed; a symbol may carry its offset (`func+0x1/0x2`). */
export function findTopic(topics: readonly Topic[], term: string): Found {
  const asked = term
    .trim()
    .slice(0, MAX_TERM)
    .replace(/\+0x[0-9a-f].*/is, "");
  const folded = fold(asked);
  const attempts: readonly ((topic: Topic) => boolean)[] = [
    (topic) => topic.id === asked,
    (topic) => fold(topic.id) === folded,
    (topic) => topic.aliases.includes(asked),
    (topic) => topic.aliases.some((alias) => fold(alias) === folded),
  ];
  for (const matches of attempts) {
    const found = topics.filter(matches);
    if (found.length > 0) return { kind: "found", topics: found };
  }
  return { kind: "unknown", near: nearIds(topics, folded) };
}

function fold(word: string): string {
  return word
    .toLowerCase()
    .replace(/[\s_-]+/g, " ")
    .trim();
}

function nearIds(topics: readonly Topic[], folded: string): readonly string[] {
  if (folded.length < 2) return [];
  const scored = topics
    .map((topic) => ({
      id: topic.id,
      score: Math.min(...[topic.id, ...topic.aliases].map((name) => distance(folded, fold(name)))),
    }))
    .filter(({ score }) => score <= Math.max(1, folded.length / 3))
    .sort((a, b) => a.score - b.score);
  return scored.slice(0, SUGGESTED).map(({ id }) => id);
}

/** Edits from one word to the other; a word within a longer one is near by the share it covers. */
function distance(asked: string, name: string): number {
  const [short, long] = asked.length <= name.length ? [asked, name] : [name, asked];
  if (short.length >= 4 && long.includes(short))
    return 1 + (long.length - short.length) / long.length;
  return editDistance(asked, name);
}

function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 0; i < a.length; i++) {
    const row = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const swap = (above[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      row.push(Math.min(swap, (above[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
    }
    above = row;
  }
  return above[b.length] ?? 0;
}
