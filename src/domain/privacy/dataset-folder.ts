import { joinKey } from '../object-key.ts';

/** Folder of a dataset within the bucket of its zone, with the slash at its end. */
export function datasetFolder(prefix: string, { database, table }: { database: string; table: string }): string {
  return `${joinKey(prefix, database, table)}/`;
}

/** Below the prefix of raw, without a slash at its end: what may hold values in clear, of a dataset or a folder of DSN files. No database begins with an underscore. */
export function quarantineFolder(useCase: string, name: string): string {
  return `_quarantine/${useCase}/${name}`;
}
