// The use case behind `stallscope explain`: a word in, one document out. Portable.

import { AppError } from "#base/app-error.ts";
import { EXPLANATION_SCHEMA, type ExplanationV1 } from "#contract/explanation.ts";
import { findTopic } from "./find-topic.ts";
import { allTopics } from "./topics.ts";

/** Throws `AppError` "usage" for a word nobody knows, with what is near. */
export function explain(term: string, version: string): ExplanationV1 {
  const found = findTopic(allTopics(), term);
  if (found.kind === "unknown") {
    const advice =
      found.near.length > 0
        ? `did you mean ${found.near.map((id) => `'${id}'`).join(", ")}?`
        : "stallscope explain --list names all";
    throw new AppError("usage", `'${shortened(term)}' is not known`, advice);
  }
  return { ...document(version), term, topics: found.topics };
}

/** Every topic. */
export function explainAll(version: string): ExplanationV1 {
  return { ...document(version), topics: allTopics() };
}

function document(version: string): Pick<ExplanationV1, "schema" | "generator"> {
  return { schema: EXPLANATION_SCHEMA, generator: { name: "stallscope", version } };
}

function shortened(term: string): string {
  return term.length > 80 ? `${term.slice(0, 80)}…` : term;
}
