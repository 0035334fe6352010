import { expect, it } from 'vitest';
import { PackedNames } from '../../../src/adapters/hive-metastore/packed-names.ts';

it('gives packed names back as an array would', () => {
  const names = ['jour=2024-01-01/clé=%3A', '', 'é\u{1F600}', 'p=1'];
  const packed = new PackedNames(names);
  expect(packed.length).toBe(4);
  for (const [start, end] of [
    [0, 4],
    [1, 3],
    [3, 9],
    [4, 8],
    [9, 12],
  ] as const)
    expect(packed.slice(start, end)).toEqual(names.slice(start, end));
  expect(new PackedNames([]).slice(0, 10)).toEqual([]);
});
