// The timeline's own sentences, in both languages. What a step does comes with the step.

import type { SimulatedExploration, SimulatedScenario } from "#contract/simulation.ts";

export interface TimelineWords {
  readonly step: string;
  readonly code: string;
  readonly howToRead: string;
  readonly legend: readonly string[];
  readonly finished: string;
  readonly unfinished: string;
  readonly decoded: string;
  readonly verdict: Readonly<Record<SimulatedExploration["verdict"], string>>;
  machine(scenario: SimulatedScenario): string;
  kernel(since: string, commit: string): string;
  mutant(what: string): string;
  oneOfMany(seed: number): string;
  moreSites(count: number): string;
  phase(id: string, title: string): string;
  acts(cpu: number, what: string): string;
  passes(count: number, trapped: number, cpus: readonly number[]): string;
  cost(ipis: number, broadcasts: number, perToggle: number): string;
  records(count: number): string;
  notDecoded(cpus: readonly number[]): string;
  searched(found: SimulatedExploration): string;
  expected(expected: NonNullable<SimulatedExploration["expected"]>): string;
  decoder(counts: SimulatedExploration["decoder"]): string;
  shortest(steps: number): string;
}

const en: TimelineWords = {
  step: "step",
  code: "code",
  howToRead: "How to read this",
  legend: [
    "One line is one step; what happened stands at its end. `>` marks the CPU that acted.",
    "`code` is what memory holds, one letter a site: o the old instruction; i INT3 in front of the old tail; I INT3 in front of the new tail; n the new instruction.",
    "Under each CPU: what it would execute if it ran into the site now. o old, i INT3 (its handler does what the new instruction will do), n new.",
    "~ old or INT3: it may have fetched the old bytes before the INT3 was written. ^ INT3 or new, likewise. X torn bytes, ? old or new: must never be seen once step 2 begins.",
    "[ ] interrupts off. * an interrupt waits to be taken; the patching CPU waits for the answer.",
  ],
  finished: "Done: nothing is left to patch.",
  unfinished: "It did not come to its end.",
  decoded:
    "A trace decoder given the records finds on every CPU exactly the instructions it executed.",
  verdict: {
    safe: "Safe: no interleaving breaks an invariant, and the patch can always finish.",
    broken: "Broken.",
    undecided: "Undecided: the search was ended before every state was seen.",
  },
  machine: ({ cpus, sites, fetch, whole }) =>
    `${cpus} CPUs, ${sites.length} sites, fetch ${fetch}${whole === undefined ? "" : ` (of the scenario's ${whole.cpus} CPUs and ${whole.sites} sites; --cpus and --sites for more)`}`,
  kernel: (since, commit) => `kernel since ${since} (${commit})`,
  mutant: (what) => `Changed on purpose: ${what}`,
  oneOfMany: (seed) =>
    `One interleaving of many, seed ${seed}: --seed picks another, --explore tries them all.`,
  moreSites: (count) => `and ${count} more, left out of the lanes`,
  phase: (id, title) => `${id}: ${title}`,
  acts: (cpu, what) => `CPU ${cpu} ${what}`,
  passes: (count, trapped, cpus) =>
    `CPU ${cpus.join(", ")}: ${count} ${count === 1 ? "pass" : "passes"} over sites${trapped > 0 ? `, ${trapped} through the INT3` : ""}`,
  cost: (ipis, broadcasts, perToggle) =>
    `${ipis} function-call interrupts in ${broadcasts} broadcasts; one flip of the key costs ${perToggle}`,
  records: (count) => `${count} trace records (PERF_RECORD_TEXT_POKE)`,
  notDecoded: (cpus) => `A trace decoder loses its way on CPU ${cpus.join(", ")}.`,
  searched: (found) =>
    `${found.states} states, ${found.transitions} steps, longest way ${found.depth}${seconds(found, ", ")}${found.reductions.length > 0 ? `; reduced by ${found.reductions.join(", ")}` : ""}`,
  expected: ({ breaks, met }) =>
    `${breaks.length === 0 ? "nothing" : breaks.join(", ")} was expected to break: ${met ? "met" : "NOT MET"}`,
  decoder: (counts) =>
    `trace decoder: ${counts.visits} visits decoded, ${counts.wrong} wrong; ${counts.images} code images rebuilt forwards and backwards, ${counts.different} different`,
  shortest: (steps) => `the shortest way there, ${steps} steps:`,
};

const zh: TimelineWords = {
  step: "步",
  code: "代码",
  howToRead: "读法",
  legend: [
    "每行一步，行末说明发生了什么；`>` 标出动作的 CPU。",
    "“代码”是内存中的内容，每个修补点一个字母：o 旧指令；i INT3 加旧的其余字节；I INT3 加新的其余字节；n 新指令。",
    "每个 CPU 之下：它此刻若走到该修补点会执行什么。o 旧指令，i INT3（其处理函数代行新指令），n 新指令。",
    "~ 旧指令或 INT3：它可能在写入 INT3 之前已取到旧字节；^ INT3 或新指令，同理。X 混合字节、? 旧或新：第 2 步开始后绝不应出现。",
    "[ ] 关中断；* 有中断待处理，打补丁的 CPU 在等它应答。",
  ],
  finished: "完成：再无可修补之处。",
  unfinished: "未能走到终点。",
  decoded: "跟踪解码器凭这些记录，在每个 CPU 上都还原出它实际执行的指令。",
  verdict: {
    safe: "安全：任何交错都不破坏不变式，且补丁总能完成。",
    broken: "已破坏。",
    undecided: "未定：搜索在看完所有状态之前结束。",
  },
  machine: ({ cpus, sites, fetch, whole }) =>
    `${cpus} 个 CPU，${sites.length} 个修补点，取指模型 ${fetch}${whole === undefined ? "" : `（场景共 ${whole.cpus} 个 CPU、${whole.sites} 个修补点；用 --cpus 与 --sites 放大）`}`,
  kernel: (since, commit) => `内核自 ${since} 起（${commit}）`,
  mutant: (what) => `有意改动：${what}`,
  oneOfMany: (seed) => `众多交错之一，种子 ${seed}：--seed 另选一个，--explore 全部尝试。`,
  moreSites: (count) => `另有 ${count} 个修补点未列入`,
  phase: (id, title) => `${id}：${title}`,
  acts: (cpu, what) => `CPU ${cpu} ${what}`,
  passes: (count, trapped, cpus) =>
    `CPU ${cpus.join("、")}：经过修补点 ${count} 次${trapped > 0 ? `，其中 ${trapped} 次经由 INT3` : ""}`,
  cost: (ipis, broadcasts, perToggle) =>
    `${broadcasts} 次广播共 ${ipis} 个函数调用中断；静态键每翻转一次需 ${perToggle} 个`,
  records: (count) => `${count} 条跟踪记录（PERF_RECORD_TEXT_POKE）`,
  notDecoded: (cpus) => `跟踪解码器在 CPU ${cpus.join("、")} 上迷失。`,
  searched: (found) =>
    `${found.states} 个状态，${found.transitions} 步，最长路径 ${found.depth}${seconds(found, "，")}${found.reductions.length > 0 ? `；约简：${found.reductions.join("、")}` : ""}`,
  expected: ({ breaks, met }) =>
    `预期被破坏：${breaks.length === 0 ? "无" : breaks.join("、")}；${met ? "相符" : "不符"}`,
  decoder: (counts) =>
    `跟踪解码器：解码 ${counts.visits} 次经过，错 ${counts.wrong} 次；正反两向重建 ${counts.images} 个代码映像，不同 ${counts.different} 个`,
  shortest: (steps) => `最短路径，${steps} 步：`,
};

function seconds(found: SimulatedExploration, comma: string): string {
  return found.seconds === undefined ? "" : `${comma}${found.seconds.toFixed(2)} s`;
}

export const WORDS: Readonly<Record<"en" | "zh", TimelineWords>> = { en, zh };
