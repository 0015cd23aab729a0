// Numbers as a log prints them. What the kernel cannot have printed is no number: a CPU beyond any machine,
// a pid beyond an int, digits that would become Infinity. The field is then unknown, never rounded.

/** NR_CPUS is 8192 at most (arch/x86/Kconfig); room for what comes. */
const MOST_CPU = 0xfffff;
/** pid_t is an int. */
const MOST_PID = 0x7fffffff;
/** kernel/watchdog.c: is_softlockup() gives seconds as an unsigned int or less. */
const MOST_SECONDS = 0xffffffff;

export function toCpu(digits: string | undefined): number | undefined {
  return upTo(digits, MOST_CPU);
}

export function toPid(digits: string | undefined): number | undefined {
  return upTo(digits, MOST_PID);
}

export function toSeconds(digits: string | undefined): number | undefined {
  return upTo(digits, MOST_SECONDS);
}

function upTo(digits: string | undefined, most: number): number | undefined {
  const value = digits === undefined ? Number.NaN : Number(digits);
  return value <= most ? value : undefined;
}
