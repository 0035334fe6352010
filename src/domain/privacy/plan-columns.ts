import type { ColumnMapping } from '../mapping.ts';
import { PERSONAL_CLASSES } from '../mapping.ts';
import { LakeliftError } from '../../errors.ts';
import type { Dataset, PlannedColumn } from './dataset.ts';
import { parseTreatment, TREATMENT_FORMS, type Treatment } from './treatment.ts';

/**
 * What becomes of each column of a table. Nothing is let through by default: an unclassified column stops the build, free text is left out unless
 * somebody says why not, and personal columns need a treatment. Throws `usage` naming all that is open.
 */
export function planColumns(
  dataset: Dataset,
  columns: readonly string[],
  mapped: Readonly<Record<string, ColumnMapping>>,
): PlannedColumn[] {
  const faults: string[] = [];
  const unknown = Object.keys(dataset.columns).filter((name) => !columns.includes(name));
  if (unknown.length > 0) faults.push(`${dataset.from} has no column ${unknown.join(', ')}`);
  const planned = columns.flatMap((source) => {
    const decision = decide(source, dataset, mapped[source]);
    if (typeof decision === 'string') faults.push(`${source}: ${decision}`);
    return typeof decision === 'string' || decision.treatment.kind === 'drop' ? [] : [decision];
  });
  const names = planned.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) faults.push(`two columns are called ${twice.join(', ')}`);
  if (faults.length === 0 && planned.length === 0) faults.push('no column is left');
  if (faults.length > 0) throw refused(dataset, faults);
  return planned;
}

function decide(source: string, dataset: Dataset, mapped: ColumnMapping | undefined): PlannedColumn | string {
  const { treat = mapped?.treat, as: name = source, because } = dataset.columns[source] ?? {};
  const { class: kind = 'unclassified' } = mapped ?? {};
  if (kind === 'unclassified') return 'nobody has classed it';
  const treatment = treat === undefined ? treatmentByDefault(kind) : parseTreatment(treat);
  if (treatment === undefined)
    return treat === undefined
      ? `it is ${kind} and has no treatment`
      : `"${treat}" is no treatment (there are ${TREATMENT_FORMS})`;
  const objection = because === undefined ? objectionTo(treatment, kind) : undefined;
  if (objection !== undefined) return objection;
  return { source, name, class: kind, treatment, because };
}

/** To what needs a person's reason. */
function objectionTo({ kind: treatment }: Treatment, kind: ColumnMapping['class']): string | undefined {
  if (kind === 'identifier' && !HIDES_IDENTITY.has(treatment)) return `${treatment} does not hide who it is`;
  if (PERSONAL_CLASSES.has(kind) && treatment === 'keep') return `it is ${kind}: to keep it needs a reason ("because")`;
  return undefined;
}

const HIDES_IDENTITY: ReadonlySet<Treatment['kind']> = new Set(['pseudonymise', 'drop', 'department']);

function treatmentByDefault(kind: ColumnMapping['class']): Treatment | undefined {
  if (kind === 'free-text') return { kind: 'drop' };
  return PERSONAL_CLASSES.has(kind) ? undefined : { kind: 'keep' };
}

function refused({ name }: Dataset, faults: readonly string[]): LakeliftError {
  return new LakeliftError(`${name} cannot be built: ${faults.join('; ')}`, {
    kind: 'usage',
    code: 'DATASET_UNDECIDED',
    subject: name,
    hint: 'Class and treat the columns in the mapping or in the dataset; nothing was read.',
  });
}
