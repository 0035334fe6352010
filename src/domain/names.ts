declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** Absolute path in HDFS, decoded (never percent-encoded), no trailing slash except for the root. */
export type HdfsPath = Branded<string, 'HdfsPath'>;
/** Key of an object, without bucket and without leading slash; the exact characters of the HDFS path below its root. */
export type S3Key = Branded<string, 'S3Key'>;
/** Sorts by time; safe as a folder name. */
export type RunId = Branded<string, 'RunId'>;
/** Kebab-case; names the script in migrations/, the mapping in mappings/ and the folder in reports/. */
export type UseCaseId = Branded<string, 'UseCaseId'>;

export const hdfsPath = (path: string): HdfsPath => path as HdfsPath;
export const s3Key = (key: string): S3Key => key as S3Key;

/** A Hive or Glue table. Both systems fold names to lower case. */
export interface TableName {
  readonly database: string;
  readonly table: string;
}

/** `database.table`, the spelling used in mappings, messages and item ids. */
export function formatTableName(name: TableName): string {
  return `${name.database}.${name.table}`;
}

/** Reads `database.table`; undefined when the text is not of that form. */
export function parseTableName(text: string): TableName | undefined {
  const match = /^([^.\s]+)\.([^.\s]+)$/.exec(text);
  return match === null ? undefined : { database: match[1]!.toLowerCase(), table: match[2]!.toLowerCase() };
}
