import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { steerRate } from '../../src/cli/steer-rate.ts';
import type { ProgressEvent } from '../../src/ports/progress.ts';
import { RateLimit } from '../../src/resilience/rate-limit.ts';

describe('steerRate', () => {
  let folder: string;
  let file: string;
  let limit: RateLimit;
  let told: ProgressEvent[];
  let steering: { stop(): void } | undefined;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    folder = mkdtempSync(join(tmpdir(), 'lakelift-rate-'));
    file = join(folder, 'max-rate');
    limit = new RateLimit(undefined);
    told = [];
  });
  afterEach(() => {
    steering?.stop();
    vi.useRealTimers();
    rmSync(folder, { recursive: true });
  });

  const begin = (first?: string) =>
    (steering = steerRate(limit, { file, first, progress: (event) => told.push(event) }));
  /** As somebody does at a time of their own. */
  const write = (text: string, second: number): void => {
    writeFileSync(file, `${text}\n`);
    utimesSync(file, second, second);
    vi.advanceTimersByTime(2000);
  };

  it('takes the rate that stands in the file, at the start and whenever it is written', () => {
    write('50 MB', 1);
    begin();
    expect(limit.bytesPerSecond).toBe(50_000_000);
    write('10 MB', 2);
    expect(limit.bytesPerSecond).toBe(10_000_000);
    write('off', 3);
    expect(limit.bytesPerSecond).toBeUndefined();
  });

  it('begins with the rate of the command line, over one that was left in the file, until that is written again', () => {
    write('50 MB', 1);
    begin('20 MB');
    vi.advanceTimersByTime(4000);
    expect(limit.bytesPerSecond).toBe(20_000_000);
    write('50 MB', 2);
    expect(limit.bytesPerSecond).toBe(50_000_000);
  });

  it('keeps its rate, and says so, when the file holds none', () => {
    begin('20 MB');
    write('fast', 1);
    expect(limit.bytesPerSecond).toBe(20_000_000);
    expect(told).toMatchObject([{ kind: 'note', level: 'warn' }]);
    rmSync(file);
    vi.advanceTimersByTime(4000);
    expect(limit.bytesPerSecond).toBe(20_000_000);
  });
});
