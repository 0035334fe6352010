/** Some stores read all parts again before they answer: versitygw 300 MB a second, alone on its disk. */
const SLOWEST_BYTES_PER_MS = 50_000;
const LONGEST_MS = 60 * 60_000;

/** How long the answer to CompleteMultipartUpload may take. S3 itself speaks of minutes, whatever the size. */
export function completeLimitMs(baseMs: number, sizeBytes: number): number {
  return Math.min(LONGEST_MS, baseMs + sizeBytes / SLOWEST_BYTES_PER_MS);
}

/** Ends a call that is not over by then, headers and body together, with the SDK's own kind of error. An aborted `signal` ends it for its reason. */
export async function endedAfter<Answer>(
  limitMs: number,
  signal: AbortSignal | undefined,
  call: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), limitMs);
  try {
    return await call(signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]));
  } catch (error) {
    if (!limit.signal.aborted || signal?.aborted === true) throw error;
    const message = `no answer within ${Math.round(limitMs / 1000)} s`;
    throw Object.assign(new Error(message, { cause: error }), { name: 'TimeoutError' });
  } finally {
    clearTimeout(timer);
  }
}
