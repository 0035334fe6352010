import type { UseCaseId } from '../../domain/names.ts';
import { s3Key } from '../../domain/names.ts';
import { partitionName } from '../../domain/partition-name.ts';
import { datasetFolder } from '../../domain/privacy/dataset-folder.ts';
import type { Dataset } from '../../domain/privacy/dataset.ts';
import type { PseudonymScheme } from '../../domain/privacy/pseudonym.ts';
import { LakeliftError } from '../../errors.ts';
import type { TargetCatalog } from '../../ports/target-catalog.ts';
import type { StoredObject, TargetObjectStore } from '../../ports/target-object-store.ts';
import type { ZoneTarget } from '../plan/plan-context.ts';
import { putChanged } from '../put-changed.ts';
import type { WrittenDataset } from './write-dataset.ts';
import { registerDataset } from './register-dataset.ts';

export interface PublishRequest {
  readonly useCase: UseCaseId;
  readonly dataset: Dataset;
  readonly built: WrittenDataset;
  readonly scheme: PseudonymScheme | undefined;
  readonly zone: ZoneTarget;
  readonly store: TargetObjectStore;
  readonly catalog: TargetCatalog;
  readonly signal: AbortSignal;
}

export type PublishOutcome = 'created' | 'updated' | 'unchanged';

const DATASET_MARK = 'lakelift-dataset';

/**
 * Puts a dataset into its zone and its catalog, data before metadata. The same dataset again changes nothing. Files of an earlier build that have no rows any
 * more are emptied. An object or a table there that is not ours is left alone: `conflict`, before anything is written.
 */
export async function publishDataset(request: PublishRequest): Promise<PublishOutcome> {
  const outcomes = new Set(await putFiles(request));
  outcomes.add(await registerDataset(request, folderOf(request)));
  if (outcomes.size === 1) return [...outcomes][0]!;
  return outcomes.has('unchanged') || outcomes.has('updated') ? 'updated' : 'created';
}

async function putFiles(request: PublishRequest): Promise<PublishOutcome[]> {
  const { built, store, signal } = request;
  const standing = await findStanding(request);
  const wanted = wantedFiles(request);
  const emptied = [...standing.keys()].filter((key) => !wanted.has(key)).map((key) => [key, built.emptyFile] as const);
  const outcomes: PublishOutcome[] = [];
  for (const [key, body] of [...wanted, ...emptied]) {
    const address = { bucket: request.zone.bucket, key: s3Key(key) };
    const mark = { [DATASET_MARK]: markOf(request) };
    outcomes.push(await putChanged(store, { address, body, mark, standing: standing.get(key) }, signal));
  }
  return outcomes;
}

function wantedFiles(request: PublishRequest): Map<string, Uint8Array> {
  const { partitionKeys, files } = request.built;
  return new Map(
    files.map(({ values, body }) => {
      const folder = values.length === 0 ? '' : `${partitionName(partitionKeys, values)}/`;
      return [`${folderOf(request)}${folder}part-00000.parquet`, body];
    }),
  );
}

/** What stands in the folder of the table, all of it this dataset's. */
async function findStanding(request: PublishRequest): Promise<Map<string, StoredObject>> {
  const { store, zone, signal } = request;
  const standing = new Map<string, StoredObject>();
  for await (const { key } of store.listObjects(zone.bucket, folderOf(request), signal)) {
    const found = await store.findObject({ bucket: zone.bucket, key: s3Key(key) }, signal);
    if (found === undefined) continue;
    if (found.metadata[DATASET_MARK] !== markOf(request)) throw foreign(`s3://${zone.bucket}/${key}`);
    standing.set(key, found);
  }
  return standing;
}

function markOf({ useCase, dataset }: PublishRequest): string {
  return `${useCase}/${dataset.name}`;
}

function folderOf({ dataset: { target }, zone: { prefix } }: PublishRequest): string {
  return datasetFolder(prefix, target);
}

function foreign(subject: string): LakeliftError {
  return new LakeliftError(`${subject} stands there and is not of this dataset`, {
    kind: 'conflict',
    code: 'DATASET_FOREIGN',
    subject,
    hint: 'Choose another target for the dataset, or move what stands there away.',
  });
}
