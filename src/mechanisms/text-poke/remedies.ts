// What to do about stalls of the patching protocol (KERNEL.md section 5), in three tiers.

import { text } from "#base/text.ts";
import type { FactView } from "#model/fact.ts";
import type { RemedyRule } from "../mechanism.ts";
import { NETSTAMP_WORK } from "./names.ts";

const isNetstamp = (facts: FactView): boolean =>
  facts.all("sample").some((s) => s.work !== undefined && NETSTAMP_WORK.has(s.work));

const HOLDER =
  "python3 -c 'import socket,signal; s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.setsockopt(socket.SOL_SOCKET,29,1); signal.pause()'";

export const textPokeRemedies: readonly RemedyRule[] = [
  {
    id: "hold-netstamp-key",
    when: "now",
    title: text("keep netstamp_needed_key permanently on", "让 netstamp_needed_key 常开"),
    steps: [
      {
        text: text(
          "once at boot, before traffic, start a process that holds one IPv4 socket with SO_TIMESTAMP (29 on x86) as a service",
          "在开机后、业务流量之前，以服务方式启动一个进程，持有一个设置了 SO_TIMESTAMP（x86 上为 29）的 IPv4 套接字",
        ),
        command: HOLDER,
      },
    ],
    appliesIf: text(
      "any kernel; the toggles come from sockets with SO_TIMESTAMP that open and close",
      "适用于任何内核；前提是翻转来自反复打开、关闭的 SO_TIMESTAMP 套接字",
    ),
    risk: text(
      "starting it is itself a toggle, so never under load; one clock read per received packet (check that the clocksource is tsc); a restart of the holder toggles twice",
      "启动该进程本身就是一次翻转，切勿在负载下启动；每个收到的包多读一次时钟（先确认 clocksource 为 tsc）；进程重启会再翻转两次",
    ),
    references: [
      "net/core/sock.c: sock_enable_timestamp()",
      "net/core/dev.c: net_enable_timestamp()",
    ],
    appliesTo: isNetstamp,
  },
  {
    id: "avoid-toggles",
    when: "now",
    title: text("do not create the toggles", "避免产生翻转"),
    steps: [
      {
        text: text(
          "iperf2 servers set SO_TIMESTAMP on every socket: keep one long-lived server or use iperf3",
          "iperf2 服务端会在每个套接字上设置 SO_TIMESTAMP：保持一个长期运行的服务端，或改用 iperf3",
        ),
      },
      {
        text: text("see who sets the option", "查看是谁设置了该选项"),
        command:
          "bpftrace -e 'tracepoint:syscalls:sys_enter_setsockopt /args->level==1 && (args->optname==29||args->optname==35||args->optname==37||args->optname>=63&&args->optname<=65)/ { @[comm,pid,args->optname]=count(); }'",
      },
    ],
    appliesIf: text(
      "test rigs that start and kill traffic generators in a loop",
      "循环启动、杀死流量工具的测试环境",
    ),
    risk: text(
      "none for the tools; arming a tracepoint patches code with the same broadcasts, so do it before the test",
      "更换工具没有风险；启用跟踪点同样会修补代码并触发广播，应在测试开始前完成",
    ),
    references: ["iperf2: Server::InitKernelTimeStamping()"],
    appliesTo: isNetstamp,
  },
  {
    id: "quiet-console",
    when: "now",
    title: text("keep the console off the hot path", "降低控制台输出的影响"),
    steps: [
      { text: text("lower the console level", "降低控制台日志级别"), command: "dmesg -n 1" },
      {
        text: text(
          "drop console=ttyS0 or raise its rate; no serial-over-LAN session during load tests",
          "去掉 console=ttyS0 或提高波特率；压测期间不要打开 SOL 会话",
        ),
      },
    ],
    appliesIf: text("printk is written synchronously to a slow UART", "printk 同步写入慢速串口"),
    risk: text(
      "messages are then only in dmesg and the journal: have kdump, netconsole or pstore",
      "此后消息只保留在 dmesg 和 journal 中：应配置 kdump、netconsole 或 pstore",
    ),
    references: ["kernel/printk/printk.c: console_unlock()"],
    appliesTo: (facts) => facts.all("console-rate").length > 0,
  },
  {
    id: "collect-backtraces",
    when: "collect",
    title: text(
      "get the stacks of all CPUs at the next occurrence",
      "下次发生时获取所有 CPU 的调用栈",
    ),
    steps: [
      {
        text: text("silence the serial console first", "先关闭串口控制台的日志输出"),
        command: "dmesg -n 1",
      },
      {
        text: text("let the detector print every CPU", "让检测器打印所有 CPU 的栈"),
        command: "sysctl -w kernel.softlockup_all_cpu_backtrace=1",
      },
    ],
    appliesIf: text("the CPU that is waited for left no trace", "被等待的 CPU 没有留下记录"),
    risk: text(
      "with a 115200 console and over a hundred CPUs one dump takes 30 to 40 s of console time",
      "在 115200 串口、上百个 CPU 的机器上，一次输出会占用控制台 30 至 40 秒",
    ),
    references: ["kernel/watchdog.c: watchdog_timer_fn()"],
  },
  {
    id: "collect-irq-off",
    when: "collect",
    title: text(
      "measure which functions run with interrupts off",
      "测量哪些函数在关中断状态下运行",
    ),
    steps: [
      {
        text: text(
          "NMI-based sampling sees interrupts-off code, timer-based sampling does not",
          "基于 NMI 的采样能看到关中断的代码，基于时钟的采样看不到",
        ),
        command: "perf record -a -e cycles:k -F 297 -g -- sleep 20; perf report --sort cpu,symbol",
      },
    ],
    appliesIf: text("the stall recurs under a known load", "停顿可在已知负载下复现"),
    risk: text("small overhead; start it before the load", "开销很小；应在加压前启动"),
    references: ["tools/perf/Documentation/perf-record.txt"],
  },
  {
    id: "collect-vmcore",
    when: "collect",
    title: text("take a vmcore at the next occurrence", "下次发生时抓取 vmcore"),
    steps: [
      {
        text: text("panic on the next soft lockup", "下一次软锁死时触发 panic"),
        command: "sysctl -w kernel.softlockup_panic=1",
      },
    ],
    appliesIf: text(
      "kdump is set up and tested, and the owners agree",
      "kdump 已配置并验证，且业务方同意",
    ),
    risk: text(
      "turns a transient stall into a reboot of the host and all its guests",
      "会把一次短暂停顿变成宿主机及全部虚拟机的重启",
    ),
    references: ["Documentation/admin-guide/sysctl/kernel.rst: softlockup_panic"],
  },
  {
    id: "fix-int3-references",
    when: "fix",
    title: text("per-CPU INT3 references", "将 INT3 引用计数改为 per-CPU"),
    steps: [
      {
        text: text(
          "backport commit 4334336e769b with its follow-up fixes",
          "回移提交 4334336e769b 及其后续修复",
        ),
      },
    ],
    appliesIf: text(
      "kernels before 6.16 with hot patched sites",
      "6.16 之前、且修补点位于热路径的内核",
    ),
    risk: text(
      "needs adaptation to older names; INT3 oopses were reported around it in June 2025, take the fixes with it",
      "需要按旧版函数名改写；2025 年 6 月曾有相关 INT3 oops 报告，须一并带上修复",
    ),
    references: ["commit 4334336e769b (v6.16)"],
  },
  {
    id: "fix-netstamp-static",
    when: "fix",
    title: text("stop toggling the key at all", "从根本上不再翻转该静态键"),
    steps: [
      {
        text: text(
          "backport commit 2f3c7195a702 (key on once with CPU isolation), or carry a local patch that never turns it off",
          "回移提交 2f3c7195a702（启用 CPU 隔离时该键只打开一次），或使用本地补丁使其不再关闭",
        ),
      },
    ],
    appliesIf: text(
      "kernels before 6.10, or later ones without CPU isolation",
      "6.10 之前的内核，或之后但未启用 CPU 隔离",
    ),
    risk: text("every received packet is stamped from then on", "此后每个收到的包都会打时间戳"),
    references: ["commit 2f3c7195a702 (v6.10)"],
    appliesTo: isNetstamp,
  },
];
