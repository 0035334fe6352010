import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Datasets } from '../domain/privacy/dataset.ts';
import { datasetsSchema } from './datasets-schema.ts';
import { readYaml } from './read-yaml.ts';

function datasetsPath(root: string, useCase: string): string {
  return join(root, 'mappings', `${useCase}.datasets.yaml`);
}

/** Reads `mappings/<use-case>.datasets.yaml`. Throws `usage` naming line and column of every fault. */
export async function readDatasets(root: string, useCase: string): Promise<Datasets> {
  const hint = 'docs/zones.md shows what it holds.';
  return (await readYaml(datasetsPath(root, useCase), datasetsSchema, hint)).value;
}

/** Use cases that declare datasets, in the order of their names. */
export async function useCasesWithDatasets(root: string): Promise<string[]> {
  const names = await readdir(join(root, 'mappings')).catch(() => []);
  return names.flatMap((name) => /^(.+)\.datasets\.yaml$/.exec(name)?.[1] ?? []).sort();
}
