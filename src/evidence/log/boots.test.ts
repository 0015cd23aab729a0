import { describe, expect, test } from "vitest";
import { openBoots } from "./boots.ts";
import { openFraming } from "./framing/open-framing.ts";

describe("openBoots", () => {
  test("begins a boot at the banner, together with the lines before it", () => {
    const { boots, indices } = read(`
[    0.000000] Booting Linux on physical CPU 0x0
[    0.000000] Linux version 6.1.0-56-amd64 (a@b) (gcc) #1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2
[  100.000000] foo
[    0.000000] Linux version 6.1.0-57-amd64 (a@b) (gcc) #1 SMP
[    1.000000] bar`);
    expect(indices).toEqual([0, 0, 0, 1, 1]);
    expect(boots.map((boot) => [boot.kernel?.release, boot.kernel?.arch, boot.records])).toEqual([
      ["6.1.0-56-amd64", "x86_64", 3],
      ["6.1.0-57-amd64", "x86_64", 2],
    ]);
    expect(boots[1]?.range).toEqual({ source: "s1", firstLine: 4, lastLine: 5 });
  });

  test("begins a boot where the clock starts anew, not where it runs back a little", () => {
    const { indices } = read(`
[ 5000.000000] a
[ 4990.000000] b
[    3.000000] c`);
    expect(indices).toEqual([0, 0, 1]);
  });

  test("says where boots are too many to be told apart", () => {
    const boots = openBoots("s1");
    for (let at = 1; at <= 10_002; at++) {
      boots.observe({
        text: "Linux version 6.1.0-56-amd64 (a@b) #1 SMP",
        kernel: true,
        framing: "dmesg",
        firstLine: at,
        lastLine: at,
      });
    }
    expect(boots.boots().length).toBe(10_000);
    expect(boots.tooMany()).toEqual({ source: "s1", firstLine: 10_001, lastLine: 10_001 });
  });

  test("keeps the boots of two hosts in one log apart, and plain text with its neighbors", () => {
    const { boots, indices } = read(`
Jun 28 20:15:54 a kernel: [ 5000.000000] x
Jun 28 20:15:54 b kernel: [    7.000000] y
plain
Jun 28 20:15:54 a kernel: [ 5001.000000] z`);
    expect(indices).toEqual([0, 1, 1, 0]);
    expect(boots.map((boot) => boot.host)).toEqual(["a", "b"]);
  });

  test("takes what the boot says of the machine, each with its line", () => {
    const { boots } = read(`
[    0.000000] Linux version 6.1.0 (a@b) #1 SMP PREEMPT_RT now
[    0.000000] Command line: console=ttyS0 nmi_watchdog=0
[    0.000000] DMI: Suma MH221/62DC24-C, BIOS 08.03.04.71.18 06/02/2025
[    0.000000] Hypervisor detected: KVM
[    0.100000] setup_percpu: NR_CPUS:8192 nr_cpumask_bits:128 nr_cpu_ids:128 nr_node_ids:8
[    0.200000] Dynamic Preempt: voluntary
[    0.300000] printk: console [ttyS0] enabled
[    0.700000] smpboot: CPU0: Hygon C86-4G (OPN:7493) (family: 0x18, model: 0x4, stepping: 0x1)
[    0.750000] NMI watchdog: Enabled. Permanently consumes one hw-PMU counter.
[    1.000000] smp: Brought up 8 nodes, 128 CPUs
[   99.000000] Kernel Offset: 0x20000000 from 0xffffffff81000000 (relocation range: …)`);
    const facts = boots[0]?.facts.map(({ name, value }) => [name, value]);
    expect(facts).toEqual([
      ["preemption", "PREEMPT_RT"],
      ["command-line", "console=ttyS0 nmi_watchdog=0"],
      ["dmi", "Suma MH221/62DC24-C, BIOS 08.03.04.71.18 06/02/2025"],
      ["hypervisor", "KVM"],
      ["nr-cpu-ids", "128"],
      ["preemption", "voluntary"],
      ["console", "ttyS0"],
      ["cpu-model", "Hygon C86-4G (OPN:7493) (family: 0x18, model: 0x4, stepping: 0x1)"],
      ["nmi-watchdog", "Enabled. Permanently consumes one hw-PMU counter."],
      ["cpus", "128"],
      ["kaslr-offset", "0x20000000"],
    ]);
    expect(boots[0]?.facts[1]?.at.range.firstLine).toBe(2);
  });
});

function read(log: string): {
  boots: ReturnType<ReturnType<typeof openBoots>["boots"]>;
  indices: number[];
} {
  const tracker = openBoots("s1");
  const indices: number[] = [];
  const machine = openFraming({
    source: "s1",
    sink: { record: (record) => indices.push(tracker.observe(record)), end: () => undefined },
  });
  machine.push(new TextEncoder().encode(log.slice(1)));
  machine.end();
  return { boots: tracker.boots(), indices };
}
