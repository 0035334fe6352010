import type { HiveType } from '../rules/hive-type.ts';
import type { CallContext, FunctionRule } from './call-context.ts';
import { convert } from './conversions.ts';
import { quoteString } from './hive-string.ts';
import { BOOLEAN, commonType, hiveSpelling, INT, isSameType, STRING, VOID } from './sql-type.ts';
import type { Value } from './translation.ts';

/** Functions on arrays, maps and structs, and on JSON text. */
export const COLLECTION_FUNCTIONS: Readonly<Record<string, FunctionRule>> = {
  size: (call) => sizeOf(call),
  array_contains: (call) => contains(call),
  sort_array: (call) => sorted(call),
  array: (call) => arrayOf(call),
  map: (call) => mapOf(call),
  named_struct: (call) => structOf(call),
  get_json_object: (call) => jsonObject(call),
};

/** NULL has the size -1 in Hive. */
function sizeOf(call: CallContext): Value {
  call.arity(1);
  const { sql, type } = call.args[0]!;
  if (type.kind !== 'array' && type.kind !== 'map') call.refuse('an array or map is expected');
  call.change('size becomes cardinality, and -1 of NULL as in Hive');
  return call.cast(`COALESCE(cardinality(${sql}), -1)`, INT);
}

/** Never NULL in Hive. */
function contains(call: CallContext): Value {
  call.arity(2);
  const [array, sought] = [call.args[0]!, call.args[1]!];
  if (array.type.kind !== 'array' || !isSameType(array.type.element, sought.type))
    return call.refuse('an array and a value of its type are expected');
  call.change('array_contains becomes contains, and false in place of NULL as in Hive');
  return call.typed(`COALESCE(contains(${array.sql}, ${sought.sql}), false)`, BOOLEAN);
}

/** NULL comes first in Hive, last in Athena. */
function sorted(call: CallContext): Value {
  call.arity(1);
  const { sql, type } = call.args[0]!;
  if (type.kind !== 'array' || type.element.kind !== 'primitive')
    return call.refuse('an array of simple values is expected');
  call.change('sort_array becomes array_sort with NULL first, as in Hive');
  return call.typed(`filter(${sql}, e -> e IS NULL) || array_sort(filter(${sql}, e -> e IS NOT NULL))`, type);
}

function sharedType(call: CallContext, values: readonly Value[]): HiveType {
  let type: HiveType | undefined = VOID;
  for (const value of values) type = type && commonType(type, value.type);
  return type ?? call.refuse('its values have no type in common');
}

function list(call: CallContext, values: readonly Value[], type: HiveType): string {
  return `ARRAY[${values.map((value) => convert(call.translation, value, type, call.node.place).sql).join(', ')}]`;
}

function arrayOf(call: CallContext): Value {
  if (call.args.length === 0) return call.refuse('without values its type is not known');
  const element = sharedType(call, call.args);
  call.change('array(…) becomes ARRAY[…]');
  return call.cast(list(call, call.args, element), { kind: 'array', element });
}

function mapOf(call: CallContext): Value {
  const keys = call.args.filter((_, index) => index % 2 === 0);
  const values = call.args.filter((_, index) => index % 2 === 1);
  if (keys.length === 0 || keys.length !== values.length) return call.refuse('keys and values are expected in pairs');
  const type: HiveType = { kind: 'map', key: sharedType(call, keys), value: sharedType(call, values) };
  call.change('map(…) becomes MAP(keys, values); a key that comes twice makes the query fail');
  return call.cast(`MAP(${list(call, keys, type.key)}, ${list(call, values, type.value)})`, type);
}

function structOf(call: CallContext): Value {
  if (call.args.length === 0 || call.args.length % 2 === 1)
    return call.refuse('names and values are expected in pairs');
  const values = call.args.filter((_, index) => index % 2 === 1);
  const fields = values.map(({ type }, index) => ({ name: call.literalText(index * 2).toLowerCase(), type }));
  call.change('named_struct becomes ROW');
  return call.cast(`ROW(${values.map(({ sql }) => sql).join(', ')})`, { kind: 'struct', fields });
}

/**
 * The text at a path such as `$.a.b[0]`. Where a name is asked of an array Hive gathers the members' values, which Athena
 * does not: the query fails there, so that nothing comes out otherwise.
 */
function jsonObject(call: CallContext): Value {
  call.arity(2);
  const path = call.literalText(1);
  if (!/^\$(\.[A-Za-z0-9_]+|\[\d+\])+$/.test(path)) return call.refuse(`the path "${path}" is not translated`);
  const json = call.text(0);
  const guards = prefixesOfNames(path).map(
    (prefix) => `json_array_length(json_extract(${json}, ${quoteString(prefix)})) IS NOT NULL`,
  );
  const found = `COALESCE(json_extract_scalar(${json}, ${quoteString(path)}), NULLIF(json_format(json_extract(${json}, ${quoteString(path)})), 'null'))`;
  call.change('get_json_object becomes json_extract_scalar, and json_extract where an object or array is found');
  if (guards.length === 0) return call.typed(found, STRING);
  const failure = `CAST(CAST('${hiveSpelling(STRING)} expected: Hive gathers the members of an array at ${path}' AS integer) AS varchar)`;
  return call.typed(`CASE WHEN ${guards.join(' OR ')} THEN ${failure} ELSE ${found} END`, STRING);
}

/** The paths of which a name is asked. */
function prefixesOfNames(path: string): string[] {
  return [...path.matchAll(/\./g)].map(({ index }) => path.slice(0, index));
}
