import { z } from 'zod';
import { ASSESSMENT_SCHEMA, RANK_REASONS, SEVERITIES, type Assessment } from '../domain/assessment/assessment.ts';

const count = z.int().nonnegative();
const severity = z.enum(SEVERITIES);
const bySeverity = z.object({ blocking: count, decision: count, attention: count, note: count });
const usage = z.object({
  files: count,
  sizeBytes: count,
  smallFiles: count.optional().describe('Smaller than 8 MiB; only known from an image.'),
  modifiedAtMs: count.optional().describe('Of the last file that changed, milliseconds since 1970.'),
  readAtMs: count.optional(),
});

const item = z.object({
  kind: z.enum(['table', 'view', 'path']),
  name: z.string().describe('database.table, or an absolute HDFS directory.'),
  format: z.string().optional(),
  partitions: count,
  columns: count,
  personalColumns: count,
  usage: usage.optional(),
  findings: z.array(z.object({ severity, code: z.string(), text: z.string(), hint: z.string().optional() })),
  reads: z.array(z.string()),
  useCases: z.array(z.string()),
  effortDays: z.number().nonnegative(),
});

const useCase = z.object({
  id: z.string(),
  title: z.object({ fr: z.string(), en: z.string() }),
  owner: z.string(),
  wave: z.int(),
  items: z.array(z.string()),
  usage,
  findings: bySeverity,
  shared: z.array(z.object({ item: z.string(), with: z.array(z.string()) })),
  needs: z.array(z.string()),
  effortDays: z.number().nonnegative(),
  rank: z.int().positive(),
  reasons: z.array(z.enum(RANK_REASONS)),
  proposedWave: z.int().positive(),
});

export const assessmentSchema = z.object({
  schema: z.literal(ASSESSMENT_SCHEMA),
  drawnAt: z.iso.datetime(),
  usageFrom: z.enum(['image', 'live']),
  totals: z.object({
    databases: count,
    tables: count,
    views: count,
    partitions: count,
    files: count,
    sizeBytes: count,
    findings: bySeverity,
    unassigned: count,
  }),
  useCases: z.array(useCase),
  items: z.array(item),
  otherFolders: z.array(z.object({ path: z.string(), usage })),
}) satisfies z.ZodType<Assessment>;

/** For readers of assessment.json. */
export function assessmentJsonSchema(): unknown {
  return { ...z.toJSONSchema(assessmentSchema), title: 'lakelift assessment' };
}
