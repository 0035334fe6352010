import type { KeySchemaElement, PartitionIndexDescriptor } from '@aws-sdk/client-glue';
import { LakeliftError } from '../../errors.ts';
import type { TableRef } from '../../ports/target-catalog.ts';

/** Under which lakelift makes an index over these keys. */
export function indexNameOf(keys: readonly string[]): string {
  return `lakelift_${keys.join('_')}`.slice(0, 255);
}

export function isOver(found: readonly KeySchemaElement[] | undefined, keys: readonly string[]): boolean {
  return JSON.stringify(found?.map(({ Name }) => Name)) === JSON.stringify(keys);
}

/** Glue fills an index after the call that makes it, and says of one that it could not fill only that it has failed, and why (`BackfillError`). */
export function failedIndex(
  { database, name }: TableRef,
  { IndexName = '', BackfillErrors = [] }: PartitionIndexDescriptor,
): LakeliftError {
  const reasons = BackfillErrors.map(({ Code = '', Partitions = [] }) => {
    const [first] = Partitions;
    return first === undefined ? Code : `${Code}, such as of the partition "${(first.Values ?? []).join('/')}"`;
  });
  const why = reasons.length === 0 ? '' : ` (${reasons.join('; ')})`;
  return new LakeliftError(`Glue could not fill the index ${IndexName} of ${database}.${name}${why}`, {
    kind: 'usage',
    code: 'PARTITION_INDEX_FAILED',
    subject: `${database}.${name}`,
    hint: 'It is deleted. Drop or rename such partitions, then run again: it is made anew; or take "index" out of the mapping.',
  });
}
