import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

const HEAP_LIMITS = new URL('../../src/cli/heap-limits.js', import.meta.url).href;

/** Keeps a million objects, by which V8 judges whether its young generation is too small; prints how many megabytes that takes, both halves in use. */
const keepMuch = (turns: number): string => `
const { getHeapSpaceStatistics } = await import('node:v8');
const kept = [];
for (let turn = 0; turn < ${turns}; turn++) {
  for (let index = 0; index < ${1_000_000 / turns}; index++) kept.push({ index });
  await new Promise((resolve) => setImmediate(resolve));
}
for (const half of [1, 2]) gc({ type: 'minor' });
console.log(getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size / 2 ** 20);
`;

const youngAfter = (script: string): number =>
  Number(
    spawnSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', script], { encoding: 'utf8' }).stdout,
  );

it.each([1, 5000])(
  'lets the young generation grow to what files in flight need, and no further (%i turns)',
  (turns) => {
    expect(youngAfter(keepMuch(turns))).toBeGreaterThan(16);
    expect(youngAfter(`await import(${JSON.stringify(HEAP_LIMITS)});${keepMuch(turns)}`)).toBe(16);
  },
);
