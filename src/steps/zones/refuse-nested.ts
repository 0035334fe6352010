import { parseHiveType } from '../../domain/rules/hive-type.ts';
import type { PlannedColumn } from '../../domain/privacy/dataset.ts';
import { LakeliftError } from '../../errors.ts';
import type { TypedColumn } from '../../ports/dataset-engine.ts';

/**
 * A treatment is of one value: what a list, map or struct would be as text, each engine says in its own way. Throws `DATASET_NESTED` where one is to be anything but
 * kept or dropped.
 */
export function refuseNested(
  name: string,
  planned: readonly Pick<PlannedColumn, 'source' | 'treatment' | 'read'>[],
  standing: readonly TypedColumn[],
): void {
  const nested = new Set(standing.filter(isNested).map((column) => column.name));
  const treated = planned.filter((column) => nested.has(column.source) && isTreated(column));
  if (treated.length === 0) return;
  const which = treated.map(({ source }) => source).join(', ');
  throw new LakeliftError(`${name} treats lists, maps or structs: ${which}`, {
    kind: 'usage',
    code: 'DATASET_NESTED',
    subject: name,
    hint: 'Leave them out ("treat: drop"), or keep them with "because" where nothing in them is of a person.',
  });
}

function isNested({ type }: TypedColumn): boolean {
  return parseHiveType(type).kind !== 'primitive';
}

function isTreated({ treatment, read }: Pick<PlannedColumn, 'treatment' | 'read'>): boolean {
  return read !== undefined || (treatment.kind !== 'keep' && treatment.kind !== 'drop');
}
