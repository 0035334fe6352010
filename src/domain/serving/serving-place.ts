import type { Dataset } from '../privacy/dataset.ts';
import type { UseCaseId } from '../names.ts';
import { joinKey } from '../object-key.ts';

/**
 * Where the files of imports stand, a folder for each version below `items`, and what says which are the latest. Only items are deleted after a time, hence
 * nothing else stands beside them. Engines pass over what begins with an underscore.
 */
export function servedFrom(useCase: UseCaseId, { prefix }: { readonly prefix: string }) {
  const files = joinKey(prefix, '_serving', useCase);
  return { files, items: `${files}/items`, latest: `${files}/latest.json` };
}

/** What the names of its tables begin with; each version of the items has one of its own. */
export function servingTablesOf(useCase: UseCaseId): string {
  return `lakelift-${useCase}-serving-`;
}

/** All of a use case's items are imported from one place: the zone of its first dataset that is served. */
export function servingZone(served: readonly Pick<Dataset, 'target'>[]): Dataset['target']['zone'] {
  return served[0]!.target.zone;
}

/** Of another use case is what has a dash after that: `lakelift-field-sales-serving-x-serving-…`. */
export function isServingTableOf(useCase: UseCaseId, table: string): boolean {
  const prefix = servingTablesOf(useCase);
  return table.startsWith(prefix) && !table.slice(prefix.length).includes('-');
}

/** What objects of `serve` say of themselves. */
export function servingMark(useCase: UseCaseId): Readonly<Record<string, string>> {
  return { 'lakelift-use-case': useCase };
}
