// The ticket's own sentences, held against the log pasted into it: names, times, numbers, and what the
// matched mechanism knows about such sentences.

import { type Text, text } from "#base/text.ts";
import type { Mechanism } from "#mechanisms/mechanism.ts";
import type { KernelEvent } from "#model/kernel-event.ts";
import type { DocumentLine, Trace } from "#model/reading.ts";
import type { Evidence, Verdict } from "#model/verdict.ts";
import type { Claim, Hypothesis } from "./diagnosis.ts";
import type { IncidentGroup } from "./incidents.ts";

const MOST_CLAIMS = 20;

interface Checked {
  readonly verdict: Verdict;
  readonly reason: Text;
  readonly evidence: readonly Evidence[];
}

type Rule = NonNullable<Mechanism["claims"]>[number];

/** A sentence with what it says, read once: a ticket has hundreds, and its log may hold thousands of incidents. */
export interface Sentence {
  readonly line: DocumentLine;
  readonly address: RegExpExecArray | undefined;
  readonly lockup: RegExpExecArray | undefined;
  readonly time: RegExpExecArray | undefined;
  readonly release: string | undefined;
  /** What a mechanism knows of it, once asked. */
  readonly rules: Map<Mechanism, Rule | undefined>;
}

/** The sentences of each source. */
export type Sentences = ReadonlyMap<string, readonly Sentence[]>;

export function readSentences(document: Trace["document"]): Sentences {
  const sentences = new Map<string, Sentence[]>();
  for (const line of document) {
    const known = sentences.get(line.range.source);
    if (known === undefined) sentences.set(line.range.source, [readSentence(line)]);
    else known.push(readSentence(line));
  }
  return sentences;
}

