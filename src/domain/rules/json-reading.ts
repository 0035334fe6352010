import type { ColumnMapping } from '../mapping.ts';
import type { Reason } from '../plan.ts';
import type { Column } from '../table.ts';

/**
 * Where Hive reads JSON otherwise than Athena, which takes the text of bytes for the bytes, as Hive before 4 does. Hive 4 decodes base64
 * unless `json.binary.format` is `rawstring`, with either class (HiveJsonReader; the class of HCatalog has become a shell of Hive's own).
 * A type in the mapping is an answer. `columns` are those of the target, `parameters` those that the SerDe is given.
 */
export function jsonProblems(
  columns: readonly Column[],
  parameters: Readonly<Record<string, string>>,
  mapped: Readonly<Record<string, ColumnMapping>>,
): Reason[] {
  const isRaw = parameters['json.binary.format']?.toLowerCase() === 'rawstring';
  const bytes = columns.filter(({ name, type }) => holdsBytes(type) && mapped[name]?.type === undefined);
  const names = bytes.map(({ name }) => name).join(', ');
  const hasEmptyRows = parameters['text.null.empty.line']?.toLowerCase() === 'true';
  return [...(isRaw || names === '' ? [] : [base64(names)]), ...(hasEmptyRows ? [EMPTY_LINES] : [])];
}

/** A name is followed by a colon, a type never is. */
function holdsBytes(type: string): boolean {
  return /\bbinary\b(?!:)/.test(type);
}

function base64(names: string): Reason {
  const text = `Hive 4 reads bytes in JSON as base64, Hive before 4 and Athena take the text as it stands: ${names}`;
  const hint =
    'Where Hive before 4 reads it, give the type that it has ("binary") as "type" in the mapping. Where Hive 4 does, set "type: string" there to have the base64, or "storage: convert".';
  return { code: 'JSON_BINARY', text, hint };
}

const EMPTY_LINES: Reason = {
  code: 'JSON_EMPTY_LINES',
  text: 'an empty line is a row of NULL to Hive (text.null.empty.line), and no JSON to Athena',
  hint: 'Set "storage: convert", or write the files again on the cluster.',
};
