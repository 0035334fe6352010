import { describe, expect, it } from 'vitest';
import { inBatches, mapInOrder } from '../../src/steps/map-in-order.ts';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('mapInOrder', () => {
  it('gives results in the order of the stream, never more at once than allowed, never far ahead', async () => {
    let running = 0;
    let most = 0;
    let taken = 0;
    const items = function* () {
      for (let i = 0; i < 40; i++) {
        taken += 1;
        yield i;
      }
    };
    const work = async (item: number) => {
      most = Math.max(most, ++running);
      await sleep(item % 3);
      running -= 1;
      return item;
    };
    const results: number[] = [];
    for await (const result of mapInOrder(items(), 4, work)) {
      results.push(result);
      expect(taken - results.length).toBeLessThanOrEqual(8);
    }
    expect(results).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(most).toBe(4);
  });

  it('ends with the first failure, starts nothing more and waits for what was started', async () => {
    const started: number[] = [];
    let finished = 0;
    const work = async (item: number) => {
      started.push(item);
      await sleep(item === 1 ? 1 : 10);
      if (item === 1) throw new Error('no');
      finished += 1;
    };
    const items = Array.from({ length: 100 }, (_, i) => i);
    const drain = async () => {
      for await (const result of mapInOrder(items, 2, work)) void result;
    };
    await expect(drain()).rejects.toThrow('no');
    expect(started.length).toBeLessThan(10);
    expect(finished).toBe(started.length - 1);
  });
});

describe('inBatches', () => {
  it('loses nothing', () => {
    expect([...inBatches([1, 2, 3, 4, 5], 2)]).toEqual([[1, 2], [3, 4], [5]]);
  });
});
