import { joinKey } from '../object-key.ts';

/** Folder of a dataset within the bucket of its zone, with the slash at its end. */
export function datasetFolder(prefix: string, { database, table }: { database: string; table: string }): string {
  return `${joinKey(prefix, database, table)}/`;
}
