import { describe, expect, it } from 'vitest';
import { isRetryable, LakeliftError, type ErrorKind } from '../../src/errors.ts';
import type { ProgressEvent } from '../../src/ports/progress.ts';
import { Retry } from '../../src/resilience/retry.ts';

const QUICK = { patienceMs: 2000, firstPauseMs: 1, longestPauseMs: 4 };
const failure = (kind: ErrorKind): LakeliftError => new LakeliftError(kind, { kind, code: 'TEST' });

describe('Retry', () => {
  it.each(['unavailable', 'throttled'] as const)('repeats a call that is %s, and says so each time', async (kind) => {
    const events: ProgressEvent[] = [];
    let calls = 0;
    let pressure = 0;
    const policy = { ...QUICK, onPressure: () => void pressure++ };
    const result = await new Retry(policy, (event) => events.push(event)).call('s3://x', undefined, async () => {
      if (++calls < 4) throw failure(kind);
      return 'done';
    });
    expect(pressure).toBe(3);
    expect(result).toBe('done');
    expect(events).toEqual([1, 2, 3].map((attempt) => ({ kind: 'retry', subject: 's3://x', attempt, message: kind })));
  });

  it.each(['denied', 'not-found', 'conflict', 'corrupt', 'usage'] as const)(
    'does not repeat what is %s',
    async (kind) => {
      let calls = 0;
      const call = new Retry(QUICK, () => undefined).call('x', undefined, async () => {
        calls++;
        throw failure(kind);
      });
      await expect(call).rejects.toMatchObject({ kind });
      expect(calls).toBe(1);
    },
  );

  it('loses patience, counted from the first failure, and gives the error as it was', async () => {
    const retry = new Retry({ patienceMs: 60, firstPauseMs: 5, longestPauseMs: 10 }, () => undefined);
    const startedAt = performance.now();
    let calls = 0;
    const call = retry.call('x', undefined, async () => {
      if (++calls === 1) await new Promise((resolve) => setTimeout(resolve, 100));
      throw failure('unavailable');
    });
    await expect(call).rejects.toMatchObject({ kind: 'unavailable' });
    expect(calls).toBeGreaterThan(2);
    expect(performance.now() - startedAt).toBeGreaterThan(130);
  });

  it('has no more patience within a call than it is told to have, nor than it has', async () => {
    const policy = { patienceMs: 60, firstPauseMs: 5, longestPauseMs: 10 };
    for (const retry of [
      new Retry({ ...policy, patienceMs: 60_000 }, () => undefined).within(60, isRetryable),
      new Retry(policy, () => undefined).within(60_000, isRetryable),
    ]) {
      const startedAt = performance.now();
      await expect(retry.call('x', undefined, () => Promise.reject(failure('unavailable')))).rejects.toThrow();
      expect(performance.now() - startedAt).toBeLessThan(2000);
    }
  });

  it('repeats only what it is told to within', async () => {
    let calls = 0;
    const call = new Retry(QUICK, () => undefined)
      .within(2000, (error) => error !== last)
      .call('x', undefined, () => {
        calls++;
        return Promise.reject(calls < 3 ? failure('unavailable') : last);
      });
    const last = failure('unavailable');
    await expect(call).rejects.toBe(last);
    expect(calls).toBe(3);
  });

  it('ends its pause when it is aborted', async () => {
    const controller = new AbortController();
    const retry = new Retry({ patienceMs: 60_000, firstPauseMs: 30_000, longestPauseMs: 60_000 }, () =>
      setTimeout(() => controller.abort(new Error('Ctrl-C')), 5),
    );
    const call = retry.call('x', controller.signal, async () => {
      throw failure('unavailable');
    });
    await expect(call).rejects.toThrow();
    expect(controller.signal.aborted).toBe(true);
  });

  /** A listing that breaks before every item it is told to, once each. */
  function listing(items: readonly string[], breaksAt: Set<number>): () => AsyncGenerator<string> {
    return async function* () {
      for (const [i, item] of items.entries()) {
        if (breaksAt.delete(i)) throw failure('unavailable');
        yield item;
      }
    };
  }
  const keyOf = (item: string): string => item;

  it('goes on with a listing where it broke, with nothing twice and nothing left out', async () => {
    const items = Array.from({ length: 20 }, (_, i) => `k${i}`);
    const open = listing(items, new Set([0, 1, 7, 19]));
    const stream = new Retry(QUICK, () => undefined).stream('x', undefined, { open, keyOf });
    expect(await Array.fromAsync(stream)).toEqual(items);
  });

  it('refuses to go on with a listing that changed under it', async () => {
    let opened = 0;
    const open = async function* () {
      if (++opened > 1) yield 'new';
      yield 'a';
      if (opened === 1) throw failure('unavailable');
      yield 'b';
    };
    const stream = new Retry(QUICK, () => undefined).stream('x', undefined, { open, keyOf });
    await expect(Array.fromAsync(stream)).rejects.toMatchObject({ code: 'LISTING_CHANGED' });
  });

  it('closes a listing that is left early', async () => {
    let isClosed = false;
    const open = async function* () {
      try {
        yield 'a';
        yield 'b';
      } finally {
        isClosed = true;
      }
    };
    for await (const item of new Retry(QUICK, () => undefined).stream('x', undefined, { open, keyOf })) {
      expect(item).toBe('a');
      break;
    }
    expect(isClosed).toBe(true);
  });
});
