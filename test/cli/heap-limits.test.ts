import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

const HEAP_LIMITS = new URL('../../src/cli/heap-limits.js', import.meta.url).href;

/** Keeps a million objects, by which V8 judges whether its young generation is too small; prints how many megabytes that takes in the end. */
const KEEP_MUCH = `
const { getHeapSpaceStatistics } = await import('node:v8');
const kept = [];
for (let round = 0; round < 5000; round++) {
  for (let index = 0; index < 200; index++) kept.push({ index });
  await new Promise((resolve) => setImmediate(resolve));
}
console.log(getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size / 2 ** 20);
`;

const youngAfter = (script: string): number =>
  Number(spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).stdout);

it('lets the young generation grow to what files in flight need, and not much further', () => {
  expect(youngAfter(KEEP_MUCH)).toBeGreaterThan(24);
  const limited = youngAfter(`await import(${JSON.stringify(HEAP_LIMITS)});${KEEP_MUCH}`);
  expect(limited).toBeGreaterThan(8);
  expect(limited).toBeLessThan(24);
});
