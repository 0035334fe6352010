import { diffColumns } from './column-diff.ts';
import type { Column } from './table.ts';
import type { TargetStorage } from './target-table.ts';

/** One field of a catalog entry that stands otherwise than wanted. */
export interface FieldChange {
  /** In a person's words: `location`, `column nir`, `parameter skip.header.line.count`. */
  readonly field: string;
  readonly standing: string;
  readonly wanted: string;
}

const NOTHING = '(none)';

/** The change of one field; empty when both are alike. Absent and empty text are the same to every catalog. */
export function changeOf(field: string, wanted: string | undefined, standing: string | undefined): FieldChange[] {
  if ((wanted ?? '') === (standing ?? '')) return [];
  return [{ field, standing: shown(standing), wanted: shown(wanted) }];
}

function shown(text: string | undefined): string {
  return text === undefined || text === '' ? NOTHING : text;
}

export function columnChanges(
  kind: 'column' | 'partition key',
  wanted: readonly Column[],
  standing: readonly Column[],
): FieldChange[] {
  return diffColumns(wanted, standing)
    .filter(({ status }) => status !== 'same')
    .map((row) => ({
      field: `${kind} ${row.name}`,
      standing: row.standingType === undefined ? NOTHING : `${row.standingType}${placeOf(row.standingPosition)}`,
      wanted: row.wantedType === undefined ? NOTHING : `${row.wantedType}${placeOf(row.wantedPosition)}`,
    }));
}

function placeOf(position: number | undefined): string {
  return position === undefined ? '' : ` at place ${position + 1}`;
}

/** Every difference of two storages. `columns` of a partition may have been left out by the catalog: then they say nothing. */
export function storageChanges(
  wanted: TargetStorage,
  standing: TargetStorage,
  { hasColumns }: { readonly hasColumns: boolean },
): FieldChange[] {
  return [
    ...(hasColumns ? columnChanges('column', wanted.columns, standing.columns) : []),
    ...changeOf('location', withoutSlash(wanted.location), withoutSlash(standing.location)),
    ...changeOf('input format', wanted.inputFormat, standing.inputFormat),
    ...changeOf('output format', wanted.outputFormat, standing.outputFormat),
    ...changeOf('SerDe', wanted.serdeLibrary, standing.serdeLibrary),
    ...parameterChanges('SerDe parameter', wanted.serdeParameters, standing.serdeParameters),
    ...changeOf('compressed', String(wanted.isCompressed), String(standing.isCompressed)),
    ...changeOf('buckets', bucketsOf(wanted), bucketsOf(standing)),
  ];
}

/** Both sides' parameters compared name by name, in the order of names. */
export function parameterChanges(
  what: string,
  wanted: Readonly<Record<string, string>>,
  standing: Readonly<Record<string, string>>,
): FieldChange[] {
  const names = [...new Set([...Object.keys(wanted), ...Object.keys(standing)])].sort();
  return names.flatMap((name) =>
    changeOf(`${what} ${name}`, own(wanted, name), own(standing, name)).map(withVisibleCharacters),
  );
}

function own(record: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** A delimiter is often a control character, which would show as nothing. */
function withVisibleCharacters({ field, standing, wanted }: FieldChange): FieldChange {
  return { field, standing: visible(standing), wanted: visible(wanted) };
}

function visible(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function withoutSlash(location: string | undefined): string | undefined {
  return location?.replace(/\/+$/, '');
}

function bucketsOf({ bucketCount, bucketColumns, sortColumns }: TargetStorage): string {
  if (bucketCount <= 0) return '';
  const sorted = sortColumns.map(({ column, order }) => `${column} ${order}`).join(',');
  return `${bucketCount} by ${bucketColumns.join(',')}${sorted === '' ? '' : ` sorted by ${sorted}`}`;
}
