// What happens, in words. One sentence for each effect, in both languages; phases by the names of
// model/poke-phase.ts.

import { type Text, text } from "#base/text.ts";
import type { Effect, InvariantId } from "./effect.ts";
import { ENABLED, TRAP } from "./state.ts";

export const INVARIANTS: Readonly<Record<InvariantId, Text>> = {
  I1: text(
    "a CPU executes the old instruction after it ran the new one, or after step 2 began",
    "某 CPU 在执行过新指令之后、或第 2 步开始之后，又执行旧指令",
  ),
  I2: text("a CPU decodes a mix of old and new bytes", "某 CPU 译码了新旧混合的字节"),
  I4: text(
    "a CPU takes the INT3 and nobody claims it: the kernel dies of int3",
    "某 CPU 触发 INT3 而无人认领：内核因 int3 崩溃",
  ),
  I5: text(
    "the vector the INT3 handler searches is wrong while it is in use",
    "INT3 处理函数所查的向量在使用中出错",
  ),
  I6: text("a CPU returns into the middle of the new instruction", "某 CPU 返回到新指令的中间"),
  T: text(
    "a state is reached from which the patch can never finish",
    "到达一个补丁再也无法完成的状态",
  ),
  D: text(
    "a trace decoder walks another instruction than the CPU ran",
    "跟踪解码器走过的指令与 CPU 执行的不同",
  ),
  N: text(
    "all is quiet, and the key does not match the number of sockets",
    "一切静止，而静态键与套接字数目不符",
  ),
};

type Naming = (site: number) => string;

/** One sentence; `name` gives a site's name. */
export function effectWords(effect: Effect, name: Naming): Text {
  switch (effect.kind) {
    case "store":
      return storeWords(effect, name(effect.site));
    case "record":
      return text(
        `writes the trace record of ${name(effect.site)}`,
        `写出 ${name(effect.site)} 的跟踪记录`,
      );
    case "publish":
      return text(
        `publishes a vector of ${effect.sites.length}, one reference`,
        `公布 ${effect.sites.length} 项的向量，引用为一`,
      );
    case "release":
      return text("gives its reference back", "归还自己的引用");
    case "drained":
      return text("no handler is left: the vector is free", "再无处理函数：向量已空闲");
    case "executed":
    case "torn":
    case "fetched":
    case "trapped":
    case "emulated":
    case "reran":
    case "unclaimed":
      return visitWords(effect, name(effect.site));
    case "sent":
    case "acknowledged":
    case "serialized":
    case "synced":
    case "irqs":
      return interruptWords(effect);
    default:
      return controlWords(effect);
  }
}

function storeWords(effect: Extract<Effect, { kind: "store" }>, site: string): Text {
  if (effect.part === "tail") return text(`writes the tail of ${site}`, `写入 ${site} 的其余字节`);
  return effect.value === TRAP
    ? text(`writes INT3 on ${site}`, `在 ${site} 写入 INT3`)
    : text(`writes the first byte of ${site}`, `写入 ${site} 的首字节`);
}

type VisitEffect = Extract<
  Effect,
  { kind: "executed" | "torn" | "fetched" | "trapped" | "emulated" | "reran" | "unclaimed" }
>;

function visitWords(effect: VisitEffect, site: string): Text {
  switch (effect.kind) {
    case "executed":
    case "emulated": {
      const en = effect.as === ENABLED ? "enabled" : "disabled";
      const zh = effect.as === ENABLED ? "启用态" : "禁用态";
      return effect.kind === "executed"
        ? text(`runs ${site} (${en} code)`, `执行 ${site}（${zh}代码）`)
        : text(
            `handler does what ${site} will do (${en} code)`,
            `处理函数代行 ${site}（${zh}代码）`,
          );
    }
    case "torn":
      return text(`decodes torn bytes at ${site}`, `在 ${site} 译码出混合字节`);
    case "fetched":
      return text(`fetches ${site}`, `取 ${site} 的字节`);
    case "trapped":
      return text(`hits the INT3 on ${site}`, `触发 ${site} 的 INT3`);
    case "reran":
      return text(`the INT3 on ${site} is gone: runs it again`, `${site} 的 INT3 已消失：重新执行`);
    case "unclaimed":
      return text(`nobody claims the INT3 on ${site}`, `${site} 的 INT3 无人认领`);
  }
}

type InterruptEffect = Extract<
  Effect,
  { kind: "sent" | "acknowledged" | "serialized" | "synced" | "irqs" }
>;

function interruptWords(effect: InterruptEffect): Text {
  switch (effect.kind) {
    case "sent":
      return text(
        `interrupts ${effect.to.length} CPU${effect.to.length === 1 ? "" : "s"} and waits`,
        `向 ${effect.to.length} 个 CPU 发中断并等待`,
      );
    case "acknowledged":
      return text("takes the IPI, serializes, acknowledges", "响应处理器间中断，串行化，应答");
    case "serialized":
      return text("serializes itself", "自身串行化");
    case "synced":
      return effect.sync === undefined
        ? text("all have acknowledged", "全部已应答")
        : text(
            `all have acknowledged: sync ${effect.sync} done`,
            `全部已应答：同步 ${effect.sync} 完成`,
          );
    case "irqs":
      return effect.off ? text("closes interrupts", "关中断") : text("opens interrupts", "开中断");
  }
}

type ControlEffect = Exclude<
  Effect,
  VisitEffect | InterruptEffect | { kind: "store" | "record" | "publish" | "release" | "drained" }
>;

function controlWords(effect: ControlEffect): Text {
  switch (effect.kind) {
    case "locked":
      return text(`takes ${LOCKS[effect.lock]}`, `取得 ${LOCKS[effect.lock]}`);
    case "unlocked":
      return text(`drops ${LOCKS[effect.lock]}`, `释放 ${LOCKS[effect.lock]}`);
    case "socket":
      return socketWords(effect);
    case "work":
      return workWords(effect.then);
    case "key":
      return effect.to === ENABLED
        ? text("the key is enabled", "静态键已启用")
        : text("the key is disabled", "静态键已禁用");
  }
}

const LOCKS = {
  cpus: "cpus_read_lock",
  jump_label: "jump_label_mutex",
  text: "text_mutex",
} as const;

function socketWords(effect: Extract<Effect, { kind: "socket" }>): Text {
  const opens = effect.what === "open";
  const en = opens ? "opens a timestamping socket" : "closes a timestamping socket";
  const zh = opens ? "打开时间戳套接字" : "关闭时间戳套接字";
  return effect.deferred
    ? text(`${en}: left to a work item`, `${zh}：推迟到工作项`)
    : text(`${en}: only counted`, `${zh}：仅计数`);
}

function workWords(then: "enable" | "disable" | "nothing"): Text {
  switch (then) {
    case "enable":
      return text("netstamp_clear: the key must be enabled", "netstamp_clear：需启用静态键");
    case "disable":
      return text("netstamp_clear: the key must be disabled", "netstamp_clear：需禁用静态键");
    case "nothing":
      return text("netstamp_clear: the key is right already", "netstamp_clear：静态键已是所需状态");
  }
}
