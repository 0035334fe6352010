import type { Dataset } from '../../domain/privacy/dataset.ts';
import type { PublishedCopy } from '../../domain/privacy/erasure.ts';
import { servedFrom, servingTablesOf } from '../../domain/serving/serving-place.ts';
import type { ZoneTarget } from '../plan/plan-context.ts';
import type { ErasureRecords } from './erasure-records.ts';

export interface CopySearch {
  readonly datasets: readonly Dataset[];
  readonly place: (dataset: Dataset) => { readonly zone: ZoneTarget };
  readonly records: Pick<ErasureRecords, 'useCase' | 'store' | 'signal'>;
}

/**
 * What `serve` has published of a use case: whatever stands there, also of one that is served no more. Tables of DynamoDB cannot be asked here: they are named where there may be some.
 */
export async function findServedCopies(search: CopySearch): Promise<PublishedCopy[]> {
  const serving = await servingFiles(search);
  const mayHaveTables = serving.length > 0 || search.datasets.some((dataset) => dataset.serving !== undefined);
  const location = `${servingTablesOf(search.records.useCase)}*`;
  const tables: PublishedCopy[] = mayHaveTables ? [{ kind: 'serving-tables', location }] : [];
  return [...serving, ...tables];
}

async function servingFiles({ datasets, place, records }: CopySearch): Promise<PublishedCopy[]> {
  const zones = new Map(datasets.map((dataset) => [dataset.target.zone, place(dataset).zone]));
  const found: PublishedCopy[] = [];
  for (const zone of zones.values()) {
    const standing = await standingBelow(records, zone, `${servedFrom(records.useCase, zone).files}/`);
    if (standing.objects > 0) found.push({ kind: 'serving-files', ...standing });
  }
  return found;
}

/** Objects without a byte hold nobody. */
async function standingBelow({ store, signal }: CopySearch['records'], { bucket }: ZoneTarget, prefix: string) {
  let objects = 0;
  for await (const { sizeBytes } of store.listObjects(bucket, prefix, signal)) if (sizeBytes > 0) objects += 1;
  return { location: `s3://${bucket}/${prefix}`, objects };
}
