import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { ProgressEvent } from '../../../src/ports/progress.ts';
import { sayWaiting } from '../../../src/steps/copy/say-waiting.ts';

it('what takes long in silence is said now and then, what does not is not', async () => {
  const events: ProgressEvent[] = [];
  const say = (event: ProgressEvent): void => void events.push(event);
  expect(await sayWaiting(say, 'parts', () => Promise.resolve(1), 20)).toBe(1);
  expect(events).toEqual([]);
  await sayWaiting(say, 'parts', () => sleep(200), 20);
  expect(events.length).toBeGreaterThan(1);
  expect(events[0]).toMatchObject({ kind: 'note', message: expect.stringMatching(/^parts: waiting/) as string });
  const said = events.length;
  await sleep(60);
  expect(events).toHaveLength(said);
});
