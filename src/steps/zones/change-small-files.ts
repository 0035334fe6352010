import { gunzipSync, gzipSync } from 'node:zlib';
import { s3Key } from '../../domain/names.ts';
import { datasetFolder, SMALL_FILES } from '../../domain/privacy/dataset-folder.ts';
import type { PublishedCopy } from '../../domain/privacy/erasure.ts';
import { pseudonymsOfLine } from '../../domain/privacy/json-line.ts';
import { versionOfPseudonym } from '../../domain/privacy/pseudonym.ts';
import type { CatalogedTable, TargetCatalog } from '../../ports/target-catalog.ts';
import type { StoredObject } from '../../ports/target-object-store.ts';
import { putChanged } from '../put-changed.ts';
import { DATASET_MARK, markOf, type DatasetPlace } from './publish-dataset.ts';

export interface SmallFilesChange {
  /** Versions of pseudonyms that it knows of. */
  readonly versions: readonly number[];
  /** A row as it is to be; undefined where it is to go. */
  readonly change: (line: string) => string | undefined;
  /** Else nothing is written. */
  readonly isConfirmed: boolean;
}

/** What functions wrote beside a dataset, and what became of it. */
export interface ChangedSmallFiles {
  /** `salaries_small_files`. */
  readonly name: string;
  readonly rowsBefore: number;
  readonly rowsAfter: number;
  /** Rows that changed or went. */
  readonly rowsChanged: number;
  /** Columns that hold pseudonyms. */
  readonly columns: readonly string[];
  /** Objects with rows and without any pseudonym. */
  readonly withoutPseudonyms: number;
  /** Objects that were left as they are: not of the function, not readable, or with pseudonyms of another version. */
  readonly left: number;
}

/**
 * Changes rows in the objects that a dataset's function wrote, each for as long as nobody else writes it: `conflict`, and what was written until then stays, to be
 * passed over when it is run again. An object that has no row any more stays, empty, until its source is taken again. undefined where nothing stands.
 */
export async function changeSmallFiles(
  place: DatasetPlace,
  request: SmallFilesChange,
): Promise<ChangedSmallFiles | undefined> {
  const { store, zone, signal } = place;
  const figures = { rowsBefore: 0, rowsAfter: 0, rowsChanged: 0, withoutPseudonyms: 0, left: 0 };
  const columns = new Set<string>();
  let objects = 0;
  for await (const { key, sizeBytes } of store.listObjects(zone.bucket, folderOf(place), signal)) {
    // Objects without a byte hold nobody.
    if (sizeBytes === 0) continue;
    objects += 1;
    const address = { bucket: zone.bucket, key: s3Key(key) };
    const standing = await store.findObject(address, signal);
    // Somebody has removed it since it was listed.
    if (standing === undefined) continue;
    const lines = await linesOf(place, address, standing);
    const pseudonyms = lines?.flatMap(pseudonymsOfLine) ?? [];
    const isKnown = pseudonyms.every(({ value }) => request.versions.includes(versionOfPseudonym(value)));
    if (lines === undefined || !isKnown) {
      figures.left += 1;
      continue;
    }
    for (const { column } of pseudonyms) columns.add(column);
    if (lines.length > 0 && pseudonyms.length === 0) figures.withoutPseudonyms += 1;
    const changed = lines.map(request.change);
    const rows = changed.filter((line) => line !== undefined);
    const rowsChanged = changed.filter((line, at) => line !== lines[at]).length;
    figures.rowsBefore += lines.length;
    figures.rowsAfter += rows.length;
    figures.rowsChanged += rowsChanged;
    if (rowsChanged === 0 || !request.isConfirmed) continue;
    // As the function orders them: nobody learns by it who stood beside whom.
    const body = gzipSync(
      rows
        .toSorted()
        .map((line) => `${line}\n`)
        .join(''),
    );
    await putChanged(store, { address, body, mark: { [DATASET_MARK]: markOf(place) }, standing }, signal);
  }
  return objects === 0 ? undefined : { name: tableOf(place), ...figures, columns: [...columns] };
}

/** As a copy that is left to its owner. */
export function leftSmallFiles(place: DatasetPlace, objects: number): PublishedCopy[] {
  const { dataset, zone } = place;
  const table = `${dataset.target.database}.${tableOf(place)}`;
  return objects === 0
    ? []
    : [{ kind: 'small-files', table, location: `s3://${zone.bucket}/${folderOf(place)}`, objects }];
}

/** undefined of what the function did not write, or not so. */
async function linesOf(
  place: DatasetPlace,
  address: Parameters<DatasetPlace['store']['readObject']>[0],
  { metadata }: StoredObject,
): Promise<string[] | undefined> {
  if (metadata[DATASET_MARK] !== markOf(place)) return undefined;
  const content = Buffer.concat(await Array.fromAsync(await place.store.readObject(address, place.signal)));
  try {
    const lines = gunzipSync(content)
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '');
    for (const line of lines) JSON.parse(line);
    return lines;
  } catch {
    return undefined;
  }
}

/** The table that functions wrote beside a dataset. */
export function findTableBeside(
  place: Pick<DatasetPlace, 'dataset'>,
  { catalog, signal }: { readonly catalog: Pick<TargetCatalog, 'findTable'>; readonly signal: AbortSignal },
): Promise<CatalogedTable | undefined> {
  return catalog.findTable({ database: place.dataset.target.database, name: tableOf(place) }, signal);
}

function tableOf({ dataset }: Pick<DatasetPlace, 'dataset'>): string {
  return `${dataset.target.table}${SMALL_FILES}`;
}

function folderOf(place: DatasetPlace): string {
  const { database } = place.dataset.target;
  return datasetFolder(place.zone.prefix, { database, table: tableOf(place) });
}
