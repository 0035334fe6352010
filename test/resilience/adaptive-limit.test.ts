import { describe, expect, it } from 'vitest';
import { AdaptiveLimit } from '../../src/resilience/adaptive-limit.ts';

/** A world in which `rateOf(n)` bytes per second pass when n work at a time, on a clock of its own. */
function simulate(limit: AdaptiveLimit, clock: { ms: number }, rateOf: (concurrency: number) => number) {
  for (let i = 0; i < 1000; i++) void limit.run(() => new Promise(() => undefined));
  return (seconds: number): void => {
    for (let i = 0; i < seconds * 10; i++) {
      clock.ms += 100;
      limit.moved(rateOf(limit.concurrency) / 10);
    }
  };
}

describe('AdaptiveLimit', () => {
  const open = (first: number, most: number, hasRoom?: () => boolean) => {
    const clock = { ms: 0 };
    return { clock, limit: new AdaptiveLimit({ first, most, now: () => clock.ms, ...(hasRoom && { hasRoom }) }) };
  };

  it('grows to the most that is allowed while each one more moves more', () => {
    const { limit, clock } = open(2, 12);
    simulate(limit, clock, (n) => n * 100)(30);
    expect(limit.concurrency).toBe(12);
  });

  it('doubles at the beginning, so that a far store is used to the full within seconds', () => {
    const { limit, clock } = open(4, 64);
    const pass = simulate(limit, clock, (n) => n * 100);
    pass(6);
    expect(limit.concurrency).toBe(64);
  });

  it('goes back to where it began when twice as many bring little', () => {
    const { limit, clock } = open(4, 16);
    const pass = simulate(limit, clock, (n) => 1000 + n);
    pass(4);
    expect(limit.concurrency).toBe(4);
    pass(15);
    expect(limit.concurrency).toBe(4);
  });

  it('tries no more while this machine has no room for it, and goes on from there once it has', () => {
    let hasRoom = false;
    const { limit, clock } = open(4, 64, () => hasRoom);
    const pass = simulate(limit, clock, (n) => n * 100);
    pass(10);
    expect(limit.concurrency).toBe(4);
    hasRoom = true;
    pass(5);
    expect(limit.concurrency).toBe(64);
  });

  it('asks for room in each window, whose answer tells of that window alone', () => {
    let asked = 0;
    const { limit, clock } = open(4, 4, () => ++asked > 0);
    simulate(limit, clock, (n) => n * 100)(10);
    expect(asked).toBe(10);
  });

  it('does not take the time before the first work, or between two works, for a low rate', async () => {
    const { limit, clock } = open(4, 16);
    clock.ms += 60_000;
    simulate(limit, clock, (n) => 1000 + n)(4);
    expect(limit.concurrency).toBe(4);

    const other = open(2, 64);
    const work = async (): Promise<void> => {
      await other.limit.run(() => Promise.resolve());
      other.clock.ms += 1000;
      other.limit.moved(100);
    };
    await work();
    other.clock.ms += 60_000;
    simulate(other.limit, other.clock, (n) => n * 100)(6);
    expect(other.limit.concurrency).toBe(64);
  });

  it('grows by one only once it has been asked for less', () => {
    const { limit, clock } = open(8, 64);
    const pass = simulate(limit, clock, (n) => n * 100);
    limit.pressed();
    pass(8);
    expect(limit.concurrency).toBeGreaterThan(4);
    expect(limit.concurrency).toBeLessThan(12);
  });

  it('stays where one more brings nothing', () => {
    const { limit, clock } = open(2, 64);
    simulate(limit, clock, (n) => Math.min(n, 6) * 100)(120);
    expect(limit.concurrency).toBeGreaterThanOrEqual(5);
    expect(limit.concurrency).toBeLessThanOrEqual(8);
  });

  it('halves when an end asks for less, once per burst, and never below one', () => {
    const { limit, clock } = open(16, 16);
    for (let i = 0; i < 10; i++) limit.pressed();
    expect(limit.concurrency).toBe(8);
    for (let i = 0; i < 10; i++) {
      clock.ms += 3000;
      limit.pressed();
    }
    expect(limit.concurrency).toBe(1);
  });

  it('grows again once the pressure is over', () => {
    const { limit, clock } = open(8, 8);
    const pass = simulate(limit, clock, (n) => n * 100);
    limit.pressed();
    expect(limit.concurrency).toBe(4);
    pass(30);
    expect(limit.concurrency).toBe(8);
  });

  it('does not grow for want of work', () => {
    const { limit, clock } = open(3, 8);
    for (let i = 0; i < 100; i++) {
      clock.ms += 500;
      limit.moved(100 * i);
    }
    expect(limit.concurrency).toBe(3);
  });

  it('runs no more at a time than it says', async () => {
    const { limit } = open(3, 3);
    let running = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running--;
    };
    await Promise.all(Array.from({ length: 20 }, () => limit.run(work)));
    expect(most).toBe(3);
  });
});
