// I/O that does not complete: find the layer, then the device.

import { text } from "#base/text.ts";
import { blockedTasks, hungTaskVmcore } from "../collecting.ts";
import type { RemedyRule } from "../mechanism.ts";

export const ioWaitRemedies: readonly RemedyRule[] = [
  {
    id: "revive-the-path",
    when: "now",
    title: text("revive or fail the path", "恢复路径或使其报错返回"),
    steps: [
      {
        text: text(
          "network block devices and multipath: bring the link back, or let requests fail",
          "网络块设备和多路径：恢复链路，或让请求失败返回",
        ),
        command: "multipath -ll; dmsetup message <map> 0 fail_if_no_path",
      },
      {
        text: text("local disks: reset the device", "本地磁盘：复位设备"),
        command: "nvme reset /dev/nvme0; sg_reset -d /dev/sda",
      },
    ],
    appliesIf: text("the device with requests in flight is known", "已知哪个设备上有未完成的请求"),
    risk: text(
      "failing requests can lose data and shut a file system down",
      "让请求失败可能丢失数据，并使文件系统停止服务",
    ),
    references: ["Documentation/admin-guide/device-mapper/index.rst"],
  },
  {
    id: "collect-in-flight",
    when: "collect",
    title: text("see where requests stand while it hangs", "挂起期间查看请求停在何处"),
    steps: [
      {
        text: text("requests per hardware queue, with their state", "各硬件队列上的请求及其状态"),
        command:
          "mount -t debugfs none /sys/kernel/debug; grep . /sys/kernel/debug/block/*/hctx*/busy",
      },
    ],
    appliesIf: text("CONFIG_BLK_DEBUG_FS", "需要 CONFIG_BLK_DEBUG_FS"),
    risk: text("none", "没有风险"),
    references: ["block/blk-mq-debugfs.c"],
  },
  blockedTasks,
  hungTaskVmcore,
  {
    id: "fix-time-out",
    when: "fix",
    title: text(
      "a time-out and an error path that ends requests",
      "为请求设置超时，并确保错误路径能结束请求",
    ),
    steps: [
      {
        text: text(
          "driver: complete or requeue on time-out; do not take locks that queue waiters hold between freeze and unfreeze",
          "驱动：超时后完成或重新入队；在冻结与解冻之间不要获取等待队列者持有的锁",
        ),
        command: "cat /sys/block/<dev>/queue/io_timeout",
      },
    ],
    appliesIf: text(
      "requests stay with the driver, or a freeze cycle is seen",
      "请求停留在驱动中，或出现冻结死锁环",
    ),
    risk: text("storage error paths need fault-injection tests", "存储错误路径须经过故障注入测试"),
    references: [
      "Documentation/fault-injection/fault-injection.rst",
      "Documentation/block/blk-mq.rst",
    ],
  },
];
