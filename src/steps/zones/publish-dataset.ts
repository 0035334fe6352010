import { crcOf, crcToBase64 } from '../../domain/checksum/crc.ts';
import type { UseCaseId } from '../../domain/names.ts';
import { s3Key } from '../../domain/names.ts';
import type { Dataset } from '../../domain/privacy/dataset.ts';
import type { PseudonymScheme } from '../../domain/privacy/pseudonym.ts';
import { STAMP, type TargetTable } from '../../domain/target-table.ts';
import { PARQUET_STORAGE } from '../../domain/rules/storage-format.ts';
import { LakeliftError } from '../../errors.ts';
import type { TargetCatalog } from '../../ports/target-catalog.ts';
import type { TargetObjectStore } from '../../ports/target-object-store.ts';
import type { ZoneTarget } from '../plan/plan-context.ts';
import { makeDatabase, putTable } from '../register/put-table.ts';
import type { BuiltDataset } from './build-dataset.ts';

export interface PublishRequest {
  readonly useCase: UseCaseId;
  readonly dataset: Dataset;
  readonly built: BuiltDataset;
  readonly scheme: PseudonymScheme | undefined;
  readonly zone: ZoneTarget;
  readonly store: TargetObjectStore;
  readonly catalog: TargetCatalog;
  readonly signal: AbortSignal;
}

export type PublishOutcome = 'created' | 'updated' | 'unchanged';

const DATASET_MARK = 'lakelift-dataset';
const SHA256 = 'sha256';

/**
 * Puts a dataset into its zone and its catalog, data before metadata. The same dataset again changes nothing. An object or a table there that is not ours is
 * left alone: `conflict`.
 */
export async function publishDataset(request: PublishRequest): Promise<PublishOutcome> {
  const object = await putObject(request);
  const table = await registerTable(request);
  return object === 'unchanged' ? table : object;
}

async function putObject({ useCase, dataset, built, zone, store, signal }: PublishRequest): Promise<PublishOutcome> {
  const address = { bucket: zone.bucket, key: s3Key(`${folderOf(dataset, zone)}part-00000.parquet`) };
  const standing = await store.findObject(address, signal);
  const mark = `${useCase}/${dataset.name}`;
  if (standing !== undefined && standing.metadata[DATASET_MARK] !== mark)
    throw foreign(`s3://${address.bucket}/${address.key}`);
  if (standing?.metadata[SHA256] === built.sha256 && standing.sizeBytes === built.body.length) return 'unchanged';
  const condition =
    standing === undefined ? ({ kind: 'if-absent' } as const) : ({ kind: 'if-match', etag: standing.etag } as const);
  const metadata = { [DATASET_MARK]: mark, [SHA256]: built.sha256 };
  const crc32c = crcToBase64(crcOf('CRC32C').sum(built.body));
  await store.putObject({ address, body: built.body, crc32c, metadata, condition }, signal);
  return standing === undefined ? 'created' : 'updated';
}

async function registerTable(request: PublishRequest): Promise<PublishOutcome> {
  const { useCase, dataset } = request;
  await makeDatabase(request, useCase, dataset.target.database);
  const { status, errorCode, message, hint } = await putTable(request, tableOf(request));
  switch (status) {
    case 'registered':
      return 'created';
    case 'updated':
    case 'unchanged':
      return status;
    default:
      throw new LakeliftError(message ?? status, { kind: 'conflict', code: errorCode ?? 'DATASET_FOREIGN', hint });
  }
}

/** Scheme and version of pseudonyms travel with the data: whoever joins two tables sees whether they can be. */
function tableOf({ useCase, dataset, built, scheme, zone }: PublishRequest): TargetTable {
  const isPseudonymised = built.columns.some(({ treatment }) => treatment.kind === 'pseudonymise');
  const classes = new Map(built.columns.map((column) => [column.name, column]));
  return {
    database: dataset.target.database,
    name: dataset.target.table,
    type: 'EXTERNAL_TABLE',
    description: undefined,
    owner: undefined,
    partitionKeys: [],
    storage: {
      columns: built.types.map(({ name, type }) => ({ name, type, comment: commentOf(classes.get(name)) })),
      location: `s3://${zone.bucket}/${folderOf(dataset, zone)}`,
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
      [STAMP.source]: `dataset ${useCase}/${dataset.name}`,
      ...(isPseudonymised && scheme !== undefined
        ? { 'lakelift.pseudonyms': `hmac-sha256-128 ${scheme.domain} v${scheme.version}` }
        : {}),
      ...(dataset.anonymity === undefined ? {} : { 'lakelift.k-anonymity': String(dataset.anonymity.k) }),
    },
  };
}

function commentOf(column: BuiltDataset['columns'][number] | undefined): string | undefined {
  return column && `${column.class}, ${column.treatment.kind}`;
}

function folderOf({ target: { database, table } }: Dataset, { prefix }: ZoneTarget): string {
  return `${prefix}${database}/${table}/`;
}

function foreign(subject: string): LakeliftError {
  return new LakeliftError(`${subject} stands there and is not of this dataset`, {
    kind: 'conflict',
    code: 'DATASET_FOREIGN',
    subject,
    hint: 'Choose another target for the dataset, or move what stands there away.',
  });
}
