import type { HiveType } from '../rules/hive-type.ts';
import { quoteName } from './hive-string.ts';
import type { Translation, Value } from './translation.ts';
import type { Place } from './view-sql-error.ts';

/** A column that a query can name. */
export interface RelationColumn {
  readonly name: string;
  readonly value: Value;
}

/** Something that stands in FROM. */
export interface Relation {
  readonly alias: string;
  readonly database?: string | undefined;
  readonly columns: readonly RelationColumn[];
}

/** What names mean at a place of a query: its own relations, then those of the queries around it. */
export interface Scope {
  readonly relations: readonly Relation[];
  readonly parent?: Scope | undefined;
}

const UNSURE: Readonly<Record<string, string>> = {
  grouping__id: 'GROUPING__ID is numbered differently by versions of Hive, and Athena does not have it',
  input__file__name: 'the name of a file differs between HDFS and S3',
  block__offset__inside__file: 'Athena does not tell where in a file a row lies',
  row__id: 'Athena does not know row ids of Hive',
};

/** The value of `a`, `t.a`, `db.t.a`, each with fields of structs behind it. Refuses what is unknown or ambiguous. */
export function resolveColumn(translation: Translation, scope: Scope, parts: readonly string[], place: Place): Value {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const found = findIn(translation, at, parts, place);
    if (found === undefined) continue;
    return found.rest.reduce((value, name) => fieldOf(translation, value, name, place), found.value);
  }
  const unsure = UNSURE[parts.at(-1)!];
  return translation.refuse(place, unsure ?? `the column "${parts.join('.')}" is not known`);
}

interface Found {
  readonly value: Value;
  readonly rest: readonly string[];
}

function findIn(
  translation: Translation,
  { relations }: Scope,
  parts: readonly string[],
  place: Place,
): Found | undefined {
  const [first, second, third] = parts;
  for (const relation of relations) {
    if (relation.alias === first && second !== undefined) return columnOf(relation, second, parts.slice(2));
    if (relation.database === first && relation.alias === second && third !== undefined)
      return columnOf(relation, third, parts.slice(3));
  }
  const matches = relations.flatMap((relation) => columnOf(relation, first!, parts.slice(1)) ?? []);
  if (matches.length > 1) translation.refuse(place, `the column "${first!}" exists in more than one of the tables`);
  return matches[0];
}

function columnOf(relation: Relation, name: string, rest: readonly string[]): Found | undefined {
  const column = relation.columns.find((other) => other.name === name);
  return column && { value: column.value, rest };
}

/** A field of a struct, or the array of that field of each struct of an array. */
export function fieldOf(translation: Translation, value: Value, name: string, place: Place): Value {
  const { type } = value;
  if (type.kind === 'struct')
    return { sql: `${value.sql}.${quoteName(name)}`, type: fieldType(translation, type, name, place), isExact: true };
  if (type.kind !== 'array' || type.element.kind !== 'struct')
    return translation.refuse(place, `"${name}" is asked of a value that is no struct`);
  translation.change(place, 'a field of an array of structs becomes transform');
  const element = fieldType(translation, type.element, name, place);
  return { sql: `transform(${value.sql}, e -> e.${quoteName(name)})`, type: { kind: 'array', element }, isExact: true };
}

function fieldType(
  translation: Translation,
  type: HiveType & { kind: 'struct' },
  name: string,
  place: Place,
): HiveType {
  const field = type.fields.find((other) => other.name === name);
  return field?.type ?? translation.refuse(place, `the struct has no field "${name}"`);
}
