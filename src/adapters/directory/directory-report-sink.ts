import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LakeliftError, messageOf } from '../../errors.ts';
import { isPlainName, type ReportSink } from '../../ports/report-sink.ts';

/** Reports in a directory of this machine, which is made when it is missing. */
export class DirectoryReportSink implements ReportSink {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async write(name: string, content: string | Iterable<string> | AsyncIterable<string>): Promise<string> {
    if (!isPlainName(name)) throw new LakeliftError(`"${name}" is no name for a file of a report`, BAD_NAME);
    const path = join(this.#directory, name);
    const unfinished = `${path}.${process.pid}.part`;
    try {
      await mkdir(dirname(path), { recursive: true });
      await pipeline(Readable.from(typeof content === 'string' ? [content] : content), createWriteStream(unfinished));
      await syncFile(unfinished);
      await rename(unfinished, path);
      return path;
    } catch (error) {
      // What stopped the writing may stop this as well; the first failure is the one to tell.
      await rm(unfinished, { force: true }).catch(() => undefined);
      throw translated(error, path);
    }
  }
}

const BAD_NAME = { kind: 'usage', code: 'REPORT_NAME' } as const;

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function translated(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined || (error as NodeJS.ErrnoException).syscall === undefined) return error;
  const isDenied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
  return new LakeliftError(`the report cannot be written to ${path}: ${messageOf(error)}`, {
    kind: isDenied ? 'denied' : 'unavailable',
    code: 'REPORT_NOT_WRITTEN',
    subject: path,
    hint: isDenied
      ? 'Give this user the right to write there, or name another directory.'
      : 'Free some space, then run again.',
    cause: error,
  });
}
