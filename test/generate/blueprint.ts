import type { Blueprint } from '../../src/generate/blueprint.ts';
import { readDatasets } from '../../src/config/datasets-file.ts';
import { readMapping } from '../../src/config/mapping-file.ts';
import { loadMigration } from '../../src/config/migration-file.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

/** A use case of this repository, as it would stand in eu-west-3. */
export async function blueprintOf(useCase: string): Promise<Blueprint> {
  return {
    migration: await loadMigration(ROOT, useCase),
    mapping: await readMapping(ROOT, useCase),
    datasets: await readDatasets(ROOT, useCase),
    zones: {
      raw: { bucket: 'acme-raw', prefix: '' },
      cleaned: { bucket: 'acme-cleaned', prefix: 'lake' },
      refined: { bucket: 'acme-refined', prefix: '' },
    },
    region: 'eu-west-3',
  };
}
