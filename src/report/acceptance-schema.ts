import { z } from 'zod';
import { ACCEPTANCE_SCHEMA, DECISIONS, type AcceptanceRecord } from '../domain/acceptance/acceptance.ts';
import { count, isoTime, verdict, type SaysTheSame } from './schema-parts.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const openPoint = z.object({
  id: z.string(),
  kind: z.enum(['difference', 'drift', 'unchecked', 'item', 'check']),
  scope: z.string(),
  subject: z.string(),
  detail: z.string(),
});

const acceptance = z.object({
  decision: z.enum(DECISIONS),
  by: z.object({ name: z.string(), role: z.string() }),
  at: isoTime,
  recordedBy: z.string().describe('user@host of whoever recorded it.'),
  toolVersion: z.string(),
  report: z.object({
    runId: z.string(),
    planHash: z.string(),
    verdict,
    sha256: sha256.describe('Of report.json.'),
    lists: z.record(z.string(), sha256).describe('SHA-256 of the lists that belong to it, by name.'),
  }),
  reservations: z.array(z.object({ text: z.string(), owner: z.string(), dueDate: z.iso.date() })),
  waivers: z
    .array(z.object({ id: z.string(), reason: z.string(), point: openPoint }))
    .describe('Differences that somebody takes responsibility for.'),
  openPoints: count.describe('What was open, and neither waived nor a difference.'),
  remark: z.string().optional(),
});

/** The published shape of acceptance.json. */
export const acceptanceSchema = z
  .object({
    schema: z.literal(ACCEPTANCE_SCHEMA),
    useCase: z.string(),
    decisions: z.array(acceptance).min(1).describe('Oldest first; the last one counts.'),
  })
  .meta({ id: ACCEPTANCE_SCHEMA, title: 'lakelift acceptance record' });

void (true satisfies SaysTheSame<typeof acceptanceSchema, AcceptanceRecord>);
