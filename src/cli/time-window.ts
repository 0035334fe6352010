import { LakeliftError } from '../errors.ts';

const CLOCK = /^([01]?\d|2[0-3]):([0-5]\d)$/;

/** `06:00` (the next time that this machine's clock shows it) or an ISO 8601 time. Throws `usage` for anything else, and for a time that is past. */
export function windowEnd(text: string, nowMs: number): number {
  const clock = CLOCK.exec(text);
  const endMs = clock === null ? isoTime(text) : nextTime(nowMs, Number(clock[1]), Number(clock[2]));
  if (endMs !== undefined && endMs > nowMs) return endMs;
  throw new LakeliftError(endMs === undefined ? `"${text}" is no time` : `${text} is past`, {
    kind: 'usage',
    code: 'UNTIL_INVALID',
    hint: 'Give a time of day such as 06:00, or a time such as 2027-01-31T06:00:00+01:00.',
  });
}

/** A signal that is aborted when the window closes, as an interruption is: nothing new begins, what is in flight ends. */
export function timeWindow(endMs: number | undefined): {
  readonly signal: AbortSignal | undefined;
  readonly close: () => void;
} {
  if (endMs === undefined) return { signal: undefined, close: () => undefined };
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const watch = (): void => {
    const leftMs = endMs - Date.now();
    if (leftMs <= 0) controller.abort(closed(endMs));
    else timer = setTimeout(watch, Math.min(leftMs, LONGEST_TIMER_MS)).unref();
  };
  watch();
  return { signal: controller.signal, close: () => clearTimeout(timer) };
}

/** Beyond it, Node fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function closed(endMs: number): LakeliftError {
  return new LakeliftError(`The time window closed at ${new Date(endMs).toISOString()}`, {
    kind: 'window-closed',
    code: 'WINDOW_CLOSED',
    hint: 'Run the same command again in the next window: it goes on where it stopped.',
  });
}

/** With a date; a date alone would mean midnight of Greenwich, which nobody expects. */
function isoTime(text: string): number | undefined {
  const timeMs = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(timeMs) ? undefined : timeMs;
}

function nextTime(nowMs: number, hours: number, minutes: number): number {
  const time = new Date(nowMs);
  time.setHours(hours, minutes, 0, 0);
  if (time.getTime() <= nowMs) time.setDate(time.getDate() + 1);
  return time.getTime();
}
