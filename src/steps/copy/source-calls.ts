import { hdfsPath } from '../../domain/names.ts';
import type { FileItem } from '../../domain/plan.ts';
import { isSameVersion } from '../../domain/source-file.ts';
import { isLakeliftError, type ErrorKind } from '../../errors.ts';
import type { FileRange, KeptSums } from '../../ports/source-file-system.ts';
import { Decided, failed, type CopyContext } from './copy-context.ts';

export const READ_ATTEMPTS = 3;

/** What is said of a file that is changed just then: it is gone, other bytes come, or it is open for write. */
const OF_A_FILE: ReadonlySet<ErrorKind> = new Set(['not-found', 'corrupt', 'unsupported']);

type Reader = Pick<CopyContext, 'source' | 'signal'>;

/**
 * Asks the source about one file. Its failures end this file only, and if the file changed meanwhile, that is what is said;
 * but where not even the root can be read any more, every other file would fail too, and the error is thrown on.
 */
export async function fromSource<Result>(item: FileItem, reader: Reader, call: () => Promise<Result>): Promise<Result> {
  for (let isRepeated = false; ; isRepeated = true) {
    try {
      return await call();
    } catch (error) {
      reader.signal.throwIfAborted();
      if (!isLakeliftError(error)) throw error;
      if (OF_A_FILE.has(error.kind)) await expectUnmoved(item, reader);
      else if (!(await isReachable(reader))) throw error;
      // A token that had ended may have been replaced before the root was read.
      else if (error.kind === 'denied' && !isRepeated) continue;
      throw failed(item, error);
    }
  }
}

/** Reads a range; a body that is not what was announced is read again a few times. */
export function readRange(
  item: FileItem,
  reader: Reader,
  range: FileRange,
  body: Uint8Array,
): Promise<KeptSums | undefined> {
  return fromSource(item, reader, async () => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await reader.source.readRange(item.source, range, body, reader.signal);
      } catch (error) {
        if (!isLakeliftError(error, 'corrupt') || attempt === READ_ATTEMPTS) throw error;
        await expectUnmoved(item, reader);
      }
    }
  });
}

/** Ends the copy when the file is no longer the version that was planned. */
export async function expectUnmoved(item: FileItem, { source, signal }: Reader): Promise<void> {
  const entry = await source.findEntryAgain(item.source.path, signal);
  if (entry?.kind === 'file' && isSameVersion(entry.file, item.source)) return;
  throw new Decided(item, {
    status: 'source-moved',
    errorCode: 'SOURCE_MOVED',
    message:
      entry === undefined
        ? 'The file is gone from the source'
        : 'The file is no longer the version that was planned: it was changed or replaced',
    hint: 'Plan again once its writer is done, or migrate from an HDFS snapshot.',
  });
}

async function isReachable({ source, signal }: Reader): Promise<boolean> {
  try {
    return (await source.findEntry(hdfsPath('/'), signal)) !== undefined;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
