import { LakeliftError } from '../../errors.ts';

/** A Parquet file is left as it is. `what` it has that stands in the way, as "is encrypted" or "has 3 levels too many". */
export function notRewritten(what: string, cause?: unknown): LakeliftError {
  return new LakeliftError(`Rows cannot be taken out of a Parquet file that ${what}`, {
    kind: 'unsupported',
    code: 'PARQUET_NOT_REWRITTEN',
    hint: 'The file was left as it is. Take the rows out at the source with the engine that wrote it, and migrate the file again.',
    cause,
  });
}
