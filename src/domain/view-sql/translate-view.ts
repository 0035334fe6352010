import type { HiveType } from '../rules/hive-type.ts';
import { quoteName } from './hive-string.ts';
import { translateQuery, type TranslatedQuery } from './queries.ts';
import type { Query } from './sql-tree.ts';
import {
  decimalShape,
  hiveSpelling,
  isInteger,
  isSameType,
  isText,
  isVoid,
  nameOf,
  trinoSpelling,
} from './sql-type.ts';
import { Translation, type TranslationOptions, type ViewChange } from './translation.ts';

export interface ViewColumn {
  readonly name: string;
  /** The type that Hive's catalog gives it. */
  readonly type: HiveType;
}

interface TranslatedView {
  readonly sql: string;
  readonly changes: readonly ViewChange[];
}

const START = { line: 1, column: 1 };

/**
 * A view of Hive in Athena's SQL, with what was changed. The types that lakelift worked out for the columns are held against those
 * that Hive wrote into its catalog: where they disagree, something was not understood. Throws ViewSqlError.
 */
export function translateView(
  query: Query,
  columns: readonly ViewColumn[],
  options: TranslationOptions,
): TranslatedView {
  const translation = new Translation(options);
  const translated = translateQuery(translation, query);
  if (translated.columns.length !== columns.length) {
    const found = translated.columns.length;
    translation.refuse(START, `the query gives ${found} columns, and the catalog says ${columns.length}`);
  }
  for (const [index, column] of columns.entries()) checkType(translation, column, translated.columns[index]!.type);
  return { sql: withColumns(translated, columns), changes: translation.changes };
}

function checkType(translation: Translation, { name, type }: ViewColumn, found: HiveType): void {
  if (isSameType(type, found) || isVoid(found) || (isText(type) && isText(found))) return;
  if (isInteger(type) && isInteger(found)) return;
  const [wanted, given] = [decimalShape(type), decimalShape(found)];
  const isDecimal = nameOf(type) === 'decimal' && nameOf(found) === 'decimal';
  if (isDecimal && wanted!.scale === given!.scale) return;
  const text = `the column "${name}" is ${hiveSpelling(type)} in Hive's catalog, and the query was understood to give ${hiveSpelling(found)}`;
  translation.refuse(START, text);
}

/** The outermost names and types are the catalog's. */
function withColumns({ sql, columns }: TranslatedQuery, wanted: readonly ViewColumn[]): string {
  const isExact = columns.every(
    (column, index) =>
      column.isExact && column.name === wanted[index]!.name && isSameType(column.type, wanted[index]!.type),
  );
  if (isExact) return sql;
  const list = wanted.map(({ name, type }, index) => {
    const { name: inner, isExact: isTyped, type: found } = columns[index]!;
    const column = `"q".${quoteName(inner)}`;
    const value = isTyped && isSameType(found, type) ? column : `CAST(${column} AS ${trinoSpelling(type)})`;
    return `${value} AS ${quoteName(name)}`;
  });
  return `SELECT ${list.join(', ')} FROM (${sql}) AS "q"`;
}
