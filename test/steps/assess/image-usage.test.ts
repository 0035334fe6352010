import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { textLines } from '../../../src/cli/text-lines.ts';
import { hdfsPath } from '../../../src/domain/names.ts';
import { imageUsage } from '../../../src/steps/assess/image-usage.ts';
import { IMAGE_USAGE, usageOf } from './image-facts.ts';

const IMAGE = join(import.meta.dirname, 'image.tsv');

async function* lines(texts: Iterable<string>): AsyncGenerator<string> {
  yield* texts;
}

function count(texts: Iterable<string>, folders: readonly string[] = []) {
  const source = imageUsage(lines(texts), { file: 'image.tsv', delimiter: '\t' });
  return source.usageOf(folders.map(hdfsPath), new AbortController().signal);
}

describe('sizes from an image of the NameNode', () => {
  it('are added up by folder, whatever the names of files: quotes, tabs and line ends come as the tool writes them', async () => {
    expect(await usageOf(textLines(IMAGE), '\t')).toEqual(IMAGE_USAGE);
  });

  it('belong to the innermost of the folders asked for', async () => {
    const usage = await count(readFileSync(IMAGE, 'utf8').split('\n').slice(0, -1), ['/warehouse', '/warehouse/t/a=1']);
    expect([...usage].map(([path, { files }]) => [path, files])).toEqual([
      ['/warehouse/t/a=1', 6],
      ['/data/x', 3],
    ]);
  });

  it('are counted in memory that does not grow with the number of files', async () => {
    const header = readFileSync(IMAGE, 'utf8').split('\n')[0]!;
    const many = function* (): Generator<string> {
      yield header;
      for (let file = 0; file < 300_000; file++)
        yield `/warehouse/t/p=${file % 5000}/${file}\t3\t2024-06-01 00:00\t2024-06-02 00:00\t134217728\t1\t7\t0\t0\t-rw-r--r--\thive\thadoop`;
    };
    global.gc?.();
    const before = process.memoryUsage().heapUsed;
    const usage = await count(many(), ['/warehouse/t']);
    expect(usage.get('/warehouse/t')).toMatchObject({ files: 300_000, sizeBytes: 2_100_000, smallFiles: 300_000 });
    // A name of each would be some 30 MB.
    expect(usage.size).toBe(1);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(20e6);
  });

  it.each([
    ['an empty file', [], 'image.tsv is empty'],
    ['a file without the header', ['/a\t3'], 'image.tsv:1: is no header'],
    ['another delimiter', [readFileSync(IMAGE, 'utf8').split('\n')[0]!.replaceAll('\t', ',')], ':1: is no header'],
    ['a line that was cut', [...readFileSync(IMAGE, 'utf8').split('\n').slice(0, 2), '/a\t3\t2024'], ':3: is no entry'],
  ])('are refused from %s', async (_what, texts, message) => {
    await expect(count(texts)).rejects.toMatchObject({
      code: 'IMAGE_INVALID',
      message: expect.stringContaining(message) as string,
      hint: expect.stringContaining('--delimiter') as string,
    });
  });
});
