/** What went wrong, in the few kinds that the rest of the program decides on. Adapters translate vendor failures into these. */
export type ErrorKind =
  | 'usage'
  | 'not-found'
  | 'denied'
  | 'conflict'
  | 'throttled'
  | 'unavailable'
  | 'corrupt'
  | 'unsupported'
  | 'locked'
  | 'stale-plan'
  /** A comparison found what must not be: an unexplained difference, a byte of evidence that was changed. */
  | 'differs'
  | 'interrupted'
  /** The time that a run was given is over. */
  | 'window-closed';

export interface LakeliftErrorDetails {
  readonly kind: ErrorKind;
  /** Stable, SCREAMING_SNAKE; scripts may match on it. */
  readonly code: string;
  /** The file, table, key or setting concerned, in words a person recognises. */
  readonly subject?: string | undefined;
  /** What to do about it: the permission to grant, the command to run, the line to mend. */
  readonly hint?: string | undefined;
  /** For scripts: what the message only sums up, as plain JSON. */
  readonly details?: unknown;
  readonly cause?: unknown;
}

/** The one error that reaches a user: a code, what it is about, the cause and a hint that says what to do. */
export class LakeliftError extends Error {
  override readonly name = 'LakeliftError';
  readonly kind: ErrorKind;
  readonly code: string;
  readonly subject: string | undefined;
  readonly hint: string | undefined;
  readonly details: unknown;

  constructor(message: string, details: LakeliftErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = details.kind;
    this.code = details.code;
    this.subject = details.subject;
    this.hint = details.hint;
    this.details = details.details;
  }
}

export function isLakeliftError(error: unknown, kind?: ErrorKind): error is LakeliftError {
  return error instanceof LakeliftError && (kind === undefined || error.kind === kind);
}

const RETRYABLE_KINDS: ReadonlySet<ErrorKind> = new Set(['throttled', 'unavailable']);

/** True when the same call may succeed later; retry wrappers look at nothing else. */
export function isRetryable(error: unknown): boolean {
  return error instanceof LakeliftError && RETRYABLE_KINDS.has(error.kind);
}

/** The text of anything thrown, without a stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
