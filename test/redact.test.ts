// --redact over the whole way: nothing planted in a log is left in any output, and the diagnosis stays.

import { describe, expect, test } from "vitest";
import { redact } from "#app/redact.ts";
import { type RenderOptions, render } from "../src/cli/render.ts";
import { analyzeText } from "./analyze-log.ts";

const HOST = "qzhost7";
const DOMAIN_HOST = "qzhost7.qzcorp.example";
/** Each holds something that stands nowhere else in a report. */
const PLANTED: readonly (readonly [said: string, token: string])[] = [
  [`login on ${HOST}`, "qzhost7"],
  ["peer 203.0.113.77 timed out", "203.0.113.77"],
  ["peer ::ffff:203.0.113.78 timed out", "203.0.113.78"],
  ["peer 2001:db8:77::beef timed out", "2001:db8:77"],
  ["ether 52:54:00:77:ab:cd up", "52:54:00:77:ab:cd"],
  ["ether 5254.0077.abce up", "5254.0077.abce"],
  ["SerialNumber: QZSERIAL77", "QZSERIAL77"],
  ["mounted 0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", "0f1e2d3c"],
  ["/dev/disk/by-id/ata-QZDISK_WD-77 lost", "QZDISK"],
  ["wwn-0x5000c500a1b2c377 lost", "5000c500a1b2c377"],
  ["iscsi.password=qzsecret77 set", "qzsecret77"],
  ["http://qzuser:qzpass@203.0.113.79/x", "qzpass"],
  ["mail qzbob@qzmail.example", "qzbob"],
  ["started /home/qzalice/run.sh", "qzalice"],
];
const REPORT = [
  "watchdog: BUG: soft lockup - CPU#4 stuck for 22s! [kworker/4:1:77]",
  "Modules linked in: veth nf_tables",
  "CPU: 4 PID: 77 Comm: kworker/4:1 Not tainted 5.10.0-136.12.0.90.ctl3.x86_64 #1",
  "Hardware name: Suma MH221/62DC24-C, BIOS 08.03.04.71.18 06/02/2025",
  "Workqueue: events netstamp_clear",
  "RIP: 0010:text_poke_bp_batch+0xed/0x290",
  "RAX: 0000000000000000 RBX: ffffffff8c1a2b3c RCX: 0000000000000000",
  "Call Trace:",
  " text_poke_flush+0x10/0x20",
  " worker_thread+0x10/0x20",
  " ret_from_fork+0x10/0x20",
];
const NAME = `logs/${HOST}/home/qzalice/203.0.113.77.log`;
const FORMATS: readonly RenderOptions["format"][] = ["terminal", "json", "markdown", "html"];

describe("redact", () => {
  test.each(["en", "zh"] as const)("leaves nothing that was planted, in %s", async (language) => {
    const report = redact(await analyzeText(plantedLog(), NAME));
    expect(report.events.length).toBe(1);
    for (const format of FORMATS) {
      const options = { format, language, color: false, width: 4000, code: true, verbose: true };
      const output = await render(report, options);
      expect(PLANTED.filter(([, token]) => output.includes(token))).toEqual([]);
      expect(output).not.toContain("qzcorp");
    }
  });

  test("changes nothing in the diagnosis", async () => {
    const whole = await analyzeText(plantedLog(), NAME);
    const kept = redact(whole);
    expect(kept.incidents.map(verdictsOf)).toEqual(whole.incidents.map(verdictsOf));
    expect(kept.events[0]?.registers).toEqual(whole.events[0]?.registers);
    expect(kept.events[0]?.hardware).toBe(whole.events[0]?.hardware);
    expect(kept.events[0]?.kernel?.release).toBe("5.10.0-136.12.0.90.ctl3.x86_64");
  });
});

function verdictsOf(incident: Awaited<ReturnType<typeof analyzeText>>["incidents"][number]) {
  const { id, signature, mechanism, hypotheses, culprit } = incident;
  const told = hypotheses.map((hypothesis) => [hypothesis.id, hypothesis.verdict]);
  return [id, signature, mechanism?.id, mechanism?.verdict, culprit?.why, told];
}

/** Every token as a notice of its own, among the report's lines and behind its own words. */
function plantedLog(): string {
  const said = PLANTED.map(([words]) => words);
  const notices = said.map((words) => `eth0: Link is Down (${words})`);
  const body = REPORT.flatMap((line, at) =>
    at === 1 ? [line, `foo: ${said.join(", ")}`] : [line],
  );
  const head = (host: string) => (text: string, at: number) =>
    `Jun 28 20:15:54 ${host} kernel: [  100.${String(at).padStart(6, "0")}] ${text}`;
  return [...notices.map(head(DOMAIN_HOST)), ...body.map(head(HOST)), ""].join("\n");
}
