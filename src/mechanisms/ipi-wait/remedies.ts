// The waiter cannot be helped: what helps is decided by the state of the CPU that does not answer
// (KERNEL.md 5.4).

import { text } from "#base/text.ts";
import { backtracesOfAllCpus, csdDebug, sampleWithNmi, vmcore } from "../collecting.ts";
import type { RemedyRule } from "../mechanism.ts";

export const quietConsole: RemedyRule = {
  id: "quiet-console",
  when: "now",
  title: text("keep the console off the hot path", "降低控制台输出的影响"),
  steps: [{ text: text("lower the console level", "降低控制台日志级别"), command: "dmesg -n 1" }],
  appliesIf: text("printk is written synchronously to a slow UART", "printk 同步写入慢速串口"),
  risk: text(
    "messages are then only in dmesg and the journal: have kdump, netconsole or pstore",
    "此后消息只保留在 dmesg 和 journal 中：应配置 kdump、netconsole 或 pstore",
  ),
  references: ["kernel/printk/printk.c: console_unlock()"],
  appliesTo: (facts) => facts.all("console-rate").length > 0,
};

export const shallowIdle: RemedyRule = {
  id: "shallow-idle",
  when: "now",
  title: text("keep cores out of deep idle states", "禁止核心进入深度空闲状态"),
  steps: [
    {
      text: text("disable one deep state, undo with -E", "关闭一个深度状态，用 -E 恢复"),
      command: "cpupower idle-set -d 2",
    },
  ],
  appliesIf: text(
    "the awaited CPU was last seen idle and does not answer an NMI",
    "被等待的 CPU 最后一次出现时处于空闲，且对 NMI 没有响应",
  ),
  risk: text(
    "power and heat; -D 0 would disable every state and make all CPUs poll",
    "功耗和发热上升；不要使用 -D 0，它会关闭所有状态，使全部 CPU 忙等",
  ),
  references: ["Documentation/admin-guide/pm/cpuidle.rst"],
  appliesTo: (facts) => {
    const awaited = new Set(facts.all("csd-wait").flatMap((wait) => wait.awaited ?? []));
    return facts
      .all("sample")
      .some((s) => s.idle && !s.answered && s.cpu !== undefined && awaited.has(s.cpu));
  },
};

export const treatTheTarget: RemedyRule = {
  id: "treat-the-target",
  when: "fix",
  title: text(
    "fix the CPU that does not answer, not the sender",
    "修复没有应答的 CPU，而不是发送方",
  ),
  steps: [
    {
      text: text(
        "spinning with interrupts off: shorten that section, or take the lock it spins for apart",
        "关中断自旋：缩短该区间，或拆分它所争用的锁",
      ),
    },
    {
      text: text(
        "in a console driver: faster or threaded console; in a device read: device, firmware or completion timeout",
        "位于控制台驱动：换用更快或线程化的控制台；位于设备读：处理设备、固件或完成超时",
      ),
    },
    {
      text: text(
        "not executing: C-state policy, firmware, hypervisor; dead since an oops: the oops",
        "没有执行：检查 C 状态策略、固件、虚拟机监控器；因 oops 失效：先解决该 oops",
      ),
    },
  ],
  appliesIf: text("the awaited CPU's state is known", "已知被等待 CPU 的状态"),
  risk: text(
    "acting on a guess moves the stall elsewhere: collect its backtrace first",
    "凭猜测处理只会让停顿换个地方出现：请先获取其调用栈",
  ),
  references: ["kernel/smp.c: csd_lock_wait_toolong()"],
};

export const ipiWaitRemedies: readonly RemedyRule[] = [
  quietConsole,
  shallowIdle,
  {
    id: "fewer-broadcasts",
    when: "now",
    title: text("send fewer broadcasts while it lasts", "故障期间减少广播"),
    steps: [
      {
        text: text(
          "stop what keeps asking all CPUs: module loading, tracing set-up, readers of /proc/cpuinfo, CPU frequency pollers",
          "停止不断询问所有 CPU 的操作：加载模块、设置跟踪、读取 /proc/cpuinfo、轮询 CPU 频率",
        ),
      },
    ],
    appliesIf: text("the stall repeats and the sender is known", "停顿反复出现且已知发送方"),
    risk: text(
      "treats the victim only; the CPU that does not answer stays as it is",
      "只减轻受害方；没有应答的 CPU 依然如故",
    ),
    references: ["kernel/smp.c: on_each_cpu_cond_mask()"],
  },
  backtracesOfAllCpus,
  csdDebug,
  sampleWithNmi,
  vmcore,
  treatTheTarget,
];
