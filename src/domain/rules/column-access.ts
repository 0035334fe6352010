import type { TableMapping } from '../mapping.ts';
import type { Reason } from '../plan.ts';
import type { Column } from '../table.ts';
import type { TargetTable } from '../target-table.ts';
import { whichOf, type SampledMarks } from '../writer-marks/sampled-file.ts';
import type { Classification } from './storage-format.ts';

/** SerDe parameters by which Athena is told how it finds the columns of a table in its files ("Understand index access for Apache ORC and Apache Parquet"). */
const ORC_BY_PLACE = 'orc.column.index.access';
const PARQUET_BY_PLACE = 'parquet.column.index.access';

/** How a table says at the source, and the mapping says for the target, that its columns are found. */
interface AccessOrigin {
  /** Of the table; Hive heeds them like those of the SerDe. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly orc?: TableMapping['orc'];
}

interface AccessRuling {
  readonly parameters: Readonly<Record<string, string>>;
  readonly notes: readonly Reason[];
}

/** Parameters of the SerDe with what Athena must be told: it finds columns of ORC by their place and of Parquet by their name unless told. */
export function withColumnAccess(
  own: Readonly<Record<string, string>>,
  classification: Classification | undefined,
  { parameters, orc }: AccessOrigin,
): AccessRuling {
  if (classification === 'orc') {
    // Hive does not know it, so that it may say anything.
    const kept = Object.fromEntries(Object.entries(own).filter(([name]) => name !== ORC_BY_PLACE));
    if (orc !== 'by-name') return { parameters: kept, notes: [] };
    return { parameters: { ...kept, [ORC_BY_PLACE]: 'false' }, notes: [ORC_BY_NAME] };
  }
  const isByPlace = { ...own, ...parameters }[PARQUET_BY_PLACE]?.toLowerCase() === 'true';
  if (classification !== 'parquet' || !isByPlace) return { parameters: own, notes: [] };
  return { parameters: { ...own, [PARQUET_BY_PLACE]: 'true' }, notes: [PARQUET_IS_BY_PLACE] };
}

const ORC_BY_NAME: Reason = {
  code: 'COLUMNS_BY_NAME',
  text: `Athena finds its columns in the files by their names (${ORC_BY_PLACE}=false), as Apache Hive 2.1 to 3 does unless told otherwise; Trino does only where hive.orc.use-column-names is set`,
};

const PARQUET_IS_BY_PLACE: Reason = {
  code: 'COLUMNS_BY_PLACE',
  text: `Athena finds its columns in the files by their places, as Hive is told to (${PARQUET_BY_PLACE}=true); Trino does only where hive.parquet.use-column-names is off`,
};

/** Whether Athena matches the columns of a partition, and of its files, with the table's by their names. */
export function isReadByName({ parameters, storage }: TargetTable): boolean {
  const { classification } = parameters;
  if (classification === 'orc') return storage.serdeParameters[ORC_BY_PLACE] === 'false';
  return classification === 'parquet' && storage.serdeParameters[PARQUET_BY_PLACE] !== 'true';
}

interface ColumnsRuling {
  readonly notes: readonly Reason[];
  /** Values at the target would be those of other columns than at the source. */
  readonly problem?: Reason | undefined;
}

/** What Hive called columns before it wrote their names (HIVE-4243). */
const NUMBERED = /^_col\d+$/;

/**
 * Whether columns of ORC have other names in the files than the table gives to their places: renamed, dropped or put in another order since, or
 * written by another engine. Apache Hive 2.1 to 3 finds them by name, Hive 4 by place (Cloudera's 3.1.3000 carries changes of later ones, and was not tried), as `orc.force.positional.evolution` says where somebody set it, and each by place where no column has one
 * (`SchemaEvolution` of ORC); Athena by place, unless told.
 */
export function orcColumns(
  columns: readonly Column[],
  files: readonly SampledMarks[],
  answer: TableMapping['orc'],
): ColumnsRuling {
  const numbered = files.filter(({ columnNames = [] }) => columnNames.length > 0 && columnNames.every(isNumbered));
  if (answer === 'by-name' && numbered.length > 0) return { notes: [], problem: withoutNames(numbered, files) };
  const concerned = files.filter((file) => movedColumns(columns, file).length > 0);
  if (concerned.length === 0) return { notes: [] };
  const moved = [...new Set(concerned.flatMap((file) => movedColumns(columns, file)))];
  const reason = otherPlaces(moved, whichOf(concerned, files.length), numbered.length === 0);
  return answer === undefined ? { notes: [], problem: reason } : { notes: [reason] };
}

const isNumbered = (name: string): boolean => NUMBERED.test(name);

/** Columns that come from one column of the file by their name and from another, or none, by their place. */
function movedColumns(columns: readonly Column[], { columnNames = [] }: SampledMarks): string[] {
  if (columnNames.every(isNumbered)) return [];
  const names = columnNames.map((name) => name.toLowerCase());
  const isMoved = ({ name }: Column, place: number): boolean =>
    names[place] !== (names.includes(name) ? name : undefined);
  return columns.filter(isMoved).map(({ name }) => name);
}

function otherPlaces(columns: readonly string[], which: string, areAllNamed: boolean): Reason {
  const text = `its ORC files have other names in the places of some columns, which Apache Hive 2.1 to 3 finds by name, Hive 4 and Athena by place (${which}): ${columns.join(', ')}`;
  const byName = areAllNamed ? 'by name (as Apache Hive 2.1 to 3 does), say "orc: by-name" for the table; where ' : '';
  const hint = `Look at these columns in Hive: its version alone does not tell, since SET orc.force.positional.evolution may show that somebody set it, and Cloudera's Hive carries changes of later versions. Where it finds them ${byName}by place (as Apache Hive does before 2.1 and from 4 on), say "orc: by-place". "storage: convert" with the zone cleaned keeps what Hive shows in any case.`;
  return { code: 'ORC_COLUMNS', text, hint };
}

function withoutNames(concerned: readonly SampledMarks[], files: readonly SampledMarks[]): Reason {
  const text = `the mapping says "orc: by-name", and files hold no names of columns, so that Athena would fail on them (${whichOf(concerned, files.length)})`;
  const hint = 'Set "storage: convert" with the zone cleaned, or write the table again on the cluster.';
  return { code: 'ORC_COLUMNS', text, hint };
}
