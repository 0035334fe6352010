import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { textLines } from '../../../src/cli/text-lines.ts';
import { HadoopJava } from '../../stack/hadoop-java.ts';
import { IMAGE_USAGE, usageOf } from './image-facts.ts';

const VIEWER = 'org.apache.hadoop.hdfs.tools.offlineImageViewer.OfflineImageViewerPB';

describe.skipIf(inject('stack') === undefined)("Hadoop's own image viewer", () => {
  const directory = mkdtempSync(join(tmpdir(), 'lakelift-image-'));
  const image = join(directory, 'fsimage');
  let write: (delimiter: string) => Promise<string>;

  beforeAll(async () => {
    const java = await HadoopJava.installed(directory);
    const config = await java.configure('viewer', {}, {});
    // An image of names that no test could leave on a cluster that others use.
    await java.run(config, VIEWER, '-p', 'ReverseXML', '-i', join(import.meta.dirname, 'image.xml'), '-o', image);
    write = async (delimiter) => {
      const file = join(directory, 'image.txt');
      await java.run(config, VIEWER, '-p', 'Delimited', '-delimiter', delimiter, '-i', image, '-o', file);
      return file;
    };
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it.each(['\t', ','])('writes lines that are read back, parted by %j', async (delimiter) => {
    const file = await write(delimiter);
    expect(await usageOf(textLines(file), delimiter)).toEqual(IMAGE_USAGE);
    if (delimiter === '\t')
      expect(readFileSync(file, 'utf8')).toBe(readFileSync(join(import.meta.dirname, 'image.tsv'), 'utf8'));
  });
});
