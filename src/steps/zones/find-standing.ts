import { s3Key } from '../../domain/names.ts';
import { K_PARAMETER } from '../../domain/privacy/anonymity-parameters.ts';
import { standingDigests } from '../../domain/privacy/dataset-digest.ts';
import { datasetFolder } from '../../domain/privacy/dataset-folder.ts';
import type { EarlierBuild, FoundDataset, FoundFile, FoundTable } from '../../domain/privacy/describe-standing.ts';
import { FIGURES_PARAMETER } from '../../domain/privacy/job-figures.ts';
import { SHA256 } from '../../domain/object-metadata.ts';
import { findTableBeside, folderBeside, tableBeside } from './change-small-files.ts';
import { ENDING, mayHoldRows } from './empty-small-files.ts';
import { DATASET_MARK, isHidden, isRegisteredHere, type DatasetPlace } from './publish-dataset.ts';
import type { Audit } from './read-audit.ts';
import { PSEUDONYMS_PARAMETER } from './register-dataset.ts';

export interface StandingPlace extends DatasetPlace {
  readonly audit: Audit;
  /** What is known of the build of this dataset whose files have one of these SHA-256; undefined where there is none. */
  readonly findBuild: (digests: readonly string[]) => EarlierBuild | undefined;
}

/** Everything that is to be found of a dataset where it belongs. Writes nowhere, and reads no row. */
export async function findStanding(place: StandingPlace): Promise<FoundDataset> {
  const { dataset, audit } = place;
  const table = await findOwnTable(place);
  const files = typeof table === 'string' ? [] : await findFiles(place);
  return {
    table,
    files,
    earlier: findEarlier(place, table, files),
    lastExecution: audit.outcomes.get(dataset.name),
    smallFiles: {
      table: `${dataset.target.database}.${tableBeside(place)}`,
      pseudonyms: (await findTableBeside(place, place))?.table.parameters[PSEUDONYMS_PARAMETER],
      objects: await findObjects(place),
      calls: audit.calls.get(dataset.name) ?? [],
    },
  };
}

async function findOwnTable(place: StandingPlace): Promise<FoundDataset['table']> {
  const { dataset, catalog, signal } = place;
  const { database, table: name } = dataset.target;
  const found = await catalog.findTable({ database, name }, signal);
  if (found === undefined) return 'absent';
  if (!(await isRegisteredHere(place))) return 'foreign';
  const { storage, partitionKeys, parameters } = found.table;
  const k = Number(parameters[K_PARAMETER]);
  return {
    columns: [...storage.columns, ...partitionKeys].map((column) => column.name),
    pseudonyms: parameters[PSEUDONYMS_PARAMETER],
    figures: parameters[FIGURES_PARAMETER],
    k: Number.isSafeInteger(k) ? k : undefined,
  } satisfies FoundTable;
}

type StandingFile = Omit<FoundFile, 'sha256'> & {
  readonly sha256: string | undefined;
};

async function findFiles({ dataset, zone, store, signal }: StandingPlace): Promise<StandingFile[]> {
  const folder = datasetFolder(zone.prefix, dataset.target);
  const files: StandingFile[] = [];
  for await (const { key, modifiedAtMs } of store.listObjects(zone.bucket, folder, signal)) {
    const name = key.slice(folder.length);
    const found = isHidden(name) ? undefined : await store.findObject({ bucket: zone.bucket, key: s3Key(key) }, signal);
    if (found === undefined) continue;
    const { metadata } = found;
    files.push({ name, modifiedAtMs, isMarked: metadata[DATASET_MARK] !== undefined, sha256: metadata[SHA256] });
  }
  return files;
}

function findEarlier(
  { findBuild }: StandingPlace,
  table: FoundDataset['table'],
  files: readonly StandingFile[],
): EarlierBuild | undefined {
  if (typeof table === 'string' || !files.every(({ isMarked }) => isMarked)) return undefined;
  const named = files.flatMap(({ name, sha256 }) => (sha256 === undefined ? [] : [{ name, sha256 }]));
  return named.length === files.length ? findBuild(standingDigests(named)) : undefined;
}

async function findObjects(place: StandingPlace): Promise<ReadonlyMap<string, number | undefined>> {
  const { zone, store, signal } = place;
  const folder = folderBeside(place);
  const objects = new Map<string, number | undefined>();
  for await (const object of store.listObjects(zone.bucket, folder, signal)) {
    const name = object.key.slice(folder.length);
    if (mayHoldRows(object))
      objects.set(name.endsWith(ENDING) ? name.slice(0, -ENDING.length) : name, object.modifiedAtMs);
  }
  return objects;
}
