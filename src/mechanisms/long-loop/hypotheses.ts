// Why the code does not come back.

import { text } from "#base/text.ts";
import type { FactView, NoProgressFact, RcuStalledFact } from "#model/fact.ts";
import { because, contrast, evidenceOf, no, notObservable, observe, shown, yes } from "../find.ts";
import type { HypothesisRule } from "../mechanism.ts";
import { stalledCpus, stalledSamples } from "../stalled.ts";

/** Polling a device: reads that go over the bus, delays between them. */
const HARDWARE: ReadonlySet<string> = new Set([
  "ioread8",
  "ioread16",
  "ioread32",
  "readl",
  "pci_read_config_dword",
  "pci_mmcfg_read",
  "delay_tsc",
  "__const_udelay",
  "__udelay",
  "udelay",
  "acpi_os_read_port",
]);

/** kernel/watchdog.c: watchdog_timer_fn(); kernel/rcu/tree_stall.h: print_cpu_stall(). */
const ownTicks = (facts: FactView): readonly (NoProgressFact | RcuStalledFact)[] => [
  ...facts.all("no-progress").filter((p) => p.detector === "soft-lockup"),
  ...facts.all("rcu-stalled").filter((line) => line.selfDetected),
];

export const longLoopHypotheses: readonly HypothesisRule[] = [
  {
    id: "too-much-to-do",
    title: text(
      "too many objects for one pass: it would end by itself",
      "一次要处理的对象太多：最终会自行结束",
    ),
    predictions: [
      {
        what: text(
          "later reports show other places of the same work",
          "后续报告显示同一工作的不同位置",
        ),
        ifYes: "likely",
        ifNo: "unlikely",
        look: (facts) => {
          const repeats = facts.all("repeat").filter((r) => r.progress !== undefined);
          const moving = evidenceOf(repeats.filter((r) => r.progress === "moving"));
          if (moving) return yes(moving);
          const standing = evidenceOf(repeats.filter((r) => r.progress === "identical"));
          return standing ? no(standing) : notObservable;
        },
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text(
        "how many objects does it walk; does the CPU recover",
        "它遍历了多少对象；该 CPU 是否恢复",
      ),
    },
  },
  {
    id: "endless-loop",
    title: text(
      "an endless loop: corrupted list, retry that cannot succeed",
      "死循环：链表损坏，或重试不可能成功",
    ),
    predictions: [
      {
        what: text("repeated reports in the same few functions", "重复的报告都落在同样的几个函数"),
        ifYes: "likely",
        look: (facts) =>
          observe(
            shown("repeat", (r) => r.progress === "identical" || r.progress === "same-loop"),
            notObservable,
            facts,
          ),
      },
      {
        what: text("list or memory corruption reported earlier", "此前有链表或内存损坏的报告"),
        ifYes: "likely",
        look: (facts) =>
          observe(
            shown(
              "earlier-fault",
              (f) => f.detector === "list-corruption" || f.detector === "kasan",
            ),
            notObservable,
            facts,
          ),
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text(
        "in a vmcore: does the list it walks close into a ring",
        "在 vmcore 中检查所遍历的链表是否成环",
      ),
      command: "crash> list -B <struct.member> <address>",
    },
  },
  {
    id: "polls-hardware",
    title: text("it polls hardware that does not answer", "它在轮询没有响应的硬件"),
    predictions: [
      {
        what: text("a device read or delay is innermost", "最内层是设备读或延时函数"),
        ifYes: "likely",
        ifNo: "unlikely",
        look: (facts) => {
          const samples = stalledSamples(facts);
          const polling = evidenceOf(
            samples.filter((s) => s.symbols.slice(0, 3).some((name) => HARDWARE.has(name))),
          );
          const other = evidenceOf(samples);
          return contrast(
            polling,
            other,
            "no device read or delay near RIP",
            "RIP 附近没有设备读或延时函数",
          );
        },
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text("device state, completion time-outs, AER lines", "设备状态、完成超时和 AER 日志"),
      command: "dmesg | grep -E 'AER|timeout'",
    },
  },
  {
    id: "interrupts-off",
    title: text(
      "interrupts are off as well: others will wait for it",
      "中断也处于关闭状态：其他 CPU 会因此等待",
    ),
    predictions: [
      {
        what: text(
          "flags, RCU or the NMI watchdog say so",
          "标志寄存器、RCU 或 NMI 看门狗表明如此",
        ),
        ifYes: "likely",
        look: (facts) => {
          const cpus = stalledCpus(facts);
          return observe(
            shown("interrupts-off", (off) => cpus.has(off.cpu)),
            notObservable,
            facts,
          );
        },
      },
      {
        what: text(
          "not every stuck CPU reports itself from its own timer interrupt",
          "并非每个锁死的 CPU 都在自己的时钟中断中上报自己",
        ),
        ifNo: "unlikely",
        look: (facts) => {
          const cpus = stalledCpus(facts);
          // Code that opens interrupts now and then shows both: then the flags decide.
          const off = facts.all("interrupts-off").some((fact) => cpus.has(fact.cpu));
          const ticks = ownTicks(facts);
          const ticking = new Set(ticks.map((tick) => tick.cpu));
          const own = evidenceOf(ticks);
          return own && !off && [...cpus].every((cpu) => ticking.has(cpu))
            ? no(
                because(
                  own,
                  "its timer interrupt came: interrupts were on at that moment",
                  "时钟中断得到了处理：当时中断是打开的",
                ),
              )
            : notObservable;
        },
      },
    ],
    atMost: "likely",
  },
  {
    id: "interrupts-on-top",
    title: text(
      "something on top takes the time: interrupts, firmware, hypervisor",
      "时间被压在其上的东西占用：中断、固件或虚拟机监控器",
    ),
    predictions: [
      {
        what: text("the kernel measured interrupt time on it", "内核测得该 CPU 有大量中断时间"),
        ifYes: "likely",
        ifNo: "unlikely",
        look: (facts) => {
          const times = facts.all("cpu-time");
          const busy = evidenceOf(times.filter((t) => t.hardirq + t.softirq >= 50));
          if (busy) return yes(busy);
          const calm = evidenceOf(times);
          return calm ? no(calm) : notObservable;
        },
      },
    ],
    atMost: "possible",
    nextStep: {
      text: text(
        "interrupt counts per second; steal time in a guest",
        "每秒中断计数；虚拟机查看 steal 时间",
      ),
      command: "mpstat -P ALL -I SUM 1",
    },
  },
];
