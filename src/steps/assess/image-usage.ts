import { UsageCounter, type FolderUsage } from '../../domain/assessment/folder-usage.ts';
import { imageColumns, readImageLine } from '../../domain/assessment/image-lines.ts';
import type { HdfsPath } from '../../domain/names.ts';
import { LakeliftError } from '../../errors.ts';
import type { UsageSource } from './assess-cluster.ts';

/** Sizes from the output of `hdfs oiv -p Delimited`, line by line: memory does not grow with their number. Throws `usage` when it is none. */
export function imageUsage(
  lines: AsyncIterable<string>,
  { file, delimiter }: { file: string; delimiter: string },
): UsageSource {
  return {
    kind: 'image',
    usageOf: (folders, signal) => countLines(lines, { file, delimiter, folders, signal }),
  };
}

interface Image {
  readonly file: string;
  readonly delimiter: string;
  readonly folders: readonly HdfsPath[];
  readonly signal: AbortSignal;
}

async function countLines(lines: AsyncIterable<string>, image: Image): Promise<Map<string, FolderUsage>> {
  const { file, delimiter, folders, signal } = image;
  const counter = new UsageCounter(folders);
  let columns: ReturnType<typeof imageColumns>;
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (number % 10_000 === 0) signal.throwIfAborted();
    if (columns === undefined) {
      columns = imageColumns(line, delimiter);
      if (columns === undefined) throw noImage(`${file}:1: is no header of "hdfs oiv -p Delimited"`, file);
      continue;
    }
    const seen = readImageLine(line, columns, delimiter);
    if (seen === undefined) throw noImage(`${file}:${number}: is no entry of an image`, file);
    if (seen !== 'other') counter.add(seen);
  }
  if (columns === undefined) throw noImage(`${file} is empty`, file);
  return counter.usage();
}

function noImage(message: string, file: string): LakeliftError {
  return new LakeliftError(message, {
    kind: 'usage',
    code: 'IMAGE_INVALID',
    subject: file,
    hint: 'Write it with "hdfs oiv -p Delimited -i <fsimage> -o <file>"; name another delimiter with --delimiter.',
  });
}
