// Reports every renderer is tested on: nothing found, three incidents, and strings that attack.

import type { Incident, ReportEvent, ReportV1 } from "#contract/report.ts";
import { foundingReport } from "./founding.fixture.ts";

export const cleanReport: ReportV1 = {
  ...foundingReport,
  sources: [
    {
      id: "s1",
      name: "lab/v6.1-clean.log",
      kind: "log",
      format: "dmesg",
      lines: 412,
      bytes: 24629,
      boots: 1,
    },
  ],
  events: [],
  notices: [],
  incidents: [],
};

const [lead] = foundingReport.events;
const [incident] = foundingReport.incidents;

function eventLike(changes: Partial<ReportEvent>): ReportEvent {
  if (lead === undefined) throw new Error("the founding report has an event");
  const { excerpt: _, originalLines: __, listing: ___, ...rest } = lead;
  return { ...rest, ...changes };
}

function incidentLike(changes: Partial<Incident>): Incident {
  if (incident === undefined) throw new Error("the founding report has an incident");
  const { claims: _, ...rest } = incident;
  return { ...rest, ...changes };
}

const nullEvent: ReportEvent = {
  id: "e2",
  kind: "null-dereference",
  title: "BUG: kernel NULL pointer dereference, address: 0000000000000008",
  function: "virtnet_poll",
  cpu: 1,
  task: { comm: "iperf", pid: 812 },
  time: { monotonicSeconds: 12.5 },
  rip: { symbol: "virtnet_poll", offset: 0x4c, size: 0x3a0, module: "virtio_net" },
  panicked: true,
  complete: false,
  gaps: [{ reason: "truncated", from: { source: "s2", firstLine: 90, lastLine: 90 } }],
  from: { source: "s2", firstLine: 60, lastLine: 90 },
};

/** Two sources, three unrelated incidents: one explained, one fault without mechanism, one with a culprit. */
export const threeReport: ReportV1 = {
  ...foundingReport,
  sources: [
    ...foundingReport.sources,
    {
      id: "s2",
      name: "serial console.log",
      kind: "log",
      format: "bare",
      lines: 900,
      bytes: 70_000,
      boots: 2,
    },
  ],
  events: [
    ...foundingReport.events,
    nullEvent,
    eventLike({
      id: "e3",
      kind: "rcu-stall",
      title: "rcu: INFO: rcu_preempt self-detected stall on CPU",
      cpu: 2,
      host: "node-b",
      time: { wall: "2025-06-30T02:11:09", yearFrom: "log" },
      from: { source: "s2", firstLine: 400, lastLine: 431 },
    }),
    eventLike({
      id: "e4",
      kind: "nmi-backtrace",
      title: "NMI backtrace for cpu 3",
      cpu: 3,
      askedBy: "e3",
      from: { source: "s2", firstLine: 432, lastLine: 450 },
    }),
  ],
  incidents: [
    ...foundingReport.incidents,
    {
      id: "i2",
      title: { en: "NULL dereference in virtnet_poll", zh: "virtnet_poll 中发生空指针解引用" },
      signature: "null-dereference:virtnet_poll",
      events: ["e2"],
      firstTime: { monotonicSeconds: 12.5 },
      timeline: [],
      waits: [],
      hypotheses: [],
      findings: [],
      remedies: [],
      missing: [],
    },
    incidentLike({
      id: "i3",
      title: { en: "CPU 2 holds up the RCU grace period", zh: "CPU 2 拖住了 RCU 宽限期" },
      events: ["e3", "e4"],
      firstTime: { wall: "2025-06-30T02:11:09", yearFrom: "log" },
      host: "node-b",
      culprit: {
        cpu: 2,
        function: "spin_forever",
        why: "irqs-off",
        whyText: {
          en: "EFLAGS 0x46 has the interrupt flag clear",
          zh: "EFLAGS 0x46 的中断标志位为 0",
        },
        verdict: "proven",
        evidence: [
          {
            source: "s2",
            firstLine: 410,
            lastLine: 410,
            quote: "RSP: 0018:ffffc900000b7e98 EFLAGS: 00000046",
            how: { en: "interrupts off", zh: "中断已关闭" },
          },
        ],
      },
    }),
  ],
  gaps: [{ reason: "lost-messages", from: { source: "s2", firstLine: 300, lastLine: 301 } }],
  failures: [{ part: "mechanism tlb-shootdown", message: "no such fact" }],
};

/** Fields that hold a closed word or a reference, not a string from the evidence. */
const FIXED = new Set(
  "schema kind verdict when state observed for why context interrupts yearFrom id event events source askedBy waitsFor".split(
    " ",
  ),
);

/** The same report with every free string replaced by `change` of it. */
export function withStrings(report: ReportV1, change: (value: string) => string): ReportV1 {
  const walk = (value: unknown, name: string): unknown => {
    if (typeof value === "string") return FIXED.has(name) ? value : change(value);
    if (Array.isArray(value)) return value.map((item) => walk(item, name));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner, key)]));
  };
  // Only strings changed, and none that the type narrows.
  return walk(report, "") as ReportV1;
}

/** What a task's name, a host's name or a line of a log may try. */
export const ATTACKS: readonly string[] = [
  "<script>alert(1)</script><img src=x onerror=alert(1)>",
  "</code></pre></td></table></main><b>",
  "\u001b[2J\u001b]0;title\u0007\u009b31mred",
  "a\u202egnp.exe\u2066x\u200b\u00ad",
  "one\ntwo\r\n# three\n- four\n```\n<b>",
  "`tick` ``two`` ```three``` `",
  "a|b\\|c\\",
  "[text](javascript:alert(1)) ![i](http://evil.example/x.png) <http://evil.example>",
  "https://evil.example www.evil.example a@evil.example",
  "*a* **b** _c_ __d__ ~~e~~ &lt;b&gt; &#60;",
  "# heading",
  "1. item",
  "- [ ] task",
  "$(reboot);`reboot`'\"",
  "\u0001code\u0004\u0003\u0002",
  "\ud800 lone \udc00",
  "",
];

export const hostileReports: readonly ReportV1[] = ATTACKS.map((attack) =>
  withStrings(threeReport, () => attack),
);

export const allReports: readonly (readonly [name: string, report: ReportV1])[] = [
  ["the founding incident", foundingReport],
  ["nothing found", cleanReport],
  ["three incidents", threeReport],
];
