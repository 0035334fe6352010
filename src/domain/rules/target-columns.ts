import type { ColumnMapping } from '../mapping.ts';
import type { Reason } from '../plan.ts';
import type { Column } from '../table.ts';
import { fitComment, personalComment } from './glue-limits.ts';
import { toGlueType } from './glue-type.ts';
import { withoutPeople } from './personal-patterns.ts';
import type { SerdeRule } from './storage-format.ts';

interface ColumnsRuling {
  readonly columns: readonly Column[];
  readonly notes: readonly Reason[];
  /** Why the table cannot be registered so; empty when it can. */
  readonly problems: readonly Reason[];
}

/** How columns come out in the target catalog: names folded, types respelled, comments cut. */
export function targetColumns(
  columns: readonly Column[],
  mapping: Readonly<Record<string, ColumnMapping>>,
  serde: SerdeRule | undefined,
): ColumnsRuling {
  const notes: Reason[] = [];
  const problems: Reason[] = [];
  const translated = columns.map((column) => {
    const name = column.name.toLowerCase();
    const ruling = toGlueType(mapping[name]?.type ?? column.type);
    if (!ruling.isSupported) {
      problems.push({ ...ruling.reason, text: `column ${name}: ${ruling.reason.text}` });
      return { name, type: column.type, comment: column.comment };
    }
    notes.push(...ruling.notes.map((note) => ({ ...note, text: `column ${name}: ${note.text}` })));
    const type = mapping[name]?.type === undefined ? typeForSerde(ruling.type, serde) : ruling.type;
    if (type !== ruling.type) notes.push(narrowedNote(name, ruling.type, type));
    return { name, type, comment: commentOf(column, notes) };
  });
  return { columns: translated, notes, problems };
}

/** Names that exist twice once case is folded, partition keys included: Glue would hold one of them only. */
export function duplicateColumns(columns: readonly Column[], partitionKeys: readonly Column[]): Reason[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { name } of [...columns, ...partitionKeys]) {
    const folded = name.toLowerCase();
    if (seen.has(folded)) twice.add(folded);
    seen.add(folded);
  }
  return [...twice].map((name) => ({
    code: 'COLUMN_TWICE',
    text: `the column "${name}" exists twice once case is folded, partition keys included`,
    hint: 'Rename one of them in Hive (ALTER TABLE … CHANGE COLUMN).',
  }));
}

function typeForSerde(type: string, serde: SerdeRule | undefined): string {
  if (serde?.hasTextColumnsOnly === true) return 'string';
  // Athena refuses tinyint and smallint columns over Avro, whose files hold int.
  // A name is followed by a colon, a type never is.
  return serde?.classification === 'avro' ? type.replace(/\b(tinyint|smallint)\b(?!:)/g, 'int') : type;
}

function narrowedNote(name: string, from: string, to: string): Reason {
  return { code: 'TYPE_BY_FORMAT', text: `column ${name}: ${from} is read as ${to} in this file format` };
}

function commentOf(column: Column, notes: Reason[]): string | undefined {
  if (column.comment === undefined || column.comment === '') return undefined;
  const clear = withoutPeople(column.comment);
  if (clear !== column.comment) notes.push(personalComment(`the comment of column ${column.name.toLowerCase()}`));
  const fitted = fitComment(clear);
  if (fitted !== clear) {
    const text = `the comment of column ${column.name.toLowerCase()} is put on one line of at most 255 bytes, without control characters`;
    notes.push({ code: 'COMMENT_CUT', text });
  }
  return fitted;
}
