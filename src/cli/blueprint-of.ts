import type { Project } from '../config/config.ts';
import { readDatasets } from '../config/datasets-file.ts';
import { readMapping } from '../config/mapping-file.ts';
import { loadMigration } from '../config/migration-file.ts';
import type { Migration } from '../domain/migration.ts';
import type { Blueprint } from '../generate/blueprint.ts';

/** What everything of a use case is generated from, as its files declare it. */
export async function blueprintOf(
  { root, config }: Project,
  id: string,
): Promise<Blueprint & { readonly migration: Migration }> {
  return {
    migration: await loadMigration(root, id),
    mapping: await readMapping(root, id),
    datasets: await readDatasets(root, id),
    zones: config.zones,
    region: config.target.region,
  };
}
