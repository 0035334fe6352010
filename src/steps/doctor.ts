import { isLakeliftError, messageOf, type ErrorKind } from '../errors.ts';

/** One thing that must work before a run can; `run` resolves with what was found. */
export interface Check {
  readonly name: string;
  readonly run: (signal: AbortSignal) => Promise<string>;
}

export interface CheckResult {
  readonly name: string;
  readonly isOk: boolean;
  /** What was found, or what went wrong. */
  readonly detail: string;
  readonly code?: string | undefined;
  readonly kind?: ErrorKind | undefined;
  readonly hint?: string | undefined;
}

/** Runs every check, whatever the others say, each within its own time; results come in the order of the checks. */
export async function* examine(
  checks: readonly Check[],
  timeoutMs: number,
  signal: AbortSignal,
): AsyncGenerator<CheckResult> {
  for (const check of checks) {
    yield await outcomeOf(check, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
    signal.throwIfAborted();
  }
}

async function outcomeOf(check: Check, signal: AbortSignal): Promise<CheckResult> {
  try {
    return { name: check.name, isOk: true, detail: await check.run(signal) };
  } catch (error) {
    const known = isLakeliftError(error) ? error : undefined;
    const detail = signal.aborted && known === undefined ? 'no answer in time' : messageOf(error);
    return { name: check.name, isOk: false, detail, code: known?.code, kind: known?.kind, hint: known?.hint };
  }
}
