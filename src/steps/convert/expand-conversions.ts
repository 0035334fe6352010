import type { Conversion, StagedFile } from '../../domain/conversion.ts';
import { parseLocation } from '../../domain/location.ts';
import { partitionName } from '../../domain/partition-name.ts';
import { partitionItemId, type PartitionItem, type PlanItem, type TableItem } from '../../domain/plan.ts';
import { valuesOverLimits } from '../../domain/rules/glue-limits.ts';
import { ProjectionFit } from '../../domain/rules/partition-projection.ts';
import { partitionValueProblems } from '../../domain/rules/partition-value.ts';
import { STAMP, type TargetTable } from '../../domain/target-table.ts';
import type { Ledger } from '../../ports/ledger.ts';
import { plannedFile } from '../plan/plan-context.ts';
import { wantedProjection } from '../plan/plan-projection.ts';

export type Conversions = Pick<Ledger, 'findConversion' | 'listStagedFiles'>;

/**
 * Puts what was exported in the place of the tables of a plan that are to be converted: the table as it will stand, its partitions and
 * its staged files. The plan keeps its hash: it is the same decision, further along. Tables that `isUsable` turns down stay as they are.
 */
export function expandConversions(
  plan: Pick<Ledger, 'listItems' | 'writePlan' | 'findPlan'>,
  conversions: Conversions,
  isUsable: (item: TableItem, conversion: Conversion) => boolean,
): void {
  if (plan.listItems({ kind: 'table', verdict: 'convert' })[Symbol.iterator]().next().done === true) return;
  const writer = plan.writePlan();
  try {
    for (const item of plan.listItems({})) {
      const conversion = conversionOf(item, conversions);
      const isExpanded = conversion !== undefined && isUsable(item as TableItem, conversion);
      if (!isExpanded) writer.add(item);
      else
        for (const one of expanded(item as TableItem, conversion, conversions.listStagedFiles(item.scope)))
          writer.add(one);
    }
    writer.finish(plan.findPlan()?.hash);
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

function conversionOf(item: PlanItem, conversions: Conversions): Conversion | undefined {
  return item.kind === 'table' && item.verdict === 'convert' ? conversions.findConversion(item.scope) : undefined;
}

function* expanded(item: TableItem, conversion: Conversion, files: Iterable<StagedFile>): Generator<PlanItem> {
  const { reason, ...rest } = item;
  const projection = projectionOf(item, conversion);
  const definition = definitionOf(item, conversion, projection.parameters);
  const text = `${reason?.text ?? 'converted'}; ${conversion.rows} rows`;
  const notes = [{ code: 'CONVERTED', text }, ...item.notes, ...projection.notes];
  yield {
    ...rest,
    verdict: 'copy',
    definition,
    notes,
    conversion: { ...item.conversion!, exportedState: conversion.state },
  };
  for (const values of conversion.partitions) yield partitionItem(item.scope, definition, values);
  const { authority: bucket, path } = parseLocation(conversion.location);
  const place = { scope: item.scope, bucket, prefix: path.slice(1) };
  const keyCount = definition.partitionKeys.length;
  for (const { file, relative } of files) {
    const partition = keyCount === 0 ? undefined : relative.split('/').slice(0, keyCount).join('/');
    yield { ...plannedFile({ ...place, partition }, file, relative), isStaged: true };
  }
}

/** Each partition lies in the folder of its name, stored as all of them are. */
function projectionOf(item: TableItem, { partitions }: Conversion): ReturnType<typeof wantedProjection> {
  if (item.conversion?.isProjected !== true) return { notes: [], parameters: {} };
  const { partitionKeys } = item.definition!;
  const fit = new ProjectionFit(partitionKeys);
  for (const values of partitions) fit.add(values, partitionName(partitionKeys, values));
  return wantedProjection(fit);
}

function definitionOf(
  { definition }: TableItem,
  { location, state }: Conversion,
  projection: TargetTable['parameters'],
): TargetTable {
  return {
    ...definition!,
    storage: { ...definition!.storage, location },
    parameters: { ...definition!.parameters, ...projection, [STAMP.sourceState]: state },
  };
}

function partitionItem(scope: string, definition: TargetTable, values: readonly string[]): PartitionItem {
  const name = partitionName(definition.partitionKeys, values);
  const location = `${definition.storage.location ?? ''}${name}/`;
  const [problem] = [...valuesOverLimits(values), ...partitionValueProblems(definition.partitionKeys, values)];
  return {
    kind: 'partition',
    id: partitionItemId(scope, name),
    scope,
    name,
    table: { database: definition.database, name: definition.name },
    ...(problem === undefined ? { verdict: 'copy' } : { verdict: 'needs-decision', reason: problem }),
    definition: { values, storage: { ...definition.storage, location }, parameters: {} },
  };
}
