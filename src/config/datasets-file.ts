import { join } from 'node:path';
import { z } from 'zod';
import type { Datasets } from '../domain/privacy/dataset.ts';
import { readYaml } from './read-yaml.ts';

const name = z.string().regex(/^[a-z][a-z0-9_]{0,127}$/, 'must be lower-case letters, digits and _');
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined);

const column = z.strictObject({
  treat: optional(z.string().min(1)),
  as: optional(name),
  because: optional(z.string().trim().min(10, 'must give purpose and legal basis')),
});

const anonymity = z.strictObject({
  // No default: how many are enough is the use case's decision.
  k: z.number().int().min(2),
  over: z.array(name).min(1),
  diversity: optional(z.strictObject({ of: name, l: z.number().int().min(2) })),
  onFailure: z.enum(['refuse', 'suppress']).default('refuse'),
});

const dataset = z.strictObject({
  target: z.strictObject({ zone: z.enum(['cleaned', 'refined']), database: name, table: name }),
  from: z.string().regex(/^[^.\s]+\.[^.\s]+$/, 'must be a table of the mapping: "database.table"'),
  columns: optional(z.record(z.string(), column)).transform((columns) => columns ?? {}),
  anonymity: optional(anonymity),
});

const datasetsSchema = z.strictObject({
  useCase: z.string(),
  pseudonyms: optional(
    z.strictObject({
      domain: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and -'),
      version: z.number().int().min(1),
    }),
  ),
  datasets: z.record(name, dataset),
});

export function datasetsPath(root: string, useCase: string): string {
  return join(root, 'mappings', `${useCase}.datasets.yaml`);
}

/** Reads `mappings/<use-case>.datasets.yaml`. Throws `usage` naming line and column of every fault. */
export async function readDatasets(root: string, useCase: string): Promise<Datasets> {
  const hint = 'docs/zones.md shows what it holds.';
  const { value } = await readYaml(datasetsPath(root, useCase), datasetsSchema, hint);
  return {
    ...value,
    datasets: Object.entries(value.datasets).map(([key, each]) => ({ ...each, name: key })),
  };
}
