import type { Reason } from '../plan.ts';
import type { Column, Table } from '../table.ts';
import { avroToHive, UnreadableSchema } from './avro-type.ts';

/** Where Hive finds the schema of an Avro table; the table's parameters come before those of its SerDe. */
export type AvroSchemaSource =
  { readonly kind: 'literal'; readonly text: string } | { readonly kind: 'url'; readonly url: string };

/** The schema of an Avro table as it goes into the target catalog. */
export interface AvroSchema {
  /** JSON without blanks; undefined when it could not be had. */
  readonly literal: string | undefined;
  readonly columns: readonly Column[];
  readonly notes: readonly Reason[];
  readonly problems: readonly Reason[];
}

const LITERAL = 'avro.schema.literal';
const URL_NAME = 'avro.schema.url';
/** Longest parameter value of Glue, in bytes of UTF-8. */
const MAX_LITERAL_BYTES = 512_000;

/** As Hive's `AvroSerdeUtils.determineSchemaOrThrowException`: the literal, else the file, else (undefined) the columns; `none` means unset. */
export function avroSchemaSource(table: Table): AvroSchemaSource | undefined {
  if (!/\.AvroSerDe$/.test(table.storage.serde.library ?? '')) return undefined;
  const effective = { ...table.storage.serde.parameters, ...table.parameters };
  const [text, url] = [effective[LITERAL], effective[URL_NAME]];
  if (isSet(text)) return { kind: 'literal', text };
  return isSet(url) ? { kind: 'url', url } : undefined;
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '' && value !== 'none';
}

/** The schema in the words of the target. `origin` names the file it was read from. */
export function readAvroSchema(text: string, origin?: string): AvroSchema {
  const notes =
    origin === undefined
      ? []
      : [{ code: 'AVRO_SCHEMA_INLINED', text: `its Avro schema is read from ${origin} and written into the table` }];
  try {
    const parsed: unknown = JSON.parse(text);
    const fitted = fitLiteral(withoutVoid(parsed));
    return { literal: fitted.literal, columns: avroToHive(parsed), notes: [...notes, ...fitted.notes], problems: [] };
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof UnreadableSchema)) throw error;
    const where = origin === undefined ? LITERAL : origin;
    return unusable('AVRO_SCHEMA_UNREADABLE', `the Avro schema in ${where} cannot be read: ${error.message}`);
  }
}

/** A table whose schema cannot be had needs a decision. */
export function unusable(code: string, text: string, hint = HINT): AvroSchema {
  return { literal: undefined, columns: [], notes: [], problems: [{ code, text, hint }] };
}

const HINT =
  "In Hive: ALTER TABLE … SET TBLPROPERTIES ('avro.schema.literal'='…'), then UNSET avro.schema.url; or leave the table out with \"skip\".";

/** What holds nothing but NULL stands as text in the catalog, and Trino fails on it where the schema does not say so too. Files need not change. */
function withoutVoid(schema: unknown, isMember = false): unknown {
  if (Array.isArray(schema)) return schema.map((member) => withoutVoid(member, true));
  if (typeof schema !== 'object' || schema === null) return schema;
  const without = ([name, value]: [string, unknown]): [string, unknown] => {
    if (name === 'default') return [name, value];
    if (name === 'fields' && Array.isArray(value)) return [name, value.map((field) => withoutVoid(field))];
    // In a union `{ "type": "null" }` is the member that stands for NULL.
    const holdsOnlyNull = value === 'null' && (name === 'items' || name === 'values' || (name === 'type' && !isMember));
    return [name, holdsOnlyNull ? ['null', 'string'] : withoutVoid(value)];
  };
  return Object.fromEntries(Object.entries(schema).map(without));
}

/** Documentation is left out only where the schema would be too long with it; readers do not use it. */
function fitLiteral(schema: unknown): { literal: string; notes: Reason[] } {
  const whole = JSON.stringify(schema);
  if (byteLength(whole) <= MAX_LITERAL_BYTES) return { literal: whole, notes: [] };
  const bare = JSON.stringify(schema, (name, value: unknown) =>
    name === 'doc' && typeof value === 'string' ? undefined : value,
  );
  const text = `its Avro schema has ${byteLength(whole)} bytes; it is written without documentation, ${byteLength(bare)} bytes`;
  return { literal: bare, notes: [{ code: 'AVRO_SCHEMA_SHORTENED', text }] };
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Hive takes the columns from the schema whatever the metastore holds; comments that a person gave stay. */
export function avroColumns(columns: readonly Column[], schema: AvroSchema | undefined): readonly Column[] {
  if (schema === undefined || schema.literal === undefined) return columns;
  const comments = new Map(columns.map(({ name, comment }) => [name.toLowerCase(), comment]));
  return schema.columns.map((column) => ({ ...column, comment: comments.get(column.name) ?? column.comment }));
}

/** The table with the columns that Hive shows of it. */
export function withAvroColumns(table: Table, schema: AvroSchema | undefined): Table {
  return { ...table, storage: { ...table.storage, columns: avroColumns(table.storage.columns, schema) } };
}

/** SerDe parameters with the schema inlined: Athena refuses `avro.schema.url`. */
export function withAvroSchema(
  parameters: Readonly<Record<string, string>>,
  schema: AvroSchema | undefined,
): Record<string, string> {
  if (schema?.literal === undefined) return { ...parameters };
  const kept = Object.entries(parameters).filter(([name]) => name !== URL_NAME);
  return { ...Object.fromEntries(kept), [LITERAL]: schema.literal };
}

/** Why an Avro table or partition cannot be registered: its schema is a file, or is not what Hive could read. */
export function avroProblems(
  parameters: Readonly<Record<string, string>>,
  schema: AvroSchema | undefined,
): readonly Reason[] {
  if (schema !== undefined) return schema.problems;
  if (!isSet(parameters[URL_NAME]) || isSet(parameters[LITERAL])) return [];
  return unusable('AVRO_SCHEMA_URL', 'its Avro schema is a file on the cluster, which Athena refuses').problems;
}
