import { z } from 'zod';
import {
  STANDING_PRIVACY_SCHEMA,
  STANDING_REMARKS,
  type StandingPrivacyReport,
} from '../domain/privacy/standing-report.ts';
import { datasetPrivacySchema, reportUseCaseSchema } from './privacy-schema.ts';
import { count, isoTime, type SaysTheSame } from './schema-parts.ts';

const smallFiles = z.object({
  table: z.string(),
  pseudonyms: z.string().optional(),
  objects: count.describe('That stand and hold rows.'),
  withoutFigures: count.describe('Of these: written by no call on record, or anew since.'),
  failed: count.describe('Objects of raw whose last call has failed, since the dataset was made whole.'),
  figures: z
    .object({
      objects: count,
      lastAt: isoTime,
      sourceRows: count.optional(),
      suppressedRows: count.optional(),
      rows: count.optional(),
      blanked: z.object({ rows: count, cells: count }).optional(),
      inQuarantine: count.describe('Lines.'),
      k: count.optional().describe('The least that any was asked for; as the three below.'),
      smallestClass: count.optional(),
      l: count.optional(),
      leastDiversity: count.optional(),
      warnings: z.array(z.object({ text: z.string(), failing: count })),
    })
    .optional()
    .describe('Of all objects that figures are known of, together; anonymity is judged within each.'),
});

const standing = z.object({
  madeBy: z.enum(['build', 'job', 'unknown']),
  by: z.string().optional().describe('Of a build whose report is known: user@host.'),
  builtAt: isoTime.optional(),
  run: z.string().optional().describe('Of a job: the execution that it ran in.'),
  writtenAt: isoTime.optional().describe('When its files were written last, by the clock of the store.'),
  pseudonyms: z.string().optional().describe('Scheme, domain and versions of keys, as its table says; never a key.'),
  inQuarantine: z.record(z.string(), count).describe('Lines of DSN files that its job has set aside, by block.'),
  remarks: z.array(z.enum(STANDING_REMARKS)).describe('What somebody should look at.'),
  lastExecution: z
    .object({
      run: z.string(),
      endedAt: isoTime.optional(),
      outcome: z.enum(['made', 'kept', 'failed', 'not-attempted']),
      error: z.string().optional().describe('Its name.'),
      files: count.optional().describe('Objects that its function was to take.'),
      filesFailed: count.optional(),
    })
    .optional()
    .describe('What became of it in the last execution on record.'),
  smallFiles: smallFiles.optional().describe('What functions have written beside it.'),
});

const { sha256, sourceRows, suppressedRows, rows } = datasetPrivacySchema.shape;

const dataset = datasetPrivacySchema.extend({
  sha256: sha256.optional(),
  sourceRows: sourceRows.optional(),
  suppressedRows: suppressedRows.optional(),
  rows: rows.optional(),
  standing,
});

/** The published shape of privacy.json of datasets as they stand. */
export const standingPrivacySchema = z
  .object({
    schema: z.literal(STANDING_PRIVACY_SCHEMA),
    useCase: reportUseCaseSchema,
    drawnUp: z.object({
      at: isoTime,
      by: z.string().describe('user@host'),
      toolVersion: z.string(),
      runId: z.string(),
    }),
    pseudonyms: z.string().optional().describe('Schemes that the tables name; never a key.'),
    validByChance: z
      .string()
      .optional()
      .describe('Why one valid number alone stops no dataset, as declared today; absent where it does.'),
    datasets: z.array(dataset),
  })
  .meta({ id: STANDING_PRIVACY_SCHEMA, title: 'lakelift privacy report of datasets as they stand' });

void (true satisfies SaysTheSame<typeof standingPrivacySchema, StandingPrivacyReport>);
