import { standardLiteral as literal } from '../../domain/fingerprint/dialect.ts';
import type { HiveType } from '../../domain/rules/hive-type.ts';
import { duckType } from './duck-type.ts';
import { unsupported } from './duckdb-errors.ts';

type PrimitiveType = Extract<HiveType, { kind: 'primitive' }>;

/** How a line of delimited text is put together. */
export interface TextLayout {
  readonly field: string;
  readonly collection: string;
  readonly mapKey: string;
  readonly escape: string | undefined;
  /** Stands for NULL. */
  readonly nullText: string;
}

/** Hive cuts off what is longer than the type says. */
function cutOff(text: string, { name, parameters: [length] }: PrimitiveType): string {
  return name === 'string' || length === undefined ? text : `left(${text}, ${length})`;
}

/** Blanks at the end of a char say nothing: some engines fill it up with them. */
export function unpadded(text: string, type: HiveType): string {
  return type.kind === 'primitive' && type.name === 'char' ? `rtrim(${text}, ' ')` : text;
}

/** The value that a piece of text stands for; NULL where it is none of the type. */
export function textValue(layout: TextLayout, text: string, type: HiveType): string {
  const known = `nullif(${text}, ${literal(layout.nullText)})`;
  const pieces = `string_split(${known}, ${literal(layout.collection)})`;
  switch (type.kind) {
    case 'primitive':
      return scalar(layout, text, type);
    case 'array':
      return `list_transform(${pieces}, lambda x: ${scalar(layout, 'x', type.element)})`;
    case 'map': {
      const pair = (index: number): string => `string_split(x, ${literal(layout.mapKey)})[${index}]`;
      const entry = `struct_pack(k := ${scalar(layout, pair(1), type.key)}, v := ${scalar(layout, pair(2), type.value)})`;
      return `map_from_entries(list_transform(${pieces}, lambda x: ${entry}))`;
    }
    case 'struct': {
      const fields = type.fields.map(
        (field, index) => `"${field.name}" := ${scalar(layout, `${pieces}[${index + 1}]`, field.type)}`,
      );
      return `struct_pack(${fields.join(', ')})`;
    }
    case 'union':
      throw unsupported('a column', 'a union');
  }
}

const WHOLE = '[+-]?[0-9]+';
const SHAPES: Readonly<Record<string, string>> = {
  tinyint: WHOLE,
  smallint: WHOLE,
  int: WHOLE,
  bigint: WHOLE,
  boolean: 'true|false',
};

function scalar({ nullText }: TextLayout, text: string, type: HiveType): string {
  if (type.kind !== 'primitive') throw unsupported('a column', 'nested in delimited text');
  const known = `nullif(${text}, ${literal(nullText)})`;
  if (type.name === 'binary') return `try_cast(from_base64(${known}) AS BLOB)`;
  const parsed = `try_cast(${known} AS ${duckType(type)})`;
  // What Hive takes for no value of the type, a cast would round or guess.
  const shape = SHAPES[type.name];
  if (shape !== undefined) return `CASE WHEN regexp_full_match(${known}, ${literal(shape)}, 'i') THEN ${parsed} END`;
  return duckType(type) === 'VARCHAR' ? unpadded(cutOff(known, type), type) : parsed;
}
