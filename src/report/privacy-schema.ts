import { z } from 'zod';
import { COLUMN_CLASSES, ZONES } from '../domain/mapping.ts';
import { PRIVACY_REPORT_SCHEMA, type PrivacyReport } from '../domain/privacy/privacy-report.ts';
import { count, isoTime, type SaysTheSame } from './schema-parts.ts';

const columnClass = z.enum(COLUMN_CLASSES);

/** What is said of a dataset. */
export const datasetPrivacySchema = z.object({
  name: z.string(),
  zone: z.enum(ZONES),
  table: z.string(),
  madeOf: z.array(z.string()),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('Of its files.'),
  columns: z.array(
    z.object({
      name: z.string(),
      source: z.string(),
      class: columnClass,
      treatment: z.string().describe('As mappings write it, or the figure over many rows that it is.'),
      because: z.string().optional().describe('Why it is kept in clear although it is personal.'),
    }),
  ),
  leftOut: z
    .array(z.object({ source: z.string(), column: z.string(), class: columnClass }))
    .describe('Columns of its tables that nobody is given.'),
  sourceRows: count,
  suppressedRows: count,
  rows: count,
  blanked: z
    .object({ rows: count, cells: count })
    .optional()
    .describe('Rows that stayed because cells of theirs were emptied, and how many cells, before rows were summed up.'),
  anonymity: z
    .object({
      over: z.array(z.string()),
      except: z
        .record(z.string(), z.string())
        .optional()
        .describe('Columns that may tell smaller groups apart, and why they stay.'),
      of: z
        .array(z.string())
        .optional()
        .describe(
          'Pseudonyms that people are counted by. Without, rows are counted, of which one person may have several.',
        ),
      k: count,
      smallestClass: count
        .optional()
        .describe('People in the smallest class, or rows without "of"; absent where no row is left.'),
      diversity: z.object({ of: z.string(), l: count, least: count.optional() }).optional(),
      blank: z.array(z.string()).optional().describe('Whose cells are emptied in classes that are too small.'),
      onFailure: z.enum(['refuse', 'suppress']),
    })
    .optional(),
  notAnonymous: z.string().optional().describe('Why no anonymity was asked for.'),
  searched: z
    .array(z.string())
    .describe('Columns that were searched for numbers and addresses of people; none was found.'),
  checks: z.array(z.object({ text: z.string(), severity: z.enum(['refuse', 'warn']), failing: count })),
  consumers: z.array(z.string()),
  purpose: z.string().optional(),
  legalBasis: z.array(z.string()),
  retention: z.object({ period: z.string().describe('ISO 8601.'), from: z.string() }).optional(),
});

/** Which use case a report is of. */
export const reportUseCaseSchema = z.object({
  id: z.string(),
  title: z.object({ fr: z.string(), en: z.string() }),
  owner: z.string(),
  wave: z.int(),
  purpose: z.string(),
  legalBasis: z.string(),
});

/** The published shape of privacy.json of a build. */
export const privacyReportSchema = z
  .object({
    schema: z.literal(PRIVACY_REPORT_SCHEMA),
    useCase: reportUseCaseSchema,
    build: z.object({ at: isoTime, by: z.string().describe('user@host'), toolVersion: z.string(), runId: z.string() }),
    pseudonyms: z.string().optional().describe('Scheme, domain and versions of keys; never a key.'),
    validByChance: z
      .string()
      .optional()
      .describe('Why one valid number alone stopped no dataset, and numbers of companies none; absent where they did.'),
    datasets: z.array(datasetPrivacySchema),
  })
  .meta({ id: PRIVACY_REPORT_SCHEMA, title: 'lakelift privacy report' });

void (true satisfies SaysTheSame<typeof privacyReportSchema, PrivacyReport>);
