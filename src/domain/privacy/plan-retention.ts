import type { Dataset, PlannedColumn } from './dataset.ts';
import { effectiveTreatment, type SourceTable } from './plan-columns.ts';
import type { PlannedSource } from './planned-dataset.ts';
import { treatmentForm, type Treatment } from './treatment.ts';

interface Parts {
  /** As it will be written. */
  readonly output: readonly PlannedColumn[];
  readonly sources: readonly PlannedSource[];
  readonly tableOf: (name: string) => SourceTable;
}

/** Of these a day, month or year is left to count from. */
const NAMES_A_TIME: ReadonlySet<Treatment['kind']> = new Set(['keep', 'month', 'year', 'year-band']);
/** Of Glue; whole numbers may be years. */
const NO_DATE = /^(boolean|float|double|decimal|binary|array|map|struct)\b/;

/** Why rows cannot be kept by the date in a column: queries of what is due would count rows by chance. What is kept of a text or number must be a date or a year. */
export function retentionFaults({ retention }: Dataset, { output, sources, tableOf }: Parts): string[] {
  const column = output.find(({ name }) => name === retention?.from);
  if (column === undefined) return [];
  const fault = faultOf(column, typeOf(column, sources, tableOf));
  return fault === undefined ? [] : [`it is kept by the date in ${column.name}, which is no date: ${fault}`];
}

function faultOf(column: PlannedColumn, type: string | undefined): string | undefined {
  const { measure } = column;
  if (measure !== undefined && measure.kind !== 'min' && measure.kind !== 'max') return `a ${measure.kind}`;
  const treatment = effectiveTreatment(column);
  if (!NAMES_A_TIME.has(treatment.kind)) return treatmentForm(treatment);
  return treatment.kind === 'keep' && type !== undefined && NO_DATE.test(type) ? `a ${type}` : undefined;
}

/** undefined where nobody has said it: the mapping takes over the type of the source. */
function typeOf(
  column: PlannedColumn,
  sources: readonly PlannedSource[],
  tableOf: Parts['tableOf'],
): string | undefined {
  if (column.read !== undefined) return column.read.reading.type;
  const source = sources.find(({ columns }) => columns.includes(column));
  return source === undefined ? undefined : tableOf(source.name).known[column.source]?.type;
}
