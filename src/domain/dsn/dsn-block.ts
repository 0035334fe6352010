import type { ColumnMapping, Mapping, PathMapping } from '../mapping.ts';
import { dsnTable, type DsnTable } from './dsn-table.ts';
import { BLOCKS } from './norm.ts';

/** A block of the DSN files in one folder, as datasets are made of it. */
export interface DsnBlock {
  /** `dsn_rh.arret_travail`. */
  readonly name: string;
  /** `dsn_rh`. */
  readonly as: string;
  readonly path: PathMapping;
  readonly table: DsnTable;
  /** What is known of its columns: by default, or by what people decided. */
  readonly columns: Readonly<Record<string, ColumnMapping>>;
}

type Paths = Pick<Mapping, 'paths'>;

/** undefined for what is no block of DSN files that the mapping knows. */
export function findDsnBlock({ paths }: Paths, name: string): DsnBlock | undefined {
  const [as = '', block = ''] = name.split('.');
  const path = Object.values(paths).find(({ dsn }) => dsn?.as === as);
  const table = TABLES.get(block);
  if (path?.dsn === undefined || table === undefined) return undefined;
  const decided = path.dsn.rubrics;
  const columns = table.columns.map(({ name: column, code, class: kind }) => [
    column,
    (code === undefined ? undefined : decided[code]) ?? { class: kind },
  ]);
  return { name, as, path, table, columns: Object.fromEntries(columns) as DsnBlock['columns'] };
}

/** All that datasets can be made of, by their names. */
export function dsnBlockNames({ paths }: Paths): string[] {
  const folders = Object.values(paths).flatMap(({ dsn }) => dsn?.as ?? []);
  return folders.flatMap((as) => [...TABLES.keys()].map((table) => `${as}.${table}`));
}

const TABLES: ReadonlyMap<string, DsnTable> = new Map(
  Object.keys(BLOCKS).map((block) => [BLOCKS[block]!.name, dsnTable(block)]),
);
