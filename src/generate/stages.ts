import type { Dataset, Datasets } from '../domain/privacy/dataset.ts';
import { datasetsBelow, datasetsInOrder } from '../domain/privacy/dataset-order.ts';

/** Datasets that can be made side by side, after all that they are made of: the graph of every orchestrator. */
export function stagesOf({ datasets }: Datasets): (readonly Dataset[])[] {
  const stages: Dataset[][] = [];
  const stageOf = new Map<string, number>();
  for (const dataset of datasetsInOrder(datasets)) {
    const stage = Math.max(0, ...datasetsBelow(dataset).map((name) => stageOf.get(name)! + 1));
    stageOf.set(dataset.name, stage);
    (stages[stage] ??= []).push(dataset);
  }
  return stages;
}
