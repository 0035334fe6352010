import type { ColumnMapping } from '../mapping.ts';
import type { Reason } from '../plan.ts';
import type { Column } from '../table.ts';
import { fitComment, personalComment } from './glue-limits.ts';
import { toGlueType } from './glue-type.ts';
import { withoutPeople } from './personal-patterns.ts';
import type { Classification, SerdeRule } from './storage-format.ts';

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
      const hint = hintIn(serde, ruling.reason);
      problems.push({ ...ruling.reason, text: `column ${name}: ${ruling.reason.text}`, hint });
      return { name, type: column.type, comment: column.comment };
    }
    notes.push(...ruling.notes.map((note) => ({ ...note, text: `column ${name}: ${note.text}` })));
    const type = mapping[name]?.type === undefined ? typeForSerde(ruling.type, serde) : ruling.type;
    if (type !== ruling.type) notes.push(narrowedNote(name, ruling.type, type));
    return { name, type, comment: commentOf(column, notes) };
  });
  return { columns: translated, notes, problems };
}

const AS_TEXT =
  'Set "type: string" in the mapping: its files hold text that ends in the name of a zone, which is NULL as a timestamp.';
/** Hive itself (3.1.3 and 4.0.1) writes none into these. */
const AS_TIMESTAMP = 'Set "type: timestamp" in the mapping to read it as UTC wall time.';

/** What files hold in place of a timestamp with local time zone (seen on real servers, those of Hive). */
const LOCAL_TIMESTAMP_IN: Partial<Record<Classification, string>> = {
  csv: AS_TEXT,
  grokLog: AS_TEXT,
  json: AS_TEXT,
  rcfile:
    'Set "type: timestamp" in the mapping to read it as UTC wall time, where its SerDe is LazyBinaryColumnarSerDe; "type: string" where it is ColumnarSerDe.',
  parquet: AS_TIMESTAMP,
  avro: AS_TIMESTAMP,
  orc: 'Neither "timestamp" nor "string" reads it in ORC: write the table again on the cluster with the column cast to timestamp, or set "skip" with the reason.',
};

function hintIn(serde: SerdeRule | undefined, { code, hint }: Reason): string | undefined {
  if (code !== 'TYPE_LOCAL_TIMESTAMP' || serde?.classification === undefined) return hint;
  return LOCAL_TIMESTAMP_IN[serde.classification] ?? hint;
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
