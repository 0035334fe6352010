import type { ObjectSum } from '../object-metadata.ts';

/** Where raw holds the person, table by table, and in which DSN files of a folder. */
export interface RawFinding {
  /** `rh.salaries`; of one that the mapping has no more, as the catalog calls it, `raw_rh.salaries`; of DSN files `dsn_rh`; of what builds have set aside, its folder. */
  readonly table: string;
  /** Rows, or records of DSN files, that name them; undefined where they could not be looked for. */
  readonly rows?: number | undefined;
  /** Objects that hold these rows. */
  readonly objects: readonly RawObject[];
  /** Why they could not be looked for: a code. */
  readonly reason?: string | undefined;
}

/** An object of raw that holds the person. */
export interface RawObject {
  /** `s3://bucket/key` */
  readonly location: string;
  readonly rows: number;
  /** Where raw is erased from as well: its bytes before, and without these rows. */
  readonly replaced?: { readonly before: ObjectSum; readonly after: ObjectSum } | undefined;
  /** Why its rows could not go, or its name, which is made of what the person is known by: a code. */
  readonly reason?: string | undefined;
}

/** Figures of a dataset that a person was looked for in. */
export interface ErasedFigures {
  readonly name: string;
  readonly table: string;
  readonly rowsBefore: number;
  readonly rowsAfter: number;
  readonly rowsErased: number;
  /** Columns of people in clear, which pseudonyms cannot be looked for in. */
  readonly notSearched: readonly string[];
  readonly k?: number | undefined;
  /** Of the columns that it is anonymous over, once they are gone; undefined where none are named. */
  readonly smallestClass?: number | undefined;
}

/** What a person was looked for in that applications are served from: the files of one version of the items, or a table of DynamoDB. */
export interface ServedFigures {
  readonly kind: 'serving-files' | 'serving-table';
  /** `s3://bucket/…/items/<version>/`; of a table its name. */
  readonly location: string;
  /** undefined where a table could not be read to its end. */
  readonly itemsBefore?: number | undefined;
  readonly itemsAfter?: number | undefined;
  readonly itemsErased: number;
}

/**
 * What is published beside the datasets and could not be looked into, erased from or rotated: of small files what is not as their function writes it. Its owner has to
 * do it.
 */
export interface PublishedCopy {
  /** Objects that stand where functions write; files that DynamoDB imports items from; the tables of DynamoDB that have them. */
  readonly kind: 'small-files' | 'serving-files' | 'serving-tables';
  /** Of the catalog, where it has one: `cleaned_rh.salaries_small_files`. */
  readonly table?: string | undefined;
  /** `s3://bucket/prefix/`; of a table of DynamoDB its name, or where they could not be listed what they are called, `lakelift-field-sales-serving-*`. */
  readonly location: string;
  /** How many of those that stand there; undefined of tables of DynamoDB. */
  readonly objects?: number | undefined;
  /** Of tables of DynamoDB, why: the code of an error, `NO_DYNAMODB` where none is configured, `OTHER_PSEUDONYMS`, or their status, such as `CREATING`. */
  readonly reason?: string | undefined;
}

/**
 * What an erasure leaves to its owner: the same, and tables of datasets that are declared no more. Of these `reason` is the code of the error that kept the person from
 * being looked for, `DATASET_ELSEWHERE` where it stands in no zone of the project, `NO_PSEUDONYMS` where it has none, or `OTHER_PSEUDONYMS`. Where the tables of a database
 * could not be listed, `location` is `cleaned_rh.*`.
 */
export interface LeftOfErasure extends Omit<PublishedCopy, 'kind'> {
  readonly kind: PublishedCopy['kind'] | 'undeclared-table';
}

/** As people are told of it: `cleaned_rh.salaries_small_files (s3://…/)`. */
export function placeOfCopy({ table, location }: Pick<PublishedCopy, 'table' | 'location'>): string {
  return table === undefined ? location : `${table} (${location})`;
}

export const ERASURE_SCHEMA = 'lakelift/erasure/1';

