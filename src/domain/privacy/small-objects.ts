import { rulingOnTableEntry } from '../hidden-name.ts';
import { TEXT_CODECS } from '../rules/text-codec.ts';
import type { TargetTable } from '../target-table.ts';

/** Largest object that a generated function takes, as it lies there (`LARGEST_BYTES` of lakelift_small_files.py). */
export const LARGEST_SMALL_OBJECT_BYTES = 64 * 1024 * 1024;

/** What generated functions read lines of (`_READERS` of lakelift_rows.py): the last part of a SerDe's name. */
export const SMALL_FILE_SERDES: readonly string[] = ['LazySimpleSerDe', 'OpenCSVSerde', 'JsonSerDe'];

const TEXT_INPUT = 'org.apache.hadoop.mapred.TextInputFormat';

/** Why the objects of a dataset stay out of what its function is given. */
export type LeftOut =
  /** By its name, as engines and builds do, or by the plan. */
  | 'hidden'
  /** Beside the folders that the table's partition keys make below its own. */
  | 'elsewhere'
  /** No text that a function reads. */
  | 'format'
  /** The last run has not proven it, or something was found against it since. */
  | 'not-proven'
  /** Its table or partition does not stand in the catalog: no build reads it. */
  | 'not-registered'
  /** Brought by a run before the one that was asked for. */
  | 'earlier-run'
  /** As that, and replaced by a later run: a build has rows of what stood there. */
  | 'replaced'
  /** Not there any more, or written by somebody else since it was proven. */
  | 'changed'
  | 'too-large';

/** Nothing is amiss with these. */
const EXPECTED: ReadonlySet<LeftOut> = new Set(['hidden', 'earlier-run']);

export function isExpected(why: LeftOut): boolean {
  return EXPECTED.has(why);
}

/** A function never takes these: only a job, or a build, reads them. */
const ONLY_WHOLE: readonly LeftOut[] = ['elsewhere', 'format', 'too-large'];

/** Why a job makes a dataset whole. */
export type ByJob =
  | 'not-named'
  | 'nothing'
  /** Another dataset is made of its own table, which no function fills. */
  | 'below'
  /** A function would leave some of its objects out. */
  | 'unreadable';

/** What makes a dataset in an execution; undefined stands for nothing: it stays as it is. */
export type SmallFilesWay = 'functions' | { readonly byJob: ByJob } | undefined;

export interface SmallFilesState {
  /** Its own table stands. */
  readonly isBuilt: boolean;
  /** The table that its function writes stands. */
  readonly hasSmallFiles: boolean;
  /** Another dataset is made of it. */
  readonly isBelow: boolean;
  readonly isNamed: boolean;
  readonly objects: number;
  readonly leftOut: Readonly<Partial<Record<LeftOut, number>>>;
}

/** Once rows stand in either of its tables, no job makes a dataset: objects that a function has taken, or takes, would be in both. */
export function smallFilesWay(state: SmallFilesState): SmallFilesWay {
  const { isBuilt, hasSmallFiles, isBelow, isNamed, objects, leftOut } = state;
  if (isBuilt || hasSmallFiles) return isNamed && objects > 0 ? 'functions' : undefined;
  if (!isNamed) return { byJob: 'not-named' };
  if (objects === 0) return { byJob: 'nothing' };
  if (isBelow) return { byJob: 'below' };
  return ONLY_WHOLE.some((why) => leftOut[why] !== undefined) ? { byJob: 'unreadable' } : 'functions';
}

/** Where the objects of a source lie: `s3://bucket/prefix/`, and which keys make folders below. */
export interface SmallFolder {
  readonly location: string;
  /** undefined where any folders will do: of DSN files. */
  readonly partitionKeys: readonly string[] | undefined;
}

/** Of a table that stands at the target. */
export function smallFolder({ storage, partitionKeys }: TargetTable): SmallFolder | undefined {
  if (storage.location === undefined) return undefined;
  return {
    location: `${storage.location.replace(/\/+$/, '')}/`,
    partitionKeys: partitionKeys.map(({ name }) => name.toLowerCase()),
  };
}

/** Whether a function reads the table's files, but for how each is packed. */
export function isSmallFileFormat({ storage: { inputFormat, serdeLibrary } }: TargetTable): boolean {
  return inputFormat === TEXT_INPUT && SMALL_FILE_SERDES.includes(serdeLibrary?.split('.').at(-1) ?? '');
}

/** Why an object would be refused, or misread, for its name alone; the function goes by the same (`place_of` of lakelift_table_files.py and lakelift_dsn_files.py). */
export function objectionToName(
  uri: string,
  { location, partitionKeys }: SmallFolder,
): Extract<LeftOut, 'hidden' | 'elsewhere' | 'format'> | undefined {
  if (!uri.startsWith(location)) return 'elsewhere';
  const folders = uri.slice(location.length).split('/');
  if (folders.some((part) => rulingOnTableEntry(part) !== undefined)) return 'hidden';
  // DSN files are told by their first bytes.
  if (partitionKeys === undefined) return undefined;
  const name = folders.pop()!;
  const isPlaced =
    folders.length === partitionKeys.length &&
    folders.every((folder, at) => folder.split('=')[0]!.toLowerCase() === partitionKeys[at]);
  if (!isPlaced) return 'elsewhere';
  const codec = TEXT_CODECS.find(({ suffix }) => name.endsWith(suffix));
  return codec === undefined || codec.suffix === '.gz' ? undefined : 'format';
}
