// Logs made to hurt: one for each thing the program keeps while it reads, weighs or writes, so that what costs
// the square of it shows. `logOf` gives a log of about so many pieces; scripts/scale.mjs measures, a test
// compares. Formats are those of the kernel and of the programs that carry its lines.

const stamp = (i) => `[${(100 + i / 1000).toFixed(6).padStart(12)}]`;
const line = (i, text) => `${stamp(i)} ${text}\n`;
const lockup = (cpu, i) => `watchdog: BUG: soft lockup - CPU#${cpu} stuck for 22s! [task${i}:${i}]`;
/** Letters, so that names differ without digits. */
const letters = (i) => i.toString(26).replace(/\d/g, (d) => "qrstuvwxyz"[Number(d)]);

const warning = (i, head = stamp(i)) =>
  [
    `WARNING: CPU: ${i % 512} PID: ${i} at kernel/f${i}.c:1 func_${i}+0x10/0x20`,
    `CPU: ${i % 512} PID: ${i} Comm: c${i} Not tainted 5.10.0 #1`,
    "RIP: 0010:func_1+0x10/0x20",
    "Call Trace:",
    ` a_${i}+0x1/0x2`,
    ` b_${i}+0x1/0x2`,
    "---[ end trace 0000000000000000 ]---",
  ]
    .map((text) => `${head} ${text}\n`)
    .join("");

const stalled = (i, where, at = i, extra = []) =>
  [
    `watchdog: BUG: soft lockup - CPU#${i} stuck for 22s! [task${i}:${i}]`,
    `CPU: ${i} PID: ${i} Comm: task${i} Not tainted 5.10.0-1 #1`,
    `RIP: 0010:${where}+0x10/0x20`,
    "RSP: 0018:ffffb5 EFLAGS: 00000246",
    "Call Trace:",
    ` ${where}+0x10/0x20`,
    ` caller_${i}+0x1/0x2`,
    ...extra,
  ]
    .map((text) => line(at, text))
    .join("");

const hung = (i, at = i) =>
  [
    `INFO: task task${i}:${i} blocked for more than 120 seconds.`,
    "      Not tainted 5.10.0-1 #1",
    '"echo 0 > /proc/sys/kernel/hung_task_timeout_secs" disables this message.',
    `task:task${i}           state:D stack:    0 pid:${i} ppid:     2 flags:0x00004000`,
    "Call Trace:",
    " __schedule+0x2d1/0x830",
    " schedule+0x46/0xb0",
    " __mutex_lock.constprop.0+0x10c/0x490",
    ` holder_${i % 7}+0x1/0x2`,
  ]
    .map((text) => line(at, text))
    .join("");

const first = (i, head, rest) => (i === 0 ? head : rest);
const journal = (i, text) =>
  `__REALTIME_TIMESTAMP=${1600000000000000 + i}\n_TRANSPORT=kernel\nMESSAGE=${text}\n_SOURCE_MONOTONIC_TIMESTAMP=${i}\n\n`;
const json = (i, text) =>
  `${JSON.stringify({ __REALTIME_TIMESTAMP: String(1600000000000000 + i), _TRANSPORT: "kernel", MESSAGE: text, _SOURCE_MONOTONIC_TIMESTAMP: String(i) })}\n`;
const cri = (tag, text) => `2026-11-27T17:43:01.123456789Z stdout ${tag} ${text}\n`;