function readSentence(line: DocumentLine): Sentence {
  const address = /\b(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\b/.exec(line.text);
  const isOfHost = /节点|node|host|主机|machine|server|服务器/i.test(line.text);
  const time = /(\d{4})[-/](\d\d)[-/](\d\d)[- T](\d\d:\d\d:\d\d)/.exec(line.text);
  const isOfTime = /时间|time|when|at /i.test(line.text);
  return {
    line,
    address: address !== null && isOfHost ? address : undefined,
    lockup: /soft lockup - CPU#(\d{1,5}) stuck for (\d{1,6})s/.exec(line.text) ?? undefined,
    time: time !== null && isOfTime ? time : undefined,
    release: /\b\d{1,2}\.\d{1,3}\.\d{1,3}-[\w.~+-]{3,80}/.exec(line.text)?.[0],
    rules: new Map(),
  };
}

type Check = (sentence: Sentence, group: IncidentGroup) => Checked | undefined;

const CHECKS: readonly Check[] = [checkHost, checkLockup, checkTime, checkRelease];

export function checkClaims(
  sentences: Sentences,
  group: IncidentGroup,
  hypotheses: readonly Hypothesis[],
  mechanism: Mechanism | undefined,
): readonly Claim[] {
  const claims: Claim[] = [];
  const sources = new Set(group.events.map((event) => event.range.source));
  for (const sentence of [...sources].flatMap((source) => sentences.get(source) ?? [])) {
    if (claims.length >= MOST_CLAIMS) break;
    for (const check of CHECKS) {
      const checked = check(sentence, group);
      if (checked) claims.push(toClaim(sentence.line, checked));
    }
    const known = mechanism && checkAgainstMechanism(sentence, mechanism, hypotheses);
    if (known) claims.push(toClaim(sentence.line, known));
  }
  return withoutRepeats(claims);
}

function toClaim(line: DocumentLine, checked: Checked): Claim {
  const here: Evidence = {
    range: line.range,
    quote: line.text,
    how: text("what the ticket says", "工单中的说法"),
  };
  return {
    text: line.text.trim(),
    verdict: checked.verdict,
    reason: checked.reason,
    evidence: [here, ...checked.evidence],
  };
}

function withoutRepeats(claims: readonly Claim[]): readonly Claim[] {
  const seen = new Set<string>();
  return claims.filter((claim) => {
    const key = `${claim.text}|${claim.reason.en}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** `node … 10.8.94.98` against a log whose host name spells an address (`gaoji-10-8-94-99`). */
function checkHost({ address }: Sentence, group: IncidentGroup): Checked | undefined {
  const first = group.events[0];
  const host = group.host;
  if (!address || !first || host === undefined) return undefined;
  const inHost = /(\d{1,3})[-.](\d{1,3})[-.](\d{1,3})[-.](\d{1,3})/.exec(host);
  if (!inHost) return undefined;
  const same = [1, 2, 3, 4].every((i) => Number(address[i]) === Number(inHost[i]));
  return {
    verdict: same ? "likely" : "unlikely",
    reason: same
      ? text(`the log's host is named ${host}`, `日志中的主机名为 ${host}`)
      : text(
          `the log is from a host named ${host}, not ${address[0]}: another machine's log, or the wrong node in the ticket`,
          `日志来自主机 ${host}，而不是 ${address[0]}：要么贴了别的机器的日志，要么工单写错了节点`,
        ),
    evidence: [lineEvidence(first, text("the host in the log", "日志中的主机"))],
  };
}

/** `CPU#114 stuck for 23s` said in prose: is that report in the log? */
function checkLockup({ lockup: said }: Sentence, group: IncidentGroup): Checked | undefined {
  if (!said) return undefined;
  const [cpu, seconds] = [Number(said[1]), Number(said[2])];
  const event = group.events.find(
    (e) => e.kind === "soft-lockup" && e.cpu === cpu && e.stuckSeconds === seconds,
  );
  return event
    ? {
        verdict: "proven",
        reason: text("that report is in the log", "日志中有这份报告"),
        evidence: [lineEvidence(event, text("the report", "该报告"))],
      }
    : {
        verdict: "possible",
        reason: text(
          `the report of CPU ${cpu} is not in this log: nothing can be said about where it was or what it waited for`,
          `本日志中没有 CPU ${cpu} 的报告：无法判断它当时的位置以及在等待什么`,
        ),
        evidence: [],
      };
}

/** A date and time in the prose against the wall clock of the events. */
function checkTime({ time: said }: Sentence, group: IncidentGroup): Checked | undefined {
  if (!said) return undefined;
  const [, , month, day, clock] = said;
  const stamped = group.events.filter((event) => event.time?.wall !== undefined);
  const match = stamped.find((event) => event.time?.wall?.includes(`${month}-${day}T${clock}`));
  if (match) {
    return {
      verdict: "likely",
      reason: text(
        "day and time agree with the log; its own stamps carry no year",
        "日期与时刻同日志一致；日志自身的时间戳不含年份",
      ),
      evidence: [lineEvidence(match, text("the event at that time", "该时刻的事件"))],
    };
  }
  const first = stamped[0];
  if (!first) return undefined;
  return {
    verdict: "unlikely",
    reason: text(
      `the events of this log carry other times, the first ${first.time?.wall}`,
      `本日志中的事件是其他时间，首个为 ${first.time?.wall}`,
    ),
    evidence: [lineEvidence(first, text("the first event", "首个事件"))],
  };
}

/** A kernel release named in the prose. */
function checkRelease({ release: said }: Sentence, group: IncidentGroup): Checked | undefined {
  if (said === undefined) return undefined;
  const event = group.events.find((e) => e.kernel);
  if (!event?.kernel || !event.kernelAt) return undefined;
  const same = event.kernel.release === said;
  return {
    verdict: same ? "proven" : "ruled out",
    reason: same
      ? text("the log names the same kernel", "日志中的内核版本与之一致")
      : text(`the log names ${event.kernel.release}`, `日志中的内核版本是 ${event.kernel.release}`),
    evidence: [
      {
        range: event.kernelAt.range,
        quote: event.kernelAt.text,
        how: text("the kernel in the log", "日志中的内核版本"),
      },
    ],
  };
}

function checkAgainstMechanism(
  sentence: Sentence,
  mechanism: Mechanism,
  hypotheses: readonly Hypothesis[],
): Checked | undefined {
  const rule = findRule(sentence, mechanism);
  if (!rule) return undefined;
  const decided = hypotheses.find((hypothesis) => hypothesis.id === rule.hypothesis);
  const verdict = rule.verdict ?? decided?.verdict;
  if (!verdict) return undefined;
  return {
    verdict,
    reason: rule.reason,
    evidence: decided ? [...decided.for, ...decided.against].slice(0, 3) : [],
  };
}

function findRule({ line, rules }: Sentence, mechanism: Mechanism): Rule | undefined {
  if (rules.has(mechanism)) return rules.get(mechanism);
  const lower = line.text.toLowerCase();
  const rule = mechanism.claims?.find((claim) =>
    claim.says.every((words) => words.some((word) => lower.includes(word))),
  );
  rules.set(mechanism, rule);
  return rule;
}

function lineEvidence(event: KernelEvent, how: Text): Evidence {
  return { range: event.headline.range, quote: event.headline.text, how };
}
