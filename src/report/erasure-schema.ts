import { z } from 'zod';
import { ERASURE_SCHEMA, type ErasureRecord } from '../domain/privacy/erasure.ts';
import { count, isoTime, type SaysTheSame } from './schema-parts.ts';

const figures = z.object({
  name: z.string(),
  table: z.string(),
  rowsBefore: count,
  rowsAfter: count,
  rowsErased: count.describe('Rows of the person, of all attempts.'),
  notSearched: z.array(z.string()).describe('Columns of people in clear, to be looked into by hand.'),
  k: count.optional(),
  smallestClass: count.optional().describe('That is left, of the columns that the dataset is anonymous over.'),
});

const served = z.object({
  kind: z.enum(['serving-files', 'serving-table']),
  location: z.string(),
  itemsBefore: count.optional().describe('Absent where a table could not be read to its end.'),
  itemsAfter: count.optional(),
  itemsErased: count,
});

const objectSum = z.object({ sizeBytes: count, crc32c: z.string().describe('Base64, of the whole object.') });

const raw = z.object({
  table: z.string(),
  rows: count
    .optional()
    .describe('Rows, or records of DSN files, that name the person; absent where none could be looked for.'),
  objects: z.array(
    z.object({
      location: z.string(),
      rows: count,
      replaced: z
        .object({ before: objectSum, after: objectSum })
        .optional()
        .describe('Where raw is erased from: the bytes of the object before, and without these rows.'),
      reason: z
        .string()
        .optional()
        .describe('Why its rows could not go, or its name, which is made of what the person is known by: a code.'),
    }),
  ),
  reason: z.string().optional().describe('Why the person could not be looked for: a code.'),
});

const left = z.object({
  kind: z.enum(['small-files', 'serving-files', 'serving-tables', 'undeclared-table']),
  table: z.string().optional(),
  location: z.string(),
  objects: count.optional(),
  reason: z.string().optional(),
});

/** The published shape of the record of an erasure. */
export const erasureSchema = z
  .object({
    schema: z.literal(ERASURE_SCHEMA),
    useCase: z.string(),
    begunAt: isoTime,
    endedAt: isoTime.optional().describe('Absent until all is written, and where nothing was to be.'),
    by: z.string().describe('user@host'),
    pseudonyms: z.string().describe('Scheme, domain and versions of keys; never a key.'),
    isDone: z
      .boolean()
      .describe(
        'All is written, nothing published (with alsoRaw, nothing of raw either) is left to its owner, and the person could be found.',
      ),
    withdrawn: z.string().optional().describe('Nothing was written, and why: a code.'),
    person: z.string().optional().describe('While it is open: a keyed token that stands nowhere else.'),
    kinds: z
      .record(z.string(), count)
      .describe('Kinds of identifiers that were given, and how many columns are pseudonyms of each.'),
    datasets: z.array(figures),
    served: z.array(served),
    toBuildAgain: z.array(z.string()),
    alsoRaw: z.boolean().optional().describe('Rows go from raw as well; absent where it is only searched.'),
    raw: z.array(raw),
    pathsNotSearched: z.array(z.string()),
    publishedNotErased: z.array(left),
  })
  .meta({ id: ERASURE_SCHEMA, title: 'lakelift record of an erasure' });

void (true satisfies SaysTheSame<typeof erasureSchema, ErasureRecord>);