/** Pieces of each log by their number; `count` takes some tenths of a second. */
export const HOSTILE = {
  // What the reader of reports keeps.
  "open reports by thread": {
    count: 4000,
    piece: (i) =>
      `[  100.${String(i % 1e6).padStart(6, "0")}][ T${i}] ${lockup(i % 64, i)}\n[  100.${String(i % 1e6).padStart(6, "0")}][ T${i}] Call Trace:\n`,
  },
  "open reports by cpu": {
    count: 4000,
    piece: (i) =>
      `[  100.${String(i % 1e6).padStart(6, "0")}][ C${i}] WARNING: CPU: ${i} PID: 1 at a.c:1 f${i}+0x1/0x2\n`,
  },
  "waiting reports": {
    count: 4000,
    piece: (i) =>
      line(0, `Oops: 0000 [#${i}] SMP`) +
      line(0, `CPU: ${i % 99} PID: ${i} Comm: a Not tainted 5.10.0 #1`) +
      line(0, `RIP: 0010:f${i}+0x1/0x2`),
  },
  "waiting reports turned": {
    count: 4000,
    piece: (i) =>
      line(i % 7, `general protection fault: 0000 [#${i}] SMP`) +
      line(i % 5, `CPU: ${i % 99} PID: ${i} Comm: a Not tainted 5.10.0 #1`) +
      line(i % 3, `RIP: 0010:f${i}+0x1/0x2`),
  },
  "one report of many frames": {
    count: 100000,
    piece: (i) =>
      first(i, line(0, lockup(1, 1)) + line(0, "Call Trace:"), line(0, ` func_${i}+0x10/0x20`)),
  },
  "one report of many registers": {
    count: 100000,
    piece: (i) =>
      first(
        i,
        line(0, lockup(1, 1)),
        line(0, "RAX: 0000000000000001 RBX: 0000000000000002 RCX: 0000000000000003"),
      ),
  },
  "one report of many Code lines": {
    count: 50000,
    piece: (i) =>
      first(
        i,
        line(0, lockup(1, 1)),
        line(0, `Code: ${"90 ".repeat(40)}<0f> 0b ${"90 ".repeat(20)}`),
      ),
  },
  "held locks": {
    count: 50000,
    piece: (i) =>
      first(
        i,
        line(0, "Showing all locks held in the system:"),
        line(0, `1 lock held by task${i}/${i}:`) +
          line(
            0,
            ` #0: ffff8880${i.toString(16).padStart(8, "0")} (&lock${i % 9}){+.+.}-{3:3}, at: func_${i}+0x1/0x2`,
          ),
      ),
  },
  "locks held by one task": {
    count: 50000,
    piece: (i) =>
      first(
        i,
        line(0, "Showing all locks held in the system:") + line(0, "9 locks held by task/1:"),
        line(
          0,
          ` #${i}: ffff8880${i.toString(16).padStart(8, "0")} (&lock${i % 9}){+.+.}-{3:3}, at: func_${i}+0x1/0x2`,
        ),
      ),
  },
  "lockdep chain": {
    count: 50000,
    piece: (i) =>
      first(
        i,
        line(0, "======================================================") +
          line(0, "WARNING: possible circular locking dependency detected") +
          line(0, "------------------------------------------------------") +
          line(0, "a/1 is trying to acquire lock:"),
        line(0, `-> #${i} (&lock${i}){+.+.}-{3:3}:`) + line(0, ` f${i}+0x1/0x2`),
      ),
  },
  "page owner": {
    count: 100000,
    piece: (i) =>
      first(
        i,
        line(0, `BUG: Bad page state in process a  pfn:1`),
        i % 9 === 1
          ? line(
              0,
              `page last allocated via order 0, migratetype Unmovable, gfp_mask 0x1, pid ${i}, ts ${i}`,
            )
          : line(0, ` f${i}+0x1/0x2`),
      ),
  },
  "module list": {
    count: 20000,
    piece: (i) =>
      first(
        i,
        line(0, lockup(1, 1)),
        line(
          0,
          `Modules linked in: ${Array.from({ length: 20 }, (_, k) => `mod_${letters(i * 20 + k)}`).join(" ")}`,
        ),
      ),
  },
  "module list wrapped": {
    count: 30000,
    piece: (i) =>
      first(
        i,
        `${line(0, lockup(1, 1))}${stamp(0)} Modules linked in: a\n`,
        `mod_${letters(i)} mod_${letters(i + 1)} mod_${letters(i + 2)}\n`,
      ),
  },
  "rcu stall of many cpus": {
    count: 50000,
    piece: (i) =>
      first(
        i,
        line(0, "rcu: INFO: rcu_sched detected stalls on CPUs/tasks:"),
        line(0, `rcu: \t${i}-....: (1 ticks this GP) idle=b3c/1/0x4 softirq=1/1234 fqs=2`),
      ),
  },
  "rcu stall of many tasks": {
    count: 50000,
    piece: (i) =>
      first(
        i,
        line(0, "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:"),
        line(0, `rcu: \tTasks blocked on level-0 rcu_node (CPUs 0-7): P${i} P${i + 1}/1:b..l`),
      ),
  },
  "rcu stall of one line of tasks": {
    count: 400000,
    piece: (i) =>
      first(
        i,
        line(0, "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:") +
          `${stamp(0)} rcu: \tTasks blocked on level-0 rcu_node (CPUs 0-7):`,
        ` P${i}`,
      ),
  },
  "workqueue stall": {
    count: 30000,
    piece: (i) =>
      first(
        i,
        line(0, "BUG: workqueue lockup - pool cpus=1 node=0 flags=0x0 nice=0 stuck for 31s!") +
          line(0, "Showing busy workqueues and worker pools:"),
        line(0, `workqueue wq${i}: flags=0x0`) +
          line(0, `  pwq ${i}: cpus=${i} node=0 flags=0x0 nice=0 active=1/256 refcnt=2`) +
          line(0, `    in-flight: ${i}:func_${i}`) +
          line(0, `    pending: f${i}, g${i}`),
      ),
  },
  "blocked tasks of sysrq-t": {
    count: 10000,
    piece: (i) =>
      first(
        i,
        line(0, "sysrq: Show State"),
        line(
          i / 1000,
          `task:task${i}           state:S stack:    0 pid:${i} ppid:     2 flags:0x00004000`,
        ) +
          line(i / 1000, "Call Trace:") +
          line(i / 1000, " __schedule+0x2d1/0x830") +
          line(i / 1000, " schedule+0x46/0xb0") +
          line(i / 1000, ` f${i}+0x1/0x2`),
      ),
  },
  "backtraces asked for": {
    count: 5000,
    piece: (i) =>
      first(
        i,
        line(0, "rcu: INFO: rcu_sched detected stalls on CPUs/tasks:") +
          line(0, "rcu: \t1-....: (1 ticks this GP) idle=b3c/1/0x4 softirq=1/1234 fqs=2"),
        line(0, `NMI backtrace for cpu ${i}`) +
          line(0, `CPU: ${i} PID: ${i} Comm: a Not tainted 5.10.0 #1`) +
          line(0, `RIP: 0010:f${i}+0x1/0x2`) +
          line(0, "Call Trace:") +
          line(0, ` f${i}+0x1/0x2`),
      ),
  },
  // What diagnosis weighs.
  "distinct reports": { count: 4000, piece: (i) => warning(i) },
  "faults of many tasks at once": { count: 4000, piece: (i) => warning(i, stamp(0)) },
  "stalls of many cpus": {
    count: 3000,
    piece: (i) => stalled(i, "native_queued_spin_lock_slowpath", i / 100),
  },
  "csd waits of many cpus": {
    count: 3000,
    piece: (i) => stalled(i, "smp_call_function_many_cond", i / 100),
  },
  "csd stalls": {
    count: 3000,
    piece: (i) =>
      line(
        i / 100,
        `smp: csd: Detected non-responsive CSD lock (#${i}) on CPU#${i}, waiting 5000000001 ns for CPU#${i + 1} do_nothing+0x0/0x10(0x0).`,
      ),
  },
  "hung tasks": { count: 3000, piece: (i) => hung(i, i / 100) },
  "hung tasks blocked by each other": {
    count: 2000,
    piece: (i) =>
      hung(i, i / 100) +
      line(
        i / 100,
        `INFO: task task${i}:${i} is blocked on a mutex likely owned by task task${i + 1}:${i + 1}.`,
      ),
  },
  "hung tasks and held locks": {
    count: 2000,
    piece: (i) =>
      hung(i, i / 100) +
      line(i / 100, "Showing all locks held in the system:") +
      line(i / 100, `1 lock held by task${i + 1}/${i + 1}:`) +
      line(
        i / 100,
        ` #0: ffff8880${(i % 50).toString(16).padStart(8, "0")} (&lock){+.+.}-{3:3}, at: func_${i}+0x1/0x2`,
      ),
  },
  "rcu stalls": {
    count: 3000,
    piece: (i) =>
      line(i / 10, `rcu: INFO: rcu_sched detected stalls on CPUs/tasks:`) +
      line(i / 10, `rcu: \t${i}-....: (1 ticks this GP) idle=b3c/1/0x4 softirq=1/1234 fqs=2`) +
      line(i / 10, `rcu: \t(detected by ${i + 1}, t=2102 jiffies, g=${i}, q=2)`),
  },
  "stop machine of many cpus": {
    count: 1500,
    piece: (i) => stalled(i, "multi_cpu_stop", i / 100),
  },
  "spinners and holders": {
    count: 1500,
    piece: (i) => stalled(i, i % 2 ? "native_queued_spin_lock_slowpath" : `busy_${i}`, i / 100),
  },
  "prose above many incidents": {
    count: 2000,
    piece: (i) =>
      `Sentence ${i} says that node 10.8.94.98 stood still.\n\`\`\`\n${warning(i, stamp(i * 4000))}\`\`\`\n`,
  },
  "one cpu again and again": { count: 4000, piece: (i) => stalled(3, `f_${i}`, i * 20000) },
  headlines: { count: 10000, piece: (i) => line(i, lockup(i % 4096, i)) },
  // Boots, hosts, clocks.
  boots: {
    count: 20000,
    piece: (i) => `[    0.000000] Linux version 5.${i} (a) #1\n${stamp(i)} x\n`,
  },
  "boots with a report": {
    count: 3000,
    piece: (i) =>
      `[    0.000000] Linux version 5.${i} (a) #1\n[    1.000000] Command line: a${i}\n${warning(i)}`,
  },
  "boots by the clock": { count: 10000, piece: (i) => `[    1.000000] a${i}\n[  900.000000] b\n` },
  hosts: { count: 20000, piece: (i) => `Jun 28 20:15:54 host${i} kernel: ${stamp(i)} x\n` },
  "hosts with a report": {
    count: 3000,
    piece: (i) => warning(i, `Jun 28 20:15:54 host${i} kernel: ${stamp(i)}`),
  },
  "time running backwards": { count: 100000, piece: (i) => `${stamp(9e6 - i)} x${i}\n` },
  "reports running backwards": { count: 3000, piece: (i) => warning(i, stamp(9e6 - i)) },
  "clock to and fro": { count: 50000, piece: (i) => `${stamp((i * 7919) % 100000)} x${i}\n` },
  // Notices and losses.
  "lost messages": { count: 20000, piece: (i) => line(i, `** ${i} printk messages dropped **`) },
  "lost messages in a report": {
    count: 30000,
    piece: (i) =>
      first(
        i,
        line(0, lockup(1, 1)) + line(0, "Call Trace:"),
        line(0, `** ${i} printk messages dropped **`) + line(0, ` f${i}+0x1/0x2`),
      ),
  },
  "distinct notices": {
    count: 20000,
    piece: (i) =>
      line(i, `hrtimer: interrupt took ${i} ns`) +
      line(i, `net_ratelimit: ${i} callbacks suppressed`),
  },
  "notices of many kinds": {
    count: 20000,
    piece: (i) =>
      line(
        i,
        `clocksource: timekeeping watchdog on CPU${i}: Marking clocksource 'tsc' as unstable because the skew is too large:`,
      ),
  },
  // Framing.
  "pstore parts": {
    count: 20000,
    piece: (i, n) => `Oops#1 Part${n - i}\n<4>${stamp(n - i)} a\n<4>${stamp(n - i)} b\n`,
  },
  "pstore dumps": {
    count: 20000,
    piece: (i) => `Oops#${i} Part1\n<4>${stamp(i)} a\n<4>${stamp(i)} b\n`,
  },
  "journal fields": {
    count: 100000,
    piece: (i) =>
      `${i === 0 ? "__REALTIME_TIMESTAMP=1\nMESSAGE=a\n_TRANSPORT=kernel\n" : ""}FIELD_${i}=x\n`,
  },
  "journal entries": { count: 20000, piece: (i) => journal(i, `x${i}`) },
  "journal reports": {
    count: 1500,
    piece: (i) =>
      warning(i, "")
        .split("\n")
        .map((text) => journal(i, text.trim()))
        .join(""),
  },
  "journal message of many lines": {
    count: 100000,
    piece: (i) =>
      first(
        i,
        "__CURSOR=a\n_TRANSPORT=kernel\nMESSAGE\n\u0001\u0000\u0000\u0000\u0000\u0000\u0000\u0000",
        `line ${i}\n`,
      ),
  },
  "journal json": { count: 10000, piece: (i) => json(i, `x${i}`) },
  "journal json pretty": {
    count: 10000,
    piece: (i) => `{\n\t"MESSAGE" : "x${i}",\n\t"_TRANSPORT" : "kernel",\n\t"A${i}" : "b"\n}\n`,
  },
  "journal json without end": {
    count: 50000,
    piece: (i) => first(i, `{\n\t"MESSAGE" : "x",\n`, `\t"F${i}" : "b",\n`),
  },
  "json braces": { count: 50000, piece: () => "{\n" },
  "json brackets in a line": { count: 300000, piece: (i) => first(i, '{"a":', "[") },
  docker: {
    count: 20000,
    piece: (i) =>
      `${JSON.stringify({ log: `${stamp(i)} x${i}\n`, stream: "stdout", time: "2026-11-27T17:43:01.123456789Z" })}\n`,
  },
  "docker parts": {
    count: 20000,
    piece: (i) =>
      `${JSON.stringify({ log: `x${i} `, stream: "stdout", time: "2026-11-27T17:43:01.123456789Z" })}\n`,
  },
  "cri parts": { count: 100000, piece: (i) => cri("P", `x${i} `) },
  "octets counted": { count: 100000, piece: () => "19 <4>1 2026-11-27T01 " },
  "mime parts": {
    count: 30000,
    piece: (i) =>
      `--b${i}\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\nWzEuMDAwMDAwXSBhCg==\n`,
  },
  "quoted-printable soft breaks": {
    count: 100000,
    piece: (i) => first(i, "Content-Transfer-Encoding: quoted-printable\n\n", `abc ${i}=\n`),
  },
  "mime headers": { count: 100000, piece: () => "Content-Type: image/png\n" },
  fences: { count: 100000, piece: (i) => `\`\`\`\n${stamp(i)} a\n` },
  "fences in prose": { count: 50000, piece: (i) => `text ${i}\n\`\`\`\n${stamp(i)} a\n\`\`\`\n` },
  "deep quotes": { count: 300, piece: (i) => `${">".repeat(i)} ${stamp(i)} a\n`, square: true },
  "quotes in rows": {
    count: 100000,
    piece: (i) => `> > > ${i % 3 === 0 ? `${stamp(i)} a` : "b"}\n`,
  },
  "rows below a head": {
    count: 100000,
    piece: (i) =>
      first(
        i,
        `${stamp(0)} a\n`,
        `some text that goes on and on and fills its row up to the very end ${i % 10}\n`,
      ),
  },
  "rows of eighty": {
    count: 50000,
    piece: (i) => first(i, `${`${stamp(0)} `.padEnd(80, "a")}\n`, `${"b".repeat(80)}\n`),
  },
  "rows of a terminal": {
    count: 50000,
    piece: (i) => `${`${stamp(i)} `.padEnd(80, "a")}\n${"b".repeat(20)}\n`,
  },
  "indented rows": {
    count: 50000,
    piece: (i) => first(i, `${stamp(0)} a\n`, `    ${stamp(i)} b\n`),
  },
  "netconsole fragments": {
    count: 30000,
    piece: (i) => `6,${i},${i * 1000},-,ncfrag=0/9000;part ${i}\n`,
  },
  "netconsole pieces of one": {
    count: 30000,
    piece: (i) => `6,416,1758426,-,ncfrag=${i * 10}/33000000;abcdefghij\n`,
  },
  "kmsg continuation": { count: 50000, piece: (i) => `6,${i},${i},${i === 0 ? "-" : "c"};x${i}\n` },
  "kmsg continuation started": {
    count: 50000,
    piece: (i) => `6,${i},${i},${i === 0 ? "c" : "+"};x${i}\n`,
  },
  "kmsg dictionary": { count: 50000, piece: (i) => first(i, "6,1,1,-;a\n", ` KEY${i}=b\n`) },
  "dangling continuation": {
    count: 50000,
    piece: (i) => first(i, line(0, "a"), `${stamp(0)}  b${i}\n`),
  },
  "escapes of rsyslog": {
    count: 30000,
    piece: (i) => `Jun 28 20:15:54 h kernel: ${stamp(i)} ${"#011#012#033".repeat(20)}\n`,
  },
  "rsyslog newline escapes": {
    count: 200000,
    piece: (i) =>
      first(i, "Jun 28 20:15:54 h kernel: [    1.000000] a", `#012[    1.000000] b${i % 10}`),
  },
  "repeated messages": {
    count: 50000,
    piece: (i) => `Jun 28 20:15:54 h kernel: last message repeated ${i} times\n`,
  },
  "records run together": { count: 100000, piece: (i) => `${stamp(i)} a` },
  "carriage returns": { count: 200000, piece: (i) => `${stamp(i)} a\r` },
  "escape sequences": { count: 100000, piece: () => "\u001b[31;1m" },
  "escape begun": { count: 300000, piece: () => "\u001b[" },
  "nul bytes in lines": { count: 50000, piece: (i) => `${"\0".repeat(i % 50)}${stamp(i)} a\n` },
  "binary numbers": { count: 100000, piece: (i) => `${i}\t${stamp(i)} a\n` },
  "pasted line numbers": { count: 50000, piece: (i) => `${i + 1}: ${stamp(i)} a\n` },
  "html entities": { count: 100000, piece: () => "&lt;&amp;&#60;" },
  "html tags": { count: 50000, piece: (i) => `<pre>${stamp(i)} a</pre><br>\n` },
  logcat: { count: 50000, piece: (i) => `11-27 17:43:01.123  ${i % 9999}  1 I kernel  : a${i}\n` },
  "empty lines": { count: 500000, piece: () => "\n" },
  "cut here marks": { count: 50000, piece: (i) => line(i, "------------[ cut here ]------------") },
  "lines below a cut": {
    count: 50000,
    piece: (i) => first(i, line(0, "------------[ cut here ]------------"), line(0, `foo ${i}`)),
  },
  panics: { count: 4000, piece: (i) => line(i, `Kernel panic - not syncing: reason ${i}`) },
  "echoes of panics": {
    count: 50000,
    piece: (i) =>
      first(
        i,
        line(0, "Kernel panic - not syncing: a"),
        line(i, `---[ end Kernel panic - not syncing: a${i} ]---`),
      ),
  },
  "prose claims": {
    count: 5000,
    piece: (i) =>
      first(
        i,
        `\`\`\`\n${stalled(1, "f", 1)}\`\`\`\n`,
        `CPU ${i} waits for an IPI acknowledgement of CPU ${i + 1} since 06-28 20:15:54 on 5.10.0-${i}.\n`,
      ),
  },
  "names to redact": {
    count: 3000,
    piece: (i) =>
      warning(i, `Jun 28 20:15:54 host${i}.example.com kernel: ${stamp(i)}`) +
      `Jun 28 20:15:54 host${i}.example.com kernel: ${stamp(i)} nfs: server 10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255} not responding, still trying\n`,
  },
};

export function* piecesOf(name, count) {
  const { piece } = HOSTILE[name];
  for (let i = 0; i < count; i += 1) yield piece(i, count);
}
