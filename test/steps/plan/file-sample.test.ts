import { describe, expect, it } from 'vitest';
import { FileSample } from '../../../src/steps/plan/file-sample.ts';
import { sourceFile } from './memory-source.ts';

const written = (path: string, day: string, sizeBytes = 10) => ({
  ...sourceFile(path, sizeBytes),
  modifiedAtMs: Date.parse(day),
});

function namesOf(files: readonly ReturnType<typeof written>[]): string[] {
  const sample = new FileSample();
  for (const file of files) sample.add(file);
  return sample.files.map(({ path }) => path);
}

describe('the files that stand for a table', () => {
  const files = [
    written('/a', '2013-05-01'),
    written('/b', '2013-07-01'),
    written('/c', '2013-08-01'),
    written('/d', '2019-03-01'),
    written('/e', '2019-06-01'),
    written('/f', '2024-06-01'),
    written('/empty', '2025-01-01', 0),
  ];

  it('are the first that was written, and the last of each year that holds anything', () => {
    expect(namesOf(files)).toEqual(['/f', '/e', '/c', '/a']);
    expect(namesOf(files.toReversed())).toEqual(['/f', '/e', '/c', '/a']);
    expect(namesOf([])).toEqual([]);
    expect(namesOf(files.slice(0, 1))).toEqual(['/a']);
  });

  it('are two where all were changed at once, in whichever order they come', () => {
    const copied = ['/x', '/y', '/z'].map((path) => written(path, '2020-01-01'));
    expect(namesOf(copied)).toEqual(['/x', '/z']);
    expect(namesOf(copied.toReversed())).toEqual(['/x', '/z']);
  });

  it('are no more than sixteen, the oldest among them', () => {
    const years = Array.from({ length: 40 }, (_, index) => written(`/${1980 + index}`, `${1980 + index}-06-01`));
    const names = namesOf(years);
    expect(names).toHaveLength(16);
    expect([names[0], names.at(-1)]).toEqual(['/2019', '/1980']);
  });
});
