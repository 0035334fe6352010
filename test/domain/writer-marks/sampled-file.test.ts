import { describe, expect, it } from 'vitest';
import { partitionsOf, whichOf } from '../../../src/domain/writer-marks/sampled-file.ts';

describe('which of the files that were looked at', () => {
  it('are told by their number, one path and their partitions', () => {
    const files = ['a=2', 'a=1', 'a=2'].map((partition, index) => ({ path: `/w/${partition}/${index}`, partition }));
    expect(whichOf(files, 5)).toBe('3 of 5 files looked at, such as "/w/a=2/0", of the partitions "a=1", "a=2"');
    expect(whichOf(files.slice(1, 2), 1)).toBe('1 of 1 files looked at, such as "/w/a=1/1", of the partition "a=1"');
    expect(whichOf([{ path: '/w/f' }], 2)).toBe('1 of 2 files looked at, such as "/w/f"');
  });

  it('name three partitions of many', () => {
    const names = ['a=1', 'a=2', 'a=3', 'a=4'];
    expect(partitionsOf({ count: 4, names })).toBe('4 partitions, such as "a=1", "a=2", "a=3"');
    expect(partitionsOf({ count: 3, names: names.slice(0, 3) })).toBe('the partitions "a=1", "a=2", "a=3"');
  });
});
