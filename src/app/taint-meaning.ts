// Taint letters in words. Source: Documentation/admin-guide/tainted-kernels.rst and kernel/panic.c:
// taint_flags[]. A letter a later kernel adds is named as unknown here, not dropped.

import { type Text, text } from "#base/text.ts";

const MEANINGS: Readonly<Record<string, Text>> = {
  P: text("a proprietary module was loaded", "加载过专有模块"),
  F: text("a module was force loaded", "强制加载过模块"),
  S: text("the kernel runs on an out of specification system", "系统超出规格运行"),
  R: text("a module was force unloaded", "强制卸载过模块"),
  M: text("the processor reported a machine check", "处理器报告过机器检查异常"),
  B: text("a bad page was found", "发现过损坏的页"),
  U: text("taint requested by user space", "由用户空间请求置位"),
  D: text("the kernel died recently: there was an oops or BUG", "内核此前发生过 oops 或 BUG"),
  A: text("an ACPI table was overridden", "ACPI 表被覆盖"),
  W: text("a warning was issued", "此前出现过 WARNING"),
  C: text("a staging driver was loaded", "加载过 staging 驱动"),
  I: text("a firmware bug was worked around", "存在固件缺陷规避"),
  O: text("an out-of-tree module was loaded", "加载过树外模块"),
  E: text("an unsigned module was loaded", "加载过未签名模块"),
  L: text("a soft lockup occurred earlier in this boot", "本次启动此前出现过软锁死"),
  K: text("the kernel was live patched", "应用过内核热补丁"),
  X: text("auxiliary taint, defined by the distribution", "发行版自定义标志"),
  T: text("built with the structure randomization plugin", "使用结构体随机化插件构建"),
  N: text("an in-kernel test was run", "运行过内核内置测试"),
  J: text(
    "user space used a mutating debug operation (fwctl)",
    "用户空间执行过会改变状态的调试操作（fwctl）",
  ),
};

/** Every letter with a meaning, in the order of the kernel's bits. */
export const TAINT_LETTERS: readonly string[] = Object.keys(MEANINGS);

export function taintMeaning(flag: string): Text {
  return MEANINGS[flag] ?? text("a flag this version does not know", "本版本不认识的标志");
}
