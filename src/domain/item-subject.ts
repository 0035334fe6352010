import type { PlanItem } from './plan.ts';

/** What a person calls an item: its path, its partition, its table. */
export function subjectOf(item: PlanItem): string {
  if (item.kind === 'file') return item.source.path;
  if (item.kind === 'path') return item.path;
  return item.kind === 'partition' ? item.name : item.scope;
}
