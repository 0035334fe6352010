import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { RateLimit } from '../../src/resilience/rate-limit.ts';

const elapsedMs = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
};

describe('RateLimit', () => {
  it('lets bytes pass at the rate, whatever their pieces', async () => {
    for (const size of [1000, 10_000, 60_000]) {
      const limit = new RateLimit(200_000);
      const ms = await elapsedMs(() => Promise.all(Array.from({ length: 60_000 / size }, () => limit.take(size))));
      expect(ms).toBeGreaterThan(290);
      expect(ms).toBeLessThan(700);
    }
  });

  it('serves callers in their order', async () => {
    const limit = new RateLimit(1_000_000);
    const order: number[] = [];
    await Promise.all([50_000, 1, 50_000, 1].map((size, i) => limit.take(size).then(() => order.push(i))));
    expect(order).toEqual([0, 1, 2, 3]);
  });

  it('lets everything pass without a limit', async () => {
    const limit = new RateLimit(undefined);
    expect(await elapsedMs(async () => limit.take(Number.MAX_SAFE_INTEGER))).toBeLessThan(50);
    expect(await elapsedMs(async () => limit.take(1))).toBeLessThan(50);
  });

  it('can be changed while callers wait', async () => {
    const limit = new RateLimit(1000);
    const waiting = elapsedMs(() => limit.take(1_000_000));
    await sleep(50);
    limit.bytesPerSecond = undefined;
    expect(await waiting).toBeLessThan(500);
  });

  it('lets go of callers that are aborted, and serves those behind them', async () => {
    const limit = new RateLimit(100_000);
    const controller = new AbortController();
    const aborted = limit.take(1_000_000, controller.signal);
    const behind = limit.take(1);
    controller.abort(new Error('Ctrl-C'));
    await expect(aborted).rejects.toThrow();
    await behind;
  });
});
