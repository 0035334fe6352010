import type { ColumnMapping } from '../mapping.ts';
import { PERSONAL_CLASSES } from '../mapping.ts';
import { nearNames } from '../near-names.ts';
import type { DatasetColumn, PlannedColumn, TypedReading } from './dataset.ts';
import type { Filter } from './filter.ts';
import { parseReading, READING_FORMS } from './reading.ts';
import { keepsWhole, parseTreatment, treatmentForm, TREATMENT_FORMS, type Treatment } from './treatment.ts';

/** What is known of a column before a dataset decides: as the mapping has it, or the dataset that it comes from. */
export interface KnownColumn extends ColumnMapping {
  /** What that dataset has done to it. */
  readonly earlier?: Treatment | undefined;
  readonly because?: string | undefined;
}

/** A table or dataset that columns are taken from. */
export interface SourceTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly known: Readonly<Record<string, KnownColumn>>;
  /** It has so many columns that nothing of it comes but what is named. */
  readonly isWide?: boolean | undefined;
}

/**
 * What becomes of a column; a text says what is open. Nothing is let through by default: an unclassified column is refused, free text is left out unless
 * somebody says why not, and personal columns need a treatment, unless a dataset has treated them before.
 */
function planColumn(
  source: string,
  asked: DatasetColumn = {},
  known: KnownColumn = { class: 'unclassified' },
): PlannedColumn | string {
  const { class: kind, earlier } = known;
  const { treat = known.treat, as: name = source, because = known.because } = asked;
  if (kind === 'unclassified') return `${source}: nobody has classed it`;
  const treatment = treat === undefined ? treatmentByDefault(known) : parseTreatment(treat);
  if (treatment === undefined)
    return treat === undefined
      ? `${source}: it is ${kind} and has no treatment`
      : `${source}: "${treat}" is no treatment (there are ${TREATMENT_FORMS})`;
  const read = typedReading(asked, treatment);
  if (typeof read === 'string') return `${source}: ${read}`;
  const planned = { source, name, class: kind, treatment, ...read, because, ...(earlier && { earlier }) };
  const objection = because === undefined ? objectionTo(effectiveTreatment(planned), kind) : undefined;
  return objection === undefined ? planned : `${source}: ${objection}`;
}

/** Nothing where the column stays of the type that it has; a text says why it cannot be read so. */
export function typedReading(
  { type, unreadable = 'refuse' }: DatasetColumn,
  treatment: Treatment,
): { readonly read?: TypedReading } | string {
  if (type === undefined) return {};
  // An erasure has the texts that identify a person, and would find none of what they were read as.
  if (treatment.kind === 'pseudonymise') return 'a pseudonym is of the text as it stands: it has no "type"';
  const reading = parseReading(type);
  if (reading === undefined) return `"${type}" is no type to read as (there are ${READING_FORMS})`;
  return { read: { reading, form: type, severity: unreadable } };
}

/** What was done to the values of a column, here or before. */
export function effectiveTreatment({ treatment, earlier }: Pick<PlannedColumn, 'treatment' | 'earlier'>): Treatment {
  return treatment.kind === 'keep' && earlier !== undefined ? earlier : treatment;
}

/** What a column is and what was done to it, as catalogs show it: `identifier, pseudonymise`. */
export function columnSummary(column: PlannedColumn): string {
  return `${column.class}, ${column.measure?.kind ?? effectiveTreatment(column).kind}`;
}

/** To what needs a person's reason. */
function objectionTo(treatment: Treatment, kind: ColumnMapping['class']): string | undefined {
  if (kind === 'identifier' && !HIDES_IDENTITY.has(treatment.kind)) return `${treatment.kind} does not hide who it is`;
  if (!PERSONAL_CLASSES.has(kind) || !keepsWhole(treatment)) return undefined;
  const how = treatment.kind === 'keep' ? 'to keep it' : `${treatmentForm(treatment)} keeps it as it is, which`;
  return `it is ${kind}: ${how} needs a reason ("because")`;
}

const HIDES_IDENTITY: ReadonlySet<Treatment['kind']> = new Set(['pseudonymise', 'drop', 'department']);

function treatmentByDefault({ class: kind, earlier }: KnownColumn): Treatment | undefined {
  if (earlier !== undefined) return { kind: 'keep' };
  if (kind === 'free-text') return { kind: 'drop' };
  return PERSONAL_CLASSES.has(kind) ? undefined : { kind: 'keep' };
}

/** What becomes of columns of a table, those that are left out aside. Puts what is open into `faults`. */
export function planAll(
  table: SourceTable,
  names: readonly string[],
  asked: Readonly<Record<string, DatasetColumn>>,
  faults: string[],
): PlannedColumn[] {
  const known = names.filter((name) => table.columns.includes(name));
  return known.flatMap((name) => {
    const column = planColumn(name, asked[name], table.known[name]);
    if (typeof column === 'string') faults.push(column);
    return typeof column === 'string' || column.treatment.kind === 'drop' ? [] : [column];
  });
}

export function unknownFilters(table: SourceTable, where: readonly Filter[]): string[] {
  const unknown = where.map(({ column }) => column).filter((name) => !table.columns.includes(name));
  return unknown.map((name) => `${table.name} has no column ${suggest(name, table.columns)} to choose rows by`);
}

/** A name that is not there, with the one that was probably meant. */
export function suggest(name: string, known: readonly string[]): string {
  // Short names are all near each other.
  const [near] = name.length < 4 ? [] : nearNames(name, known);
  return near === undefined ? name : `${name} (did you mean ${near}?)`;
}
