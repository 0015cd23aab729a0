// Freezes from outside: nothing in the guest's stacks to fix.

import { text } from "#base/text.ts";
import type { RemedyRule } from "../mechanism.ts";

export const freezeRemedies: readonly RemedyRule[] = [
  {
    id: "relieve-the-host",
    when: "now",
    title: text("relieve the host", "减轻宿主机负载"),
    steps: [
      {
        text: text(
          "move guests away, pin vCPUs, postpone migrations and snapshots of large guests",
          "迁出部分虚拟机、绑定 vCPU、推迟大规格虚拟机的迁移和快照",
        ),
        command: "virsh vcpupin <domain>",
      },
    ],
    appliesIf: text("steal time is high, or a migration coincides", "steal 时间较高，或恰逢迁移"),
    risk: text("pinning takes freedom from the host's scheduler", "绑定会限制宿主机调度器的灵活性"),
    references: ["Documentation/virt/kvm/index.rst"],
  },
  {
    id: "longer-threshold-in-guests",
    when: "now",
    title: text("a longer threshold in guests", "在虚拟机中放宽阈值"),
    steps: [
      {
        text: text("report from 40 s on", "40 秒以上才上报"),
        command: "sysctl -w kernel.watchdog_thresh=20",
      },
    ],
    appliesIf: text("freezes are known and harmless", "停顿原因已知且无害"),
    risk: text(
      "real lockups are reported later; with softlockup_panic set, weigh it",
      "真正的锁死会更晚上报；若设置了 softlockup_panic 须权衡",
    ),
    references: ["Documentation/admin-guide/lockup-watchdogs.rst"],
  },
  {
    id: "collect-steal",
    when: "collect",
    title: text("record steal time and the host's events", "记录 steal 时间和宿主机事件"),
    steps: [
      {
        text: text(
          "in the guest every second; on the host the life-cycle events",
          "虚拟机内每秒一次；宿主机上记录生命周期事件",
        ),
        command:
          "while sleep 1; do date +%T; grep '^cpu' /proc/stat; done > steal.log; virsh event --all --loop",
      },
    ],
    appliesIf: text("a virtual machine", "虚拟机"),
    risk: text("none", "没有风险"),
    references: ["Documentation/filesystems/proc.rst"],
  },
  {
    id: "fix-capacity",
    when: "fix",
    title: text("capacity or firmware", "扩充容量或更新固件"),
    steps: [
      {
        text: text(
          "no overcommit for latency-bound guests; on bare metal firmware without long SMIs",
          "对延迟敏感的虚拟机不做超分；物理机更新固件以消除长 SMI",
        ),
      },
    ],
    appliesIf: text("the host's record confirms the freeze", "宿主机记录证实了停顿"),
    risk: text("cost", "成本上升"),
    references: ["Documentation/virt/kvm/index.rst"],
  },
];
