// Errors of the world (a file missing, a stream broken) and of use: thrown where they happen, caught once
// at the surface, which prints one line (what, where, what to do) and picks the exit code.

export type AppErrorCode =
  | "usage"
  | "file/missing"
  | "file/directory-empty"
  | "file/denied"
  | "file/empty"
  | "file/not-a-log"
  | "file/unreadable"
  | "file/too-large";

export class AppError extends Error {
  readonly code: AppErrorCode;
  /** What the user can do, one sentence. */
  readonly advice: string;

  constructor(code: AppErrorCode, message: string, advice: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "AppError";
    this.code = code;
    this.advice = advice;
  }
}
