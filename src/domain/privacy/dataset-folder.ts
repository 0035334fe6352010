import { joinKey } from '../object-key.ts';

/** Folder of a dataset within the bucket of its zone, with the slash at its end. */
export function datasetFolder(prefix: string, { database, table }: { database: string; table: string }): string {
  return `${joinKey(prefix, database, table)}/`;
}

/** What a table is called that generated functions write, beside the dataset's own: its name and this. */
export const SMALL_FILES = '_small_files';

/** Below the prefix of raw, without a slash at its end: holds the key that functions of a dataset name objects by, where its use case has none of pseudonyms. */
export function namesFolder(useCase: string, name: string): string {
  return `_names/${useCase}/${name}`;
}

/** Below the prefix of raw, without a slash at its end: what executions came to, with results of functions, and records of erasures; no value of anybody. */
export function auditFolder(useCase: string): string {
  return `_audit/${useCase}`;
}

/** Below the prefix of raw, without a slash at its end: what may hold values in clear, of a dataset or a folder of DSN files. No database begins with an underscore. */
export function quarantineFolder(useCase: string, name: string): string {
  return `_quarantine/${useCase}/${name}`;
}
