import type { Dataset } from './dataset.ts';
import { datasetsInOrder } from './dataset-order.ts';
import type { SourceTable } from './plan-columns.ts';
import { planDataset, sourceOfDataset, sourceOfTable, type PlanOptions, type Sources } from './plan-dataset.ts';
import type { PlannedDataset } from './planned-dataset.ts';

/** All datasets of a file, each after what it is made of, from what the mapping says of tables. Throws `usage` as {@link planDataset} does. */
export function planDatasets(
  datasets: readonly Dataset[],
  mapping: Sources,
  options: PlanOptions = {},
): PlannedDataset[] {
  const planned = new Map<string, PlannedDataset>();
  const tableOf = (name: string): SourceTable => {
    const made = planned.get(name);
    return made === undefined ? sourceOfTable(mapping, name) : sourceOfDataset(made);
  };
  for (const dataset of datasetsInOrder(datasets)) planned.set(dataset.name, planDataset(dataset, tableOf, options));
  return [...planned.values()];
}
