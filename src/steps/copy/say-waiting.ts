import type { Progress } from '../../ports/progress.ts';

/** Nothing is said of what takes less. */
const SAID_EVERY_MS = 30_000;

/** Does what may take minutes in silence, and says now and then what is being waited for. */
export async function sayWaiting<Result>(
  progress: Progress,
  what: string,
  work: () => Promise<Result>,
  everyMs = SAID_EVERY_MS,
): Promise<Result> {
  const since = performance.now();
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - since) / 1000);
    progress({ kind: 'note', level: 'info', message: `${what}: waiting for ${seconds} s so far` });
  }, everyMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
