import { z } from 'zod';
import { CONVERSION_FORMATS } from '../domain/conversion.ts';
import { dsnColumn } from '../domain/dsn/dsn-table.ts';
import { COLUMN_CLASSES, RECONCILE_LEVELS, ZONES } from '../domain/mapping.ts';
import { toGlueType } from '../domain/rules/glue-type.ts';
import { hdfsDirectory } from './hdfs-directory.ts';

const glueName = z
  .string()
  .regex(/^[a-z0-9_]{1,255}$/, 'must be lower-case letters, digits and "_": what Athena reads without quoting');

const skip = z
  .string()
  .trim()
  .min(1, 'must give the reason, which goes into every report')
  .describe('Leaves it where it is. The reason goes into every report.');

const glueType = z
  .string()
  .superRefine((text, context) => {
    const ruling = toGlueType(text);
    if (!ruling.isSupported) context.addIssue({ code: 'custom', message: ruling.reason.text });
  })
  .describe('Glue type in place of the one derived from Hive.');

const column = z.strictObject({
  class: z.enum(COLUMN_CLASSES).describe('What the column says about persons.'),
  treat: z.string().min(1).optional().describe('How it is treated when cleaned and refined are built: pseudonymise…'),
  type: glueType.optional(),
});

const partitions = z.strictObject({
  offPath: z
    .enum(['relocate', 'refuse'])
    .default('relocate')
    .describe('Partitions whose folder lies outside the table: moved below it, or refused.'),
  missingFolder: z
    .enum(['register-empty', 'skip', 'refuse'])
    .default('register-empty')
    .describe('Partitions whose folder does not exist: registered without files, left out, or refused.'),
  otherFormat: z
    .enum(['refuse', 'register'])
    .optional()
    .describe('Partitions in a file format other than the table has: refused unless told, for Athena wants one.'),
  index: z
    .array(z.string().regex(/^[a-z0-9_]+$/, 'must be a partition key in lower case'))
    .min(1)
    .optional()
    .describe('Partition keys of an index in Glue, in their order: queries that name their first ones list less.'),
  projection: z
    .boolean()
    .optional()
    .describe('Has Athena compute the partitions from ranges (partition projection) where they fit; the plan says so.'),
  statistics: z
    .enum(['all'])
    .optional()
    .describe('Column statistics of all partitions that have some go to Glue, one at a call; of 1000 unless told.'),
});

const timeZone = z.string().refine((text) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}, 'must be a time zone such as "Europe/Paris"');

const sourceTable = z
  .string()
  .regex(/^[^.\sA-Z]+\.[^.\sA-Z]+$/, 'must be "database.table" in lower case, as Hive holds it');

const view = z.strictObject({
  sql: z.string().trim().min(1).optional().describe("Athena's SQL written by a person, in place of a translation."),
  timeZone: timeZone.optional().describe('Time zone in which the cluster reads instants without zone.'),
  reads: z
    .record(sourceTable, z.string().regex(/^[a-z0-9_]+\.[a-z0-9_]+$/, 'must be "database.table" of Glue'))
    .optional()
    .describe('Tables that another use case brought to Glue, by their name at the source.'),
});

const table = z.strictObject({
  target: z.strictObject({ zone: z.enum(ZONES), database: glueName, table: glueName }),
  skip: skip.optional(),
  storage: z
    .enum(['keep', 'convert'])
    .default('keep')
    .describe(
      'keep: bytes as they are. convert: exported by HiveServer2 into a staging table, and that is taken over.',
    ),
  convert: z
    .strictObject({ format: z.enum(CONVERSION_FORMATS).default('parquet') })
    .optional()
    .describe('With "storage: convert": the format to write; Parquet unless told.'),
  partitions: partitions.prefault({}),
  columns: z.record(z.string(), column).default({}),
  reconcile: z.strictObject({ level: z.enum(RECONCILE_LEVELS) }).default({ level: 'rows' }),
  calendar: z
    .enum(['keep', 'keep-int96'])
    .optional()
    .describe(
      'Days before 15 October 1582 go as they are written, though Athena shows them as other days. keep-int96: timestamps of twelve bytes do, and days are right.',
    ),
  orc: z
    .enum(['by-name', 'by-place'])
    .optional()
    .describe(
      'How Hive finds the columns of an ORC table in its files, and Athena is to. The plan asks where it makes a difference.',
    ),
  names: z
    .enum(['mask'])
    .optional()
    .describe('Names of its files hold personal values: they go as they are, and reports show tokens in their place.'),
  view: view.optional().describe('For views: what their translation needs to know.'),
});

const rubric = z.string().refine((code) => dsnColumn(code) !== undefined, {
  error: ({ input }) => `"${String(input)}" is no rubric of edition P24V01: write "S21.G00.60.001"`,
});

const dsn = z.strictObject({
  as: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,127}$/, 'must be lower-case letters, digits and _')
    .describe('What datasets put before the table of a block: "dsn_rh" for "dsn_rh.arret_travail".'),
  rubrics: z
    .record(rubric, column.omit({ type: true }))
    .default({})
    .describe('Classes and treatments in place of the default ones, by rubric.'),
});

const path = z.strictObject({
  target: z.strictObject({
    zone: z.enum(ZONES),
    prefix: z
      .string()
      .regex(
        /^((?!\.{1,2}(\/|$))[^/]+(\/(?!\.{1,2}(\/|$))[^/]+)*)?$/,
        'must be a prefix such as "data/rh/dsn", without slash at either end',
      )
      .describe("Below the zone's own prefix."),
  }),
  skip: skip.optional(),
  names: z
    .enum(['mask'])
    .optional()
    .describe('Names below this folder hold personal values: reports show tokens in their place.'),
  dsn: dsn.optional().describe('The files below are DSN: datasets may be made of their blocks (docs/dsn.md).'),
});

/** Everything a file in `mappings/` may hold. */
export const mappingSchema = z
  .strictObject({
    useCase: z.string(),
    tables: z.record(sourceTable, table).default({}).describe('By database.table at the source.'),
    paths: z.record(hdfsDirectory, path).default({}).describe('By HDFS directory: files that no table owns.'),
  })
  .superRefine(({ tables, paths }, context) => {
    const taken = new Set(Object.keys(tables).map((name) => name.split('.')[0]));
    for (const [folder, { dsn: files }] of Object.entries(paths)) {
      if (files === undefined) continue;
      if (taken.has(files.as))
        context.addIssue({
          code: 'custom',
          path: ['paths', folder, 'dsn', 'as'],
          message: `${files.as} is a database, or another folder of DSN files, of this mapping`,
        });
      taken.add(files.as);
    }
  });

/** For editors: what `mapping.schema.json` beside the mappings holds. */
export function mappingJsonSchema(): string {
  const schema = z.toJSONSchema(mappingSchema, { io: 'input' });
  return `${JSON.stringify({ ...schema, title: 'lakelift mapping' }, null, 2)}\n`;
}