/** To be signed off: counts and places alone, no identifier and no pseudonym. */
export interface ErasureRecord {
  readonly schema: typeof ERASURE_SCHEMA;
  readonly useCase: string;
  readonly begunAt: string;
  /** undefined until all is written. */
  readonly endedAt?: string | undefined;
  readonly by: string;
  readonly pseudonyms: string;
  /** All is written, there is no published copy that is left to its owner, and the person could be found: see {@link isLeft}. */
  readonly isDone: boolean;
  /** Nothing was written, and why: a code. */
  readonly withdrawn?: string | undefined;
  /** While it is open, by what it is known whose erasure it is: a keyed token that stands nowhere else. It goes when the erasure ends. */
  readonly person?: string | undefined;
  /** Kinds of identifiers that the person was looked for by, and how many columns of the datasets are declared as pseudonyms of each: without any, only plain texts can hold it. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly datasets: readonly ErasedFigures[];
  /** Of all that `serve` published, where it has something to be looked into. */
  readonly served: readonly ServedFigures[];
  /** Datasets without pseudonyms that are made of those that lost rows. */
  readonly toBuildAgain: readonly string[];
  readonly raw: readonly RawFinding[];
  /** Rows go from raw as well. */
  readonly alsoRaw?: boolean | undefined;
  /** Folders of plain files, which have no columns to look into, and objects that could not be looked into, or not wholly. */
  readonly pathsNotSearched: readonly string[];
  readonly publishedNotErased: readonly LeftOfErasure[];
}

/** That nobody could be found: no column is of a kind that the person was given by, and they were in no plain text either. */
export function isNotFound({
  kinds,
  datasets,
  raw,
  alsoRaw = false,
}: Pick<ErasureRecord, 'kinds' | 'datasets' | 'raw' | 'alsoRaw'>): boolean {
  const isInRaw = alsoRaw && raw.some(({ rows = 0 }) => rows > 0);
  return (
    Object.values(kinds).every((columns) => columns === 0) &&
    datasets.every(({ rowsErased }) => rowsErased === 0) &&
    !isInRaw
  );
}

/** That something is to be done by people before the person is gone from all that is published. */
export function isLeft(
  record: Pick<ErasureRecord, 'kinds' | 'datasets' | 'publishedNotErased' | 'raw' | 'alsoRaw'>,
): boolean {
  return record.publishedNotErased.length > 0 || isNotFound(record) || leftInRaw(record).length > 0;
}

/** Where the person stays in raw, though it was to be erased from; what could not be looked into may hold them as well. */
export function leftInRaw({
  raw,
  alsoRaw = false,
}: Pick<ErasureRecord, 'raw' | 'alsoRaw'>): { readonly location: string; readonly reason: string }[] {
  if (!alsoRaw) return [];
  return raw.flatMap(({ table, reason, objects }) => [
    ...(reason === undefined || HOLDS_NOBODY.has(reason) ? [] : [{ location: table, reason }]),
    ...objects.flatMap(({ location, reason: why }) => (why === undefined ? [] : [{ location, reason: why }])),
  ]);
}

/** Codes of a table without a column that could name somebody, and of a folder without files. */
export const NO_IDENTIFIER = 'NO_IDENTIFIER_COLUMN';
export const DSN_NO_FILES = 'DSN_NO_FILES';
/** Code of an object whose name is made of what the person is known by. */
export const NAME_HOLDS_THEM = 'NAME_HOLDS_THEM';
/** Code of a table with columns of lists, maps or structs that could name somebody, which are not looked into. */
export const NESTED_IDENTIFIER = 'NESTED_IDENTIFIER';
const HOLDS_NOBODY: ReadonlySet<string> = new Set([NO_IDENTIFIER, DSN_NO_FILES]);

/** Objects that an erasure which was cut off had written already: the person is no longer found in them. */
export function rawGoneOnWith(now: RawFinding, begun: ErasureRecord | undefined): RawFinding {
  const then = begun?.raw.find(({ table }) => table === now.table)?.objects ?? [];
  const isThere = (one: RawObject): boolean =>
    now.objects.some(
      ({ location, replaced }) => location === one.location && replaced?.before.crc32c === one.replaced?.before.crc32c,
    );
  const written = then.filter((one) => one.replaced !== undefined && !isThere(one));
  if (written.length === 0) return now;
  const objects = [...now.objects, ...written];
  return { ...now, objects, rows: objects.reduce((sum, { rows }) => sum + rows, 0) };
}

/** Figures of a dataset that an erasure which was cut off had written already, or in part: what it erased is no longer there to be counted, and figures are those of then. */
export function goneOnWith(now: ErasedFigures, begun: ErasureRecord | undefined): ErasedFigures {
  const then = begun?.datasets.find(({ table }) => table === now.table);
  if (then === undefined || now.rowsErased >= then.rowsErased) return now;
  return { ...now, rowsBefore: then.rowsBefore, rowsErased: then.rowsErased };
}

/** The same of what applications are served from. */
export function servedGoneOnWith(now: ServedFigures, begun: ErasureRecord | undefined): ServedFigures {
  // Records of before know nothing of it.
  const then = begun?.served?.find(({ location }) => location === now.location);
  if (then === undefined || now.itemsErased >= then.itemsErased) return now;
  return { ...now, itemsBefore: then.itemsBefore, itemsErased: then.itemsErased };
}
