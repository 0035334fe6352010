import type { FolderUsage } from '../../../src/domain/assessment/folder-usage.ts';
import { hdfsPath } from '../../../src/domain/names.ts';
import { imageUsage } from '../../../src/steps/assess/image-usage.ts';

/** What image.xml holds below the table's folder and below another. */
export const IMAGE_USAGE: Readonly<Record<string, FolderUsage>> = {
  '/warehouse/t': {
    files: 6,
    sizeBytes: 20_001_263,
    smallFiles: 5,
    modifiedAtMs: Date.UTC(2024, 5, 1),
    readAtMs: Date.UTC(2024, 5, 2),
  },
  '/data/x': {
    files: 3,
    sizeBytes: 123,
    smallFiles: 3,
    modifiedAtMs: Date.UTC(2024, 5, 1),
    readAtMs: Date.UTC(2024, 5, 2),
  },
};

export async function usageOf(lines: AsyncIterable<string>, delimiter: string): Promise<Record<string, FolderUsage>> {
  const source = imageUsage(lines, { file: 'image', delimiter });
  return Object.fromEntries(await source.usageOf([hdfsPath('/warehouse/t')], new AbortController().signal));
}
