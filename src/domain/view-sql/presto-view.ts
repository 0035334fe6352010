import { parseHiveType } from '../rules/hive-type.ts';
import type { Column } from '../table.ts';
import { trinoSpelling } from './sql-type.ts';

/** What Athena keeps of a view in `ViewOriginalText` of Glue. */
interface PrestoView {
  readonly sql: string;
  /** Glue database in which names without one are looked up. */
  readonly database: string;
  /** In the spelling of Glue. */
  readonly columns: readonly Column[];
}

export const PRESTO_VIEW_PARAMETERS = { presto_view: 'true', comment: 'Presto View' } as const;
export const PRESTO_VIEW_EXPANDED_TEXT = '/* Presto View */';

/** `/* Presto View: <base64 of JSON> *\/`, as Athena writes it and reads it back (Trino: `ViewReaderUtil`). */
export function encodePrestoView({ sql, database, columns }: PrestoView): string {
  const view = {
    originalSql: sql,
    catalog: 'awsdatacatalog',
    schema: database,
    columns: columns.map(({ name, type }) => ({ name, type: viewType(type) })),
  };
  return `/* Presto View: ${base64(JSON.stringify(view))} */`;
}

/** Athena writes `timestamp` where its engine says `timestamp(3)`; both are read. */
function viewType(glueType: string): string {
  return trinoSpelling(parseHiveType(glueType)).replaceAll('timestamp(3)', 'timestamp');
}

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
