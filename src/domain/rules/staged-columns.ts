import { CONVERSION_FORMATS, type ConversionFormat } from '../conversion.ts';
import type { Reason } from '../plan.ts';
import type { Column, Table } from '../table.ts';
import { parseHiveType, TypeSyntaxError, type HiveType } from './hive-type.ts';

/** What Hive cannot declare, or write; all of it seen with Hive 3.1.3. */
interface FormatRules {
  readonly nameFault: (name: string) => string | undefined;
  readonly typeFault: (type: HiveType) => string | undefined;
}

const none = (): undefined => undefined;
const LOCAL_TIMESTAMP = 'timestamp with local time zone';

const RULES: Readonly<Record<ConversionFormat, FormatRules>> = {
  // `MessageTypeParser` of parquet-mr, to which Hive gives the schema as text, partition keys included.
  parquet: {
    nameFault: (name) => (/[ ,;{}()=\n\t]/.test(name) ? 'a blank, or one of ,;{}()= in its name' : undefined),
    typeFault: (type) => (type.kind === 'union' ? 'a union' : localTimestamp(type)),
  },
  // `Schema.validateName` and `TypeInfoToSchema`.
  avro: {
    nameFault: (name) =>
      /^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(name) ? undefined : 'a name of other signs than letters, digits and _',
    typeFault: (type) => (hasOtherKeys(type) ? 'a map whose keys are no strings' : localTimestamp(type)),
  },
  orc: { nameFault: none, typeFault: none },
};

function localTimestamp(type: HiveType): string | undefined {
  return type.kind === 'primitive' && type.name === LOCAL_TIMESTAMP ? `a ${LOCAL_TIMESTAMP}` : undefined;
}

function hasOtherKeys(type: HiveType): boolean {
  return type.kind === 'map' && (type.key.kind !== 'primitive' || type.key.name !== 'string');
}

/** Why HiveServer2 could not write the rows of a table into one of this format, so that nobody learns it from an export that fails. */
export function stagingProblems(table: Table, format: ConversionFormat): Reason[] {
  const faults = faultsIn(table, format);
  if (faults.length === 0) return [];
  const others = CONVERSION_FORMATS.filter((other) => faultsIn(table, other).length === 0);
  const text = `Hive cannot write ${format} of ${faults.join('; ')}`;
  return [{ code: 'CONVERSION_COLUMNS', text, hint: others.length === 0 ? COPY_FIRST : otherFormat(others) }];
}

const COPY_FIRST =
  'Write it into a plain table on the cluster with other names and types (CREATE TABLE … STORED AS PARQUET AS SELECT … AS …), map that one and set "skip" on this.';

function otherFormat(formats: readonly ConversionFormat[]): string {
  return `Set ${formats.map((format) => `"convert: { format: ${format} }"`).join(' or ')} for it in the mapping.`;
}

function faultsIn({ storage, partitionKeys }: Table, format: ConversionFormat): string[] {
  const isKey = (column: Column): boolean => partitionKeys.includes(column);
  return [...storage.columns, ...partitionKeys].flatMap((column) => {
    const fault = declarationFault(column.name) ?? faultOf(column, format, isKey(column));
    return fault === undefined ? [] : [`${column.name} (${fault})`];
  });
}

/** "[., :] can not be used in column name in create table statement", of which 3.1.3 takes the blank and the comma. */
function declarationFault(name: string): string | undefined {
  return /[.:]/.test(name) ? 'a dot or colon in its name' : undefined;
}

function faultOf({ name, type }: Column, format: ConversionFormat, isKey: boolean): string | undefined {
  const { nameFault } = RULES[format];
  // Avro knows nothing of the keys.
  const own = isKey && format === 'avro' ? undefined : nameFault(name);
  if (own !== undefined) return own;
  try {
    return faultWithin(parseHiveType(type), RULES[format]);
  } catch (error) {
    // What cannot be read is asked about by the rules of the target.
    if (error instanceof TypeSyntaxError) return undefined;
    throw error;
  }
}

function faultWithin(type: HiveType, rules: FormatRules): string | undefined {
  if (type.kind === 'primitive' && type.name === 'void') return 'a type without values, which no statement declares';
  const own = rules.typeFault(type);
  if (own !== undefined) return own;
  const names = type.kind === 'struct' ? type.fields.map(({ name }) => name) : [];
  const name = names.find((one) => rules.nameFault(one) !== undefined);
  if (name !== undefined) return `in its field ${name}, ${rules.nameFault(name)!}`;
  return within(type)
    .map((inner) => faultWithin(inner, rules))
    .find((fault) => fault !== undefined);
}

function within(type: HiveType): readonly HiveType[] {
  switch (type.kind) {
    case 'primitive':
      return [];
    case 'array':
      return [type.element];
    case 'map':
      return [type.key, type.value];
    case 'struct':
      return type.fields.map((field) => field.type);
    case 'union':
      return type.members;
  }
}
