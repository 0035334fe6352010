import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { completeLimitMs, endedAfter } from '../../../src/adapters/s3/complete-limit.ts';

describe('the time to put an object together', () => {
  it('grows with its size, up to an hour', () => {
    expect(completeLimitMs(300_000, 0)).toBe(300_000);
    expect(completeLimitMs(300_000, 20e9)).toBe(700_000);
    expect(completeLimitMs(300_000, 50e12)).toBe(3_600_000);
  });

  it('ends as a time-out, headers or not; an abort keeps its reason', async () => {
    const silent = (signal: AbortSignal): Promise<void> => sleep(10_000, undefined, { signal });
    await expect(endedAfter(20, undefined, silent)).rejects.toMatchObject({ name: 'TimeoutError' });
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 20);
    await expect(endedAfter(10_000, abort.signal, silent)).rejects.toMatchObject({ name: 'AbortError' });
    expect(await endedAfter(10_000, undefined, () => Promise.resolve('done'))).toBe('done');
  });
});
