import { partitionName } from '../../domain/partition-name.ts';
import { anonymityParameters } from '../../domain/privacy/anonymity-parameters.ts';
import { columnSummary, effectiveTreatment } from '../../domain/privacy/plan-columns.ts';
import { schemeText } from '../../domain/privacy/pseudonym.ts';
import { PARQUET_STORAGE } from '../../domain/rules/storage-format.ts';
import type { Column } from '../../domain/table.ts';
import { STAMP, type TargetPartition, type TargetTable } from '../../domain/target-table.ts';
import { LakeliftError } from '../../errors.ts';
import type { TypedColumn } from '../../ports/dataset-engine.ts';
import type { PartitionResult } from '../../ports/target-catalog.ts';
import { makeDatabase, putTable } from '../register/put-table.ts';
import { StandingPartitions } from '../standing-partitions.ts';
import type { WrittenDataset } from './write-dataset.ts';
import type { PublishOutcome, PublishRequest, ReplaceRequest } from './publish-dataset.ts';

/** Puts the table of a dataset into the catalog, then its partitions. Partitions that have no rows any more stay: their files are empty. */
export async function registerDataset(request: PublishRequest, folder: string): Promise<PublishOutcome> {
  const { useCase, dataset, zone, built } = request;
  const table = tableOf(request, `s3://${zone.bucket}/${folder}`);
  await makeDatabase(request, useCase, dataset.target.database);
  const status = await putOwnTable(request, table);
  const changed = built.partitionKeys.length === 0 ? 0 : await registerPartitions(request, table);
  if (status === 'created') return 'created';
  return changed > 0 ? 'updated' : status;
}

/**
 * Leaves the table of a dataset as whoever built it registered it, but for parameters that say what its rows are now, and tells it where its partitions are. Throws
 * `usage` where it does not stand.
 */
export async function keepRegistered(request: ReplaceRequest, folder: string): Promise<PublishOutcome> {
  const { dataset, zone, built, parameters, catalog, signal } = request;
  const found = await catalog.findTable({ database: dataset.target.database, name: dataset.target.table }, signal);
  if (found === undefined) throw gone(request);
  const table = { ...found.table, parameters: { ...found.table.parameters, ...parameters } };
  const status = parameters === undefined ? 'unchanged' : await putOwnTable(request, table);
  if (built.partitionKeys.length === 0) return status;
  const storage = { ...table.storage, location: `s3://${zone.bucket}/${folder}` };
  return (await registerPartitions(request, { ...table, storage })) > 0 ? 'updated' : status;
}

async function putOwnTable(request: PublishRequest, table: TargetTable): Promise<PublishOutcome> {
  const { status, errorCode, message, hint } = await putTable(request, table);
  if (status === 'registered') return 'created';
  if (status === 'updated' || status === 'unchanged') return status;
  throw new LakeliftError(message ?? status, { kind: 'conflict', code: errorCode ?? 'DATASET_FOREIGN', hint });
}

function gone({ dataset: { name, target } }: PublishRequest): LakeliftError {
  return new LakeliftError(`${name} has no table ${target.database}.${target.table} any more`, {
    kind: 'usage',
    code: 'DATASET_GONE',
    subject: name,
    hint: 'Build it again.',
  });
}

async function registerPartitions({ built, catalog, signal }: PublishRequest, table: TargetTable): Promise<number> {
  const standing = await StandingPartitions.read(catalog, table, { signal });
  const wanted = built.files.map(({ values }) => partitionOf(table, values));
  const compared = wanted.map((partition) => ({
    partition,
    kind: standing.compare(partitionName(table.partitionKeys, partition.values), partition).kind,
  }));
  const those = (kind: string) => compared.filter((one) => one.kind === kind).map(({ partition }) => partition);
  const [created, updated] = [those('create'), those('update')];
  if (created.length > 0) refuseFailed(table, await catalog.createPartitions(table, created, signal));
  if (updated.length > 0) refuseFailed(table, await catalog.updatePartitions(table, updated, signal));
  return created.length + updated.length;
}

function partitionOf(table: TargetTable, values: readonly string[]): TargetPartition {
  const location = `${table.storage.location}${partitionName(table.partitionKeys, values)}/`;
  return { values, storage: { ...table.storage, location }, parameters: {} };
}

function refuseFailed({ database, name }: TargetTable, results: readonly PartitionResult[]): void {
  const failed = results.filter(({ error }) => error !== undefined);
  if (failed.length === 0) return;
  const [{ error }] = failed as [PartitionResult];
  throw new LakeliftError(`${failed.length} partitions of ${database}.${name} were refused: ${error!.message}`, {
    kind: 'unavailable',
    code: error!.code,
    subject: `${database}.${name}`,
    hint: 'Build again: what stands is recognised.',
  });
}

/** Scheme and version of pseudonyms travel with the data: whoever joins two tables sees whether they can be. */
export const PSEUDONYMS_PARAMETER = 'lakelift.pseudonyms';

/** What the table of a dataset says that it holds; its job says the same. */
export function sourceOf({ useCase, dataset }: Pick<PublishRequest, 'useCase' | 'dataset'>): string {
  return `dataset ${useCase}/${dataset.name}`;
}

function tableOf({ useCase, dataset, built, scheme }: PublishRequest, location: string): TargetTable {
  const isPseudonymised = built.columns.some((column) => effectiveTreatment(column).kind === 'pseudonymise');
  return {
    database: dataset.target.database,
    name: dataset.target.table,
    type: 'EXTERNAL_TABLE',
    description: undefined,
    owner: undefined,
    partitionKeys: described(built.partitionKeys, built),
    storage: {
      columns: described(built.types, built),
      location,
      inputFormat: PARQUET_STORAGE.inputFormat,
      outputFormat: PARQUET_STORAGE.outputFormat,
      serdeLibrary: PARQUET_STORAGE.serdeLibrary,
      serdeParameters: {},
      isCompressed: false,
      bucketCount: 0,
      bucketColumns: [],
      sortColumns: [],
    },
    parameters: {
      EXTERNAL: 'TRUE',
      classification: 'parquet',
      [STAMP.useCase]: useCase,
      [STAMP.source]: sourceOf({ useCase, dataset }),
      ...(isPseudonymised && scheme !== undefined ? { [PSEUDONYMS_PARAMETER]: schemeText(scheme) } : {}),
      ...(dataset.anonymity && anonymityParameters(dataset.anonymity)),
    },
  };
}

/** Of a column, as {@link registerDataset} comments on it. */
export const KEPT_IN_CLEAR = 'identifier, keep';

function described(columns: readonly TypedColumn[], { columns: planned }: WrittenDataset): Column[] {
  const byName = new Map(planned.map((column) => [column.name, column]));
  return columns.map(({ name, type }) => {
    return { name, type, comment: columnSummary(byName.get(name)!) };
  });
}
