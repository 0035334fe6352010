import type { Column } from '../table.ts';

/** An Avro schema that Hive would not read either. */
export class UnreadableSchema extends Error {
  override readonly name = 'UnreadableSchema';
}

type Schema = Readonly<Record<string, unknown>>;

interface Scope {
  /** By full name what was defined so far, with the scope that its own names are looked up in. */
  readonly named: Map<string, { readonly schema: Schema; readonly scope: Scope }>;
  readonly namespace: string | undefined;
  /** Names of the records around, so that one that holds itself is found. */
  readonly around: readonly string[];
}

const PRIMITIVES: Readonly<Record<string, string>> = {
  null: 'void',
  boolean: 'boolean',
  int: 'int',
  long: 'bigint',
  float: 'float',
  double: 'double',
  bytes: 'binary',
  string: 'string',
};

/**
 * Columns of a record schema in Hive's types, as Hive's `SchemaToTypeInfo` gives them (Avro 1.8 specification, logical types included).
 * Throws {@link UnreadableSchema}.
 */
export function avroToHive(schema: unknown): Column[] {
  if (!isObject(schema) || schema['type'] !== 'record') throw new UnreadableSchema('it is not a record');
  const scope: Scope = { named: new Map(), namespace: undefined, around: [] };
  const inner = enter(schema, scope);
  return fieldsOf(schema).map((field) => ({
    name: textOf(field, 'name').toLowerCase(),
    type: typeOf(field['type'], inner),
    ...(typeof field['doc'] === 'string' && field['doc'] !== '' ? { comment: field['doc'] } : {}),
  }));
}

function typeOf(schema: unknown, scope: Scope): string {
  if (typeof schema === 'string') return namedType(schema, scope);
  if (Array.isArray(schema)) return unionType(schema, scope);
  if (!isObject(schema)) throw new UnreadableSchema(`${JSON.stringify(schema)} is not a type`);
  if (schema['type'] === 'fixed') enter(schema, scope);
  const logical = logicalType(schema);
  if (logical !== undefined) return logical;
  switch (schema['type']) {
    case 'array':
      return `array<${typeOf(schema['items'], scope)}>`;
    case 'map':
      return `map<string,${typeOf(schema['values'], scope)}>`;
    case 'enum':
      enter(schema, scope);
      return 'string';
    case 'fixed':
      return 'binary';
    case 'record':
      return recordType(schema, scope);
    default:
      return typeOf(schema['type'], scope);
  }
}

function namedType(name: string, scope: Scope): string {
  const primitive = PRIMITIVES[name];
  if (primitive !== undefined) return primitive;
  const full = name.includes('.') || scope.namespace === undefined ? name : `${scope.namespace}.${name}`;
  const found = scope.named.has(full) ? full : name;
  const defined = scope.named.get(found);
  if (defined === undefined) throw new UnreadableSchema(`the type "${name}" is not defined`);
  if (scope.around.includes(found)) throw new UnreadableSchema(`the record "${name}" holds itself`);
  return typeOf(defined.schema, { ...defined.scope, around: scope.around });
}

/** `[null, T]` is T, which every column of Hive may be (`AvroSerdeUtils.isNullableType`); `[T]`, and several types, make a union. */
function unionType(members: readonly unknown[], scope: Scope): string {
  const types = members.filter((member) => !isNull(member)).map((member) => typeOf(member, scope));
  if (types.length === 0) return 'void';
  return types.length === 1 && members.length > 1 ? types[0]! : `uniontype<${types.join(',')}>`;
}

function isNull(member: unknown): boolean {
  return member === 'null' || (isObject(member) && member['type'] === 'null');
}

function recordType(schema: Schema, scope: Scope): string {
  const inner = enter(schema, scope);
  const fields = fieldsOf(schema).map((field) => `${textOf(field, 'name')}:${typeOf(field['type'], inner)}`);
  return `struct<${fields.join(',')}>`;
}

/** A decimal of `fixed` is none to Hive, which shows its bytes; Trino 476 shows the same, and fails on it as a decimal. */
function logicalType(schema: Schema): string | undefined {
  const { type, logicalType: logical } = schema;
  if (logical === 'decimal' && type === 'bytes')
    return `decimal(${numberOf(schema['precision'], 10)},${numberOf(schema['scale'], 0)})`;
  if (logical === 'date' && type === 'int') return 'date';
  if (logical === 'timestamp-millis' && type === 'long') return 'timestamp';
  if (type !== 'string' || (logical !== 'char' && logical !== 'varchar')) return undefined;
  return `${logical}(${numberOf(schema['maxLength'], 0)})`;
}

/** Remembers a named type and steps into its namespace. */
function enter(schema: Schema, scope: Scope): Scope {
  const name = textOf(schema, 'name');
  const dot = name.lastIndexOf('.');
  const own = typeof schema['namespace'] === 'string' ? schema['namespace'] : scope.namespace;
  const namespace = dot < 0 ? own : name.slice(0, dot);
  const full = dot < 0 && namespace !== undefined && namespace !== '' ? `${namespace}.${name}` : name;
  scope.named.set(full, { schema, scope });
  return { ...scope, namespace, around: [...scope.around, full] };
}

function fieldsOf(schema: Schema): readonly Schema[] {
  const { fields } = schema;
  if (!Array.isArray(fields) || !fields.every(isObject)) throw new UnreadableSchema('a record without fields');
  return fields;
}

function textOf(schema: Schema, name: string): string {
  const value = schema[name];
  if (typeof value !== 'string' || value === '') throw new UnreadableSchema(`a type without ${name}`);
  return value;
}

function numberOf(value: unknown, otherwise: number): number {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : otherwise;
}

function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
