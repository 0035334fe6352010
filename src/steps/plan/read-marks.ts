import type { FileKind } from '../../domain/rules/storage-format.ts';
import type { SourceFile } from '../../domain/source-file.ts';
import { avroMarks } from '../../domain/writer-marks/avro-marks.ts';
import { hadoopMarks } from '../../domain/writer-marks/hadoop-marks.ts';
import { orcMarks } from '../../domain/writer-marks/orc-marks.ts';
import { parquetMarks } from '../../domain/writer-marks/parquet-marks.ts';
import type { MarksReading, WriterMarks } from '../../domain/writer-marks/writer-marks.ts';
import { isRetryable } from '../../errors.ts';
import { concernsOneObject, type PlanContext } from './plan-context.ts';

const FIRST_BYTES = 64 * 1024;
/** A footer beyond this is left unread: some gigabytes of row groups, or no footer at all. */
const MOST_BYTES = 16 * 1024 * 1024;
/** A file whose replicas are lost is not there for hours: it fails when it is copied, and is no reason to plan nothing. Were it the whole source, the next folder would tell. */
const READ_WITHIN_MS = 20_000;

interface MarkedFormat {
  readonly end: 'head' | 'tail';
  readonly read: (bytes: Uint8Array) => MarksReading;
}

const FORMATS: Readonly<Partial<Record<FileKind, MarkedFormat>>> = {
  avro: { end: 'head', read: avroMarks },
  orc: { end: 'tail', read: orcMarks },
  parquet: { end: 'tail', read: parquetMarks },
  sequence: { end: 'head', read: hadoopMarks },
  rcfile: { end: 'head', read: hadoopMarks },
};

/** What a file says of its writer; undefined for a format that says nothing and for a file that cannot be read as one of it. */
export async function readMarks(
  context: Pick<PlanContext, 'source' | 'signal'>,
  file: SourceFile,
  kind: FileKind,
): Promise<WriterMarks | undefined> {
  const format = FORMATS[kind];
  if (format === undefined) return undefined;
  for (let wantedBytes = FIRST_BYTES; wantedBytes <= MOST_BYTES;) {
    const length = Math.min(wantedBytes, file.sizeBytes);
    const bytes = await readEnd(context, file, { end: format.end, length });
    const reading = bytes === undefined ? undefined : readable(format.read, bytes);
    if (reading === undefined || !('neededBytes' in reading)) return reading;
    if (length === file.sizeBytes) return undefined;
    wantedBytes = reading.neededBytes;
  }
  return undefined;
}

/** A file that is not what its table says fails when it is queried, and says so then: it is no reason to stop the plan. */
function readable(read: (bytes: Uint8Array) => MarksReading, bytes: Uint8Array): MarksReading {
  try {
    return read(bytes);
  } catch {
    return undefined;
  }
}

async function readEnd(
  { source, signal }: Pick<PlanContext, 'source' | 'signal'>,
  file: SourceFile,
  { end, length }: { readonly end: 'head' | 'tail'; readonly length: number },
): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(length);
  const patience = AbortSignal.timeout(READ_WITHIN_MS);
  const range = { offset: end === 'head' ? 0 : file.sizeBytes - length, length };
  try {
    await source.readRange(file, range, bytes, AbortSignal.any([signal, patience]));
    return bytes;
  } catch (error) {
    signal.throwIfAborted();
    if (!patience.aborted && !isRetryable(error) && !concernsOneObject(error)) throw error;
    return undefined;
  }
}
