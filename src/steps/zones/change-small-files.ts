import { s3Key } from '../../domain/names.ts';
import { datasetFolder, SMALL_FILES } from '../../domain/privacy/dataset-folder.ts';
import type { PublishedCopy } from '../../domain/privacy/erasure.ts';
import { pseudonymsOfLine } from '../../domain/privacy/json-line.ts';
import type { ObjectAddress } from '../../domain/plan.ts';
import { unmistakableVersions, versionOfPseudonym, type PseudonymScheme } from '../../domain/privacy/pseudonym.ts';
import type { CatalogedTable, TargetCatalog } from '../../ports/target-catalog.ts';
import { changeLines } from './change-lines.ts';
import { DATASET_MARK, markOf, type DatasetPlace } from './publish-dataset.ts';
import { PSEUDONYMS_PARAMETER } from './register-dataset.ts';

export interface SmallFilesChange {
  readonly scheme: PseudonymScheme;
  /** Versions of its pseudonyms that are known. */
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
  /** Objects that were left as they are: not of the function, not readable, or with pseudonyms of another version, or of one that its table has of two schemes. */
  readonly left: number;
}

/**
 * Changes rows in the objects that a dataset's function wrote. One that a function writes meanwhile is read again; `conflict` where that goes on, and what was written
 * until then stays, to be passed over when it is run again. An object that has no row any more stays, empty, until its source is taken again. undefined where nothing
 * stands.
 */
export async function changeSmallFiles(
  place: DatasetPlace,
  request: SmallFilesChange,
): Promise<ChangedSmallFiles | undefined> {
  const { store, zone, signal } = place;
  const figures = { rowsBefore: 0, rowsAfter: 0, rowsChanged: 0, withoutPseudonyms: 0, left: 0 };
  const columns = new Set<string>();
  const table = await findTableBeside(place, place);
  const said = table?.table.parameters[PSEUDONYMS_PARAMETER];
  const known = { ...request, versions: unmistakableVersions(request.versions, request.scheme, said) };
  let objects = 0;
  for await (const { key, sizeBytes } of store.listObjects(zone.bucket, folderBeside(place), signal)) {
    // Objects without a byte hold nobody.
    if (sizeBytes === 0) continue;
    objects += 1;
    const found = await changeObject(place, known, { bucket: zone.bucket, key: s3Key(key) });
    // Somebody has removed it since it was listed.
    if (found === undefined) continue;
    if (found === 'left') {
      figures.left += 1;
      continue;
    }
    for (const column of found.columns) columns.add(column);
    if (found.rowsBefore > 0 && found.columns.length === 0) figures.withoutPseudonyms += 1;
    figures.rowsBefore += found.rowsBefore;
    figures.rowsAfter += found.rowsAfter;
    figures.rowsChanged += found.rowsChanged;
  }
  return objects === 0 ? undefined : { name: tableBeside(place), ...figures, columns: [...columns] };
}

type ChangedObject = Pick<ChangedSmallFiles, 'rowsBefore' | 'rowsAfter' | 'rowsChanged' | 'columns'>;

async function changeObject(
  place: DatasetPlace,
  { versions, change, isConfirmed }: SmallFilesChange,
  address: ObjectAddress,
): Promise<ChangedObject | 'left' | undefined> {
  const isKnown = (line: string): boolean =>
    pseudonymsOfLine(line).every(({ value }) => versions.includes(versionOfPseudonym(value)));
  const found = await changeLines(place, {
    ...{ address, isConfirmed, mark: { [DATASET_MARK]: markOf(place) } },
    change: (lines) => (lines.every(isKnown) ? lines.map(change) : undefined),
  });
  if (found === undefined || found === 'left') return found;
  const { before, after, changed } = found;
  const columns = before.flatMap(pseudonymsOfLine).map(({ column }) => column);
  return { rowsBefore: before.length, rowsAfter: after.length, rowsChanged: changed, columns };
}

/** As a copy that is left to its owner. */
export function leftSmallFiles(place: DatasetPlace, objects: number): PublishedCopy[] {
  const { dataset, zone } = place;
  const table = `${dataset.target.database}.${tableBeside(place)}`;
  return objects === 0
    ? []
    : [{ kind: 'small-files', table, location: `s3://${zone.bucket}/${folderBeside(place)}`, objects }];
}

/** The table that functions wrote beside a dataset. */
export function findTableBeside(
  place: Pick<DatasetPlace, 'dataset'>,
  { catalog, signal }: { readonly catalog: Pick<TargetCatalog, 'findTable'>; readonly signal: AbortSignal },
): Promise<CatalogedTable | undefined> {
  return catalog.findTable({ database: place.dataset.target.database, name: tableBeside(place) }, signal);
}

/** `salaries_small_files`. */
export function tableBeside({ dataset }: Pick<DatasetPlace, 'dataset'>): string {
  return `${dataset.target.table}${SMALL_FILES}`;
}

/** Where functions write beside a dataset, with the slash at its end. */
export function folderBeside(place: Pick<DatasetPlace, 'dataset' | 'zone'>): string {
  const { database } = place.dataset.target;
  return datasetFolder(place.zone.prefix, { database, table: tableBeside(place) });
}
