// Findings that decide corpus cases by themselves (corpus/diagnosis-cases.json).

import { describe, expect, test } from "vitest";
import { analyzeFile, analyzeText, haveShared, SHARED } from "./analyze-log.ts";

const corpus = haveShared("corpus");

describe("findings on real logs", () => {
  test.skipIf(!corpus)("a thread that was created and never woken is told as such", async () => {
    expect(await findingsOf("github-issues/gh-opencas-874")).toContain("thread-never-started");
    expect(await findingsOf("lists-block/761f487eeb81-0")).not.toContain("thread-never-started");
  });

  test.skipIf(!corpus)("a limit of a few jiffies is told as latency", async () => {
    expect(await findingsOf("github-issues/gh-lkrg-189")).toContain("tiny-rcu-limit");
    expect(await findingsOf("github-issues/gh-openwrt-10589")).not.toContain("tiny-rcu-limit");
  });

  test.skipIf(!corpus)("the kernel's own measurement of a stuck CPU is told", async () => {
    expect(await findingsOf("github-issues/gh-coreos-fcos-1841")).toContain("cpu-time");
  });

  test("lockdep's list names the holder only where it took further locks", async () => {
    const held = await analyzeText(
      hungTask("[  243.700000]  #1: 00000000000000aa (&f){+.+.}-{3:3}, at: g+0x1/0x2"),
    );
    const notHeld = await analyzeText(hungTask(""));
    expect(held.incidents[0]?.waits[0]?.waitsFor).toMatchObject({ task: { pid: 4366 } });
    expect(notHeld.incidents[0]?.waits[0]?.waitsFor).toBe("unknown");
  });
});

async function findingsOf(id: string): Promise<readonly string[]> {
  const report = await analyzeFile(`${SHARED}corpus/${id}.log`);
  return report.incidents.flatMap((incident) => incident.findings.map((finding) => finding.id));
}

function hungTask(further: string): string {
  return `[  243.100000] INFO: task a:4365 blocked for more than 122 seconds.
[  243.100000]       Not tainted 6.14.0 #8
[  243.100000] task:a               state:D stack:28096 pid:4365  tgid:4365  ppid:4364   flags:0x00042000
[  243.200000] Call Trace:
[  243.200000]  __schedule+0x500/0x12a0
[  243.200000]  schedule+0x68/0x210
[  243.200000]  __mutex_lock+0x730/0x10f0
[  243.200000]  taker+0x30/0x60
[  243.600000] Showing all locks held in the system:
[  243.600000] 1 lock held by a/4365:
[  243.600000]  #0: c000000035ff4cb8 (&dev->lock){+.+.}-{3:3}, at: taker+0x30/0x60
[  243.600000] 2 locks held by b/4366:
[  243.600000]  #0: c000000035ff4cb8 (&dev->lock){+.+.}-{3:3}, at: other+0x30/0x60
${further}
`;
}

test("a sample whose CPU the log does not name is not given one", async () => {
  const report =
    await analyzeText(`[  631.100000] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:
[  631.100001] syz-executor4  R  running task    25240  4001   3990 0x00000008
[  631.100002] Call Trace:
[  631.100003]  <IRQ>
[  631.100004]  apic_timer_interrupt+0xf/0x20
[  631.100005]  </IRQ>
[  631.100006] RIP: 0010:__srcu_read_lock+0xec/0x160
[  631.100007] RSP: 0018:ffff8801c5e7f4b8 EFLAGS: 00000246
[  631.100008]  kvm_mmu_notifier_invalidate_range_start+0x1/0x2
[  631.100009]  kvm_vcpu_ioctl+0x1/0x2`);
  const said = report.incidents.flatMap(({ findings }) => findings).map(({ text }) => text);
  expect(said.map(({ en }) => en).join("\n")).toContain("interrupts on when sampled");
  for (const { en, zh } of said) expect(`${en} ${zh}`).not.toContain("undefined");
});
