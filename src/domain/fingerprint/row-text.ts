import { parseHiveType, type HiveType } from '../rules/hive-type.ts';
import type { CollectionKind, Dialect } from './dialect.ts';

export interface FingerprintColumn {
  readonly name: string;
  /** In the spelling of Hive or Glue. */
  readonly type: string;
  /** The column's format keeps no difference between NULL and the empty text (OpenCSVSerde). */
  readonly isEmptyNull?: boolean | undefined;
}

/** A collection that is found while a row is spelled, to be unfolded by itself. */
export interface Collection {
  readonly expression: string;
  readonly type: HiveType & { readonly kind: CollectionKind };
}

export interface Spelling {
  /** One text for each scalar and for the size of each collection. */
  readonly fields: readonly string[];
  readonly collections: readonly Collection[];
}

const NO_FIELDS: Spelling = { fields: [], collections: [] };

/** The columns of a row, or the fields of an element, each as `~` for NULL or `<length in code points>:<canonical text>`. */
export function spellColumns(dialect: Dialect, columns: readonly FingerprintColumn[]): Spelling {
  return merged(columns.map((column) => spellColumn(dialect, column)));
}

function spellColumn(dialect: Dialect, { name, type, isEmptyNull }: FingerprintColumn): Spelling {
  const expression = dialect.quote(name);
  const parsed = parseHiveType(type);
  if (isEmptyNull !== true || parsed.kind !== 'primitive') return spell(dialect, expression, parsed);
  return { fields: [field(dialect, `nullif(${canonicalText(dialect, expression, parsed)}, '')`)], collections: [] };
}

/** What stands in one element: `e` of an array, `mk` and `mv` of a map. */
export function spellElement(dialect: Dialect, type: Collection['type']): Spelling {
  if (type.kind === 'array') return spell(dialect, 'e', type.element);
  return merged([spell(dialect, 'mk', type.key), spell(dialect, 'mv', type.value)]);
}

function spell(dialect: Dialect, expression: string, type: HiveType): Spelling {
  switch (type.kind) {
    case 'primitive':
      return { fields: [field(dialect, canonicalText(dialect, expression, type))], collections: [] };
    case 'struct':
      // Hive reads a NULL struct of Parquet as a struct of NULLs, so that only what is in it can be compared.
      return merged(type.fields.map((each) => spell(dialect, dialect.field(expression, each.name), each.type)));
    case 'array':
    case 'map':
      return {
        fields: [field(dialect, sizeText(dialect, expression, type.kind))],
        collections: [{ expression, type }],
      };
    case 'union':
      throw new RangeError('a union has no canonical text');
  }
}

function merged(spellings: readonly Spelling[]): Spelling {
  return spellings.reduce(
    (all, each) => ({
      fields: [...all.fields, ...each.fields],
      collections: [...all.collections, ...each.collections],
    }),
    NO_FIELDS,
  );
}

const GROUP = 32;

/** Joined group by group: engines nest long chains as deep as they are long. */
export function joinFields(dialect: Dialect, fields: readonly string[]): string {
  if (fields.length === 0) return "''";
  if (fields.length <= GROUP) return dialect.join(fields);
  const groups: string[] = [];
  for (let at = 0; at < fields.length; at += GROUP) groups.push(`(${dialect.join(fields.slice(at, at + GROUP))})`);
  return joinFields(dialect, groups);
}

function field(dialect: Dialect, text: string): string {
  const length = `cast(length(${text}) as ${dialect.textType})`;
  return `coalesce(${dialect.join([length, "':'", text])}, '~')`;
}

function sizeText(dialect: Dialect, expression: string, kind: CollectionKind): string {
  return `case when ${expression} is null then '-1' else cast(${dialect.size(expression, kind)} as ${dialect.textType}) end`;
}

/** Types whose casts to text agree. */
const CAST: ReadonlySet<string> = new Set(['tinyint', 'smallint', 'int', 'bigint', 'date', 'varchar', 'string']);

/** The text that every engine gives for one value of a primitive type; NULL stays NULL. Throws RangeError for a type without one. */
function canonicalText(dialect: Dialect, expression: string, type: HiveType & { kind: 'primitive' }): string {
  const asText = (value: string): string => `cast(${value} as ${dialect.textType})`;
  if (CAST.has(type.name)) return asText(expression);
  switch (type.name) {
    case 'boolean':
      return `case when ${expression} then 't' when not ${expression} then 'f' end`;
    case 'char':
      return dialect.unpaddedText(expression);
    case 'binary':
      return dialect.hexText(expression);
    case 'timestamp':
      return dialect.timestampText(expression);
    case 'decimal':
      return (type.parameters[1] ?? 0) === 0
        ? asText(dialect.numberText(expression))
        : dialect.decimalText(expression, type.parameters[1]!);
    case 'float':
    case 'double':
      return floatText(dialect, `cast(${expression} as double)`);
    default:
      throw new RangeError(`type ${type.name} has no canonical text`);
  }
}

/** -0.0 is 0.0, and every NaN is one. */
function floatText(dialect: Dialect, double: string): string {
  const bits = `cast(${dialect.doubleBits(`abs(${double})`)} as ${dialect.textType})`;
  const sign = `case when ${double} < 0 then '-' else '' end`;
  return `case when ${double} is null then null when ${dialect.isNaN(double)} then 'NaN' else ${dialect.join([sign, bits])} end`;
}
