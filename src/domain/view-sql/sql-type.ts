import type { HiveType } from '../rules/hive-type.ts';

export function primitive(name: string, ...parameters: number[]): HiveType {
  return { kind: 'primitive', name, parameters };
}

export const STRING = primitive('string');
export const INT = primitive('int');
export const BIGINT = primitive('bigint');
export const DOUBLE = primitive('double');
export const BOOLEAN = primitive('boolean');
export const DATE = primitive('date');
export const TIMESTAMP = primitive('timestamp');
export const VOID = primitive('void');

const INTEGERS = ['tinyint', 'smallint', 'int', 'bigint'];
const INTEGER_DIGITS: Readonly<Record<string, number>> = { tinyint: 3, smallint: 5, int: 10, bigint: 19 };
const ALIASES: Readonly<Record<string, string>> = {
  integer: 'int',
  dec: 'decimal',
  numeric: 'decimal',
  'double precision': 'double',
};
const TRINO_NAMES: Readonly<Record<string, string>> = {
  int: 'integer',
  float: 'real',
  string: 'varchar',
  binary: 'varbinary',
  timestamp: 'timestamp(3)',
  void: 'varchar',
};

/** The name of a primitive type without its numbers; the kind of any other. */
export function nameOf(type: HiveType): string {
  return type.kind === 'primitive' ? (ALIASES[type.name] ?? type.name) : type.kind;
}

export function isInteger(type: HiveType): boolean {
  return INTEGERS.includes(nameOf(type));
}

export function isNumber(type: HiveType): boolean {
  return isInteger(type) || ['float', 'double', 'decimal'].includes(nameOf(type));
}

export function isText(type: HiveType): boolean {
  return ['string', 'varchar', 'char'].includes(nameOf(type));
}

export function isVoid(type: HiveType): boolean {
  return nameOf(type) === 'void';
}

/** Precision and scale of a decimal, or of the decimal that holds every value of an integer type. */
export function decimalShape(type: HiveType): { readonly precision: number; readonly scale: number } | undefined {
  const digits = INTEGER_DIGITS[nameOf(type)];
  if (digits !== undefined) return { precision: digits, scale: 0 };
  if (type.kind !== 'primitive' || nameOf(type) !== 'decimal') return undefined;
  return { precision: type.parameters[0] ?? 10, scale: type.parameters[1] ?? 0 };
}

/** Hive's own spelling, without blanks and aliases. */
export function hiveSpelling(type: HiveType): string {
  switch (type.kind) {
    case 'primitive':
      if (nameOf(type) === 'decimal') return `decimal(${type.parameters[0] ?? 10},${type.parameters[1] ?? 0})`;
      return nameOf(type) + (type.parameters.length === 0 ? '' : `(${type.parameters.join(',')})`);
    case 'array':
      return `array<${hiveSpelling(type.element)}>`;
    case 'map':
      return `map<${hiveSpelling(type.key)},${hiveSpelling(type.value)}>`;
    case 'struct':
      return `struct<${type.fields.map((field) => `${field.name}:${hiveSpelling(field.type)}`).join(',')}>`;
    case 'union':
      return `uniontype<${type.members.map(hiveSpelling).join(',')}>`;
  }
}

/** The type in Trino's spelling; throws RangeError for types that Athena does not have, which callers keep out. */
export function trinoSpelling(type: HiveType): string {
  switch (type.kind) {
    case 'primitive': {
      const name = TRINO_NAMES[nameOf(type)];
      return name ?? hiveSpelling(type);
    }
    case 'array':
      return `array(${trinoSpelling(type.element)})`;
    case 'map':
      return `map(${trinoSpelling(type.key)}, ${trinoSpelling(type.value)})`;
    case 'struct':
      return `row(${type.fields.map((field) => `${fieldName(field.name)} ${trinoSpelling(field.type)}`).join(', ')})`;
    case 'union':
      throw new RangeError('Athena has no union type');
  }
}

function fieldName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name}"`;
}

export function isSameType(a: HiveType, b: HiveType): boolean {
  return hiveSpelling(a) === hiveSpelling(b);
}

/**
 * The type that branches of CASE, COALESCE or UNION share (Hive: `FunctionRegistry.getCommonClassForUnionAll`); undefined where
 * lakelift does not know it.
 */
export function commonType(a: HiveType, b: HiveType): HiveType | undefined {
  if (isSameType(a, b) || isVoid(b)) return a;
  if (isVoid(a)) return b;
  if (isNumber(a) && isNumber(b)) return commonNumber(a, b);
  if (isText(a) && isText(b)) return commonText(a, b);
  const other = isText(a) ? b : isText(b) ? a : undefined;
  return other !== undefined && (isNumber(other) || ['date', 'timestamp'].includes(nameOf(other))) ? STRING : undefined;
}

function commonText(a: HiveType, b: HiveType): HiveType {
  if (a.kind !== 'primitive' || b.kind !== 'primitive' || nameOf(a) !== nameOf(b)) return STRING;
  return primitive(nameOf(a), Math.max(a.parameters[0] ?? 0, b.parameters[0] ?? 0));
}

/** The wider of two number types; undefined where a decimal of more than 38 digits would be needed. */
export function commonNumber(a: HiveType, b: HiveType): HiveType | undefined {
  if (isInteger(a) && isInteger(b)) return INTEGERS.indexOf(nameOf(a)) > INTEGERS.indexOf(nameOf(b)) ? a : b;
  if (nameOf(a) === 'double' || nameOf(b) === 'double') return DOUBLE;
  if (nameOf(a) === 'float' || nameOf(b) === 'float')
    return nameOf(a) === 'decimal' || nameOf(b) === 'decimal' ? DOUBLE : primitive('float');
  const [left, right] = [decimalShape(a)!, decimalShape(b)!];
  const scale = Math.max(left.scale, right.scale);
  const precision = Math.max(left.precision - left.scale, right.precision - right.scale) + scale;
  return precision > 38 ? undefined : primitive('decimal', precision, scale);
}
