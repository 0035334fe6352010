import type { Reason } from '../plan.ts';
import { parseHiveType, TypeSyntaxError, type HiveType } from './hive-type.ts';

type TypeRuling =
  | { readonly isSupported: true; readonly type: string; readonly notes: readonly Reason[] }
  | { readonly isSupported: false; readonly reason: Reason };

const SAME = new Set([
  'boolean',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'float',
  'double',
  'string',
  'binary',
  'date',
  'timestamp',
]);
const ALIASES: Readonly<Record<string, string>> = {
  integer: 'int',
  'double precision': 'double',
  dec: 'decimal',
  numeric: 'decimal',
};
const LOCAL_TIMESTAMP = new Set(['timestamp with local time zone', 'timestamplocaltz', 'timestamptz']);
/** Athena reads struct fields named with letters, digits, underscore and dot. */
const FIELD_NAME = /^[\p{L}\p{N}_.]+$/u;

/**
 * The Glue spelling of a Hive type: no blanks, aliases resolved, both numbers on every decimal, or why there is none.
 * Source: Athena's data-type page and Trino's HiveTypeTranslator.
 */
export function toGlueType(hiveType: string): TypeRuling {
  const notes: Reason[] = [];
  try {
    return { isSupported: true, type: spell(parseHiveType(hiveType), notes), notes };
  } catch (error) {
    if (error instanceof UnsupportedType) return { isSupported: false, reason: error.reason };
    if (!(error instanceof TypeSyntaxError)) throw error;
    const text = `the type "${excerpt(hiveType)}" cannot be read: ${error.message}`;
    const hint = 'Some metastores cut long types at 4000 characters. Give the whole type as "type" in the mapping.';
    return { isSupported: false, reason: { code: 'TYPE_UNREADABLE', text, hint } };
  }
}

class UnsupportedType extends Error {
  readonly reason: Reason;

  constructor(code: string, text: string, hint: string) {
    super(text);
    this.reason = { code, text, hint };
  }
}

function spell(type: HiveType, notes: Reason[]): string {
  switch (type.kind) {
    case 'primitive':
      return spellPrimitive(ALIASES[type.name] ?? type.name, type.parameters, notes);
    case 'array':
      return `array<${spell(type.element, notes)}>`;
    case 'map':
      return spellMap(type, notes);
    case 'struct':
      return spellStruct(type, notes);
    case 'union':
      throw new UnsupportedType(
        'TYPE_UNION',
        'Athena has no union type',
        'Rewrite the column as a struct, or leave the table out with "skip".',
      );
  }
}

function spellMap(type: HiveType & { kind: 'map' }, notes: Reason[]): string {
  if (type.key.kind !== 'primitive') {
    throw new UnsupportedType(
      'TYPE_MAP_KEY',
      'keys of a map must be primitive',
      'Rewrite the column as an array of structs.',
    );
  }
  return `map<${spell(type.key, notes)},${spell(type.value, notes)}>`;
}

function spellStruct(type: HiveType & { kind: 'struct' }, notes: Reason[]): string {
  const seen = new Set<string>();
  const fields = type.fields.map((field) => {
    if (!FIELD_NAME.test(field.name)) {
      const text = `the struct field "${field.name}" holds a character that Athena refuses`;
      throw new UnsupportedType('TYPE_FIELD_NAME', text, 'Rename the field; letters, digits, "_" and "." are allowed.');
    }
    if (seen.has(field.name)) {
      const text = `the struct field "${field.name}" exists twice once case is folded`;
      throw new UnsupportedType('TYPE_FIELD_TWICE', text, 'Rename one of the fields.');
    }
    seen.add(field.name);
    return `${field.name}:${spell(field.type, notes)}`;
  });
  return `struct<${fields.join(',')}>`;
}

function spellPrimitive(name: string, parameters: readonly number[], notes: Reason[]): string {
  if (SAME.has(name) && parameters.length === 0) return name;
  if (name === 'decimal') return spellDecimal(parameters);
  if (name === 'varchar' || name === 'char') return spellText(name, parameters);
  if (name === 'void') {
    notes.push({ code: 'TYPE_VOID', text: 'a column of type void holds nothing but NULL and becomes string' });
    return 'string';
  }
  if (LOCAL_TIMESTAMP.has(name)) {
    throw new UnsupportedType(
      'TYPE_LOCAL_TIMESTAMP',
      'Athena has no timestamp with local time zone',
      'Set "type" in the mapping to what its files hold: "string" in text, "timestamp" (UTC wall time) in Parquet; nothing reads it in ORC.',
    );
  }
  const hint = 'Set "type" in the mapping to the type that the files really hold, or leave the table out with "skip".';
  throw new UnsupportedType('TYPE_UNSUPPORTED', `Athena has no type "${name}"`, hint);
}

function spellDecimal(parameters: readonly number[]): string {
  const [precision = 10, scale = 0] = parameters;
  if (parameters.length <= 2 && precision >= 1 && precision <= 38 && scale <= precision)
    return `decimal(${precision},${scale})`;
  const text = `decimal(${parameters.join(',')}) is out of range`;
  throw new UnsupportedType('TYPE_DECIMAL', text, 'At most 38 digits, and no more decimals than digits.');
}

function spellText(name: 'varchar' | 'char', parameters: readonly number[]): string {
  const longest = name === 'char' ? 255 : 65_535;
  const [length] = parameters;
  if (parameters.length === 1 && length! >= 1 && length! <= longest) return `${name}(${length})`;
  const text = `${name}(${parameters.join(',')}) is out of range: 1 to ${longest}`;
  throw new UnsupportedType('TYPE_LENGTH', text, 'Set "type: string" in the mapping.');
}

function excerpt(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 77)}…`;
}
