import { afterEach, describe, expect, it, vi } from 'vitest';
import { timeWindow, windowEnd } from '../../src/cli/time-window.ts';
import { isLakeliftError } from '../../src/errors.ts';

afterEach(() => void vi.useRealTimers());

describe('the end of a time window', () => {
  const evening = new Date(2027, 0, 31, 22, 15).getTime();

  it('is the next time that the clock shows it', () => {
    expect(windowEnd('06:00', evening)).toBe(new Date(2027, 1, 1, 6, 0).getTime());
    expect(windowEnd('23:30', evening)).toBe(new Date(2027, 0, 31, 23, 30).getTime());
    expect(windowEnd('22:15', evening)).toBe(new Date(2027, 1, 1, 22, 15).getTime());
  });

  it('may be a full time with its zone', () => {
    expect(windowEnd('2027-02-01T06:00:00+01:00', evening)).toBe(Date.UTC(2027, 1, 1, 5));
  });

  it.each(['24:00', '6', '06:60', 'dawn', '2027-02-01', '2020-01-01T00:00:00Z'])('is not %s', (text) => {
    expect(() => windowEnd(text, evening)).toThrow(expect.objectContaining({ kind: 'usage', code: 'UNTIL_INVALID' }));
  });

  it('aborts its signal, with a reason of its own', () => {
    vi.useFakeTimers();
    const { signal } = timeWindow(Date.now() + 1000);
    vi.advanceTimersByTime(999);
    expect(signal?.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(isLakeliftError(signal?.reason, 'window-closed')).toBe(true);
  });

  it('weeks away does not fire at once', () => {
    vi.useFakeTimers();
    const { signal, close } = timeWindow(Date.now() + 40 * 86_400_000);
    vi.advanceTimersByTime(1000);
    expect(signal?.aborted).toBe(false);
    close();
  });
});
