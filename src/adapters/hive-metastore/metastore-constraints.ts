import { i32, list, string, struct, type Decoded, type ThriftType } from './thrift/thrift-type.ts';

/** Constraints of a table, one struct for each column that takes part. Source: hive_metastore.thrift; all but the first two came with Hive 3. */
const primaryKey = struct({ column: [3, string], sequence: [4, i32], name: [5, string] });
const foreignKey = struct({
  parentDatabase: [1, string],
  parentTable: [2, string],
  parentColumn: [3, string],
  column: [6, string],
  sequence: [7, i32],
  name: [10, string],
});
const unique = struct({ column: [4, string], sequence: [5, i32], name: [6, string] });
const notNull = struct({ column: [4, string], name: [5, string] });
const withExpression = struct({ column: [4, string], expression: [5, string], name: [6, string] });

const answer = <T>(constraint: ThriftType<T>) => struct({ constraints: [1, list(constraint)] });

/** Of the requests of Hive 2, and of those that came with Hive 3. */
export const tableOfTwo = struct({ database: [1, string], table: [2, string], catalog: [3, string] });
export const childOfTwo = struct({ database: [3, string], table: [4, string], catalog: [5, string] });
export const tableOfThree = struct({ catalog: [1, string], database: [2, string], table: [3, string] });

export const CONSTRAINTS = {
  primaryKeys: answer(primaryKey),
  foreignKeys: answer(foreignKey),
  uniques: answer(unique),
  notNulls: answer(notNull),
  defaults: answer(withExpression),
  checks: answer(withExpression),
} as const;

type Parts = { readonly [K in keyof typeof CONSTRAINTS]?: Decoded<(typeof CONSTRAINTS)[K]>['constraints'] };
type Part = { readonly name?: string | undefined; readonly sequence?: number | undefined };

/** As people write them in SQL, sorted; a constraint over several columns is one. */
export function constraintTexts(parts: Parts): string[] {
  return [
    ...grouped(parts.primaryKeys).map((key) => `PRIMARY KEY (${columnsOf(key)})`),
    ...grouped(parts.foreignKeys).map((key) => {
      const { parentDatabase = '', parentTable = '' } = key[0]!;
      const parents = key.map(({ parentColumn = '' }) => parentColumn).join(', ');
      return `FOREIGN KEY (${columnsOf(key)}) REFERENCES ${parentDatabase}.${parentTable} (${parents})`;
    }),
    ...grouped(parts.uniques).map((key) => `UNIQUE (${columnsOf(key)})`),
    ...(parts.notNulls ?? []).map(({ column = '' }) => `${column} NOT NULL`),
    ...(parts.defaults ?? []).map(({ column = '', expression = '' }) => `${column} DEFAULT ${expression}`),
    ...(parts.checks ?? []).map(({ column = '', expression = '' }) => `${column} CHECK ${expression}`),
  ].sort();
}

function columnsOf(parts: readonly { readonly column?: string | undefined }[]): string {
  return parts.map(({ column = '' }) => column).join(', ');
}

function grouped<P extends Part>(parts: readonly P[] = []): P[][] {
  const byName = Map.groupBy(parts, ({ name = '' }) => name);
  return [...byName.values()].map((group) => group.toSorted((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0)));
}
