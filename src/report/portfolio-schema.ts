import { z } from 'zod';
import { DECISIONS } from '../domain/acceptance/acceptance.ts';
import { BATCH_SCHEMA } from '../domain/batch/batch-record.ts';
import { PORTFOLIO_SCHEMA, STAGES, type Portfolio } from '../domain/portfolio.ts';
import { bytes, count, isoTime, verdict, type SaysTheSame } from './schema-parts.ts';

const run = z.object({
  runId: z.string(),
  startedAt: isoTime,
  status: z.enum(['running', 'finished', 'interrupted', 'broken']),
});

const batchResult = z.object({
  useCase: z.string(),
  wave: z.number(),
  exitCode: z.int(),
  hasBegun: z.boolean(),
  runId: z.string().optional(),
  planHash: z.string().optional(),
  verdict: verdict.optional(),
  files: count.describe('Proven at the target in this run, those found there included.'),
  sizeBytes: bytes,
  durationMs: z.number().nonnegative(),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }).optional(),
  report: z.string().optional(),
});

const batch = z
  .object({
    schema: z.literal(BATCH_SCHEMA),
    batchId: z.string(),
    startedBy: z.string(),
    startedAt: isoTime,
    finishedAt: isoTime,
    exitCode: z.int().describe('The worst of all.'),
    useCases: z.array(batchResult),
  })
  .describe('One call of "lakelift run" for several use cases.');

/** The published shape of portfolio.json. */
export const portfolioSchema = z
  .object({
    schema: z.literal(PORTFOLIO_SCHEMA),
    drawnAt: isoTime,
    entries: z.array(
      z.object({
        useCase: z.object({
          id: z.string(),
          title: z.object({ fr: z.string(), en: z.string() }),
          owner: z.string(),
          wave: z.number(),
        }),
        stage: z.enum(STAGES).describe('The furthest that the use case has come.'),
        runningAt: z.string().optional().describe('Who runs it now, where that is known.'),
        approval: z.object({ planHash: z.string(), by: z.string(), at: isoTime }).optional(),
        lastRun: run.extend({ finishedAt: isoTime.optional() }).optional(),
        progress: z.object({ files: count, ofFiles: count, sizeBytes: bytes, ofSizeBytes: bytes }).optional(),
        verdict: verdict.optional(),
        decision: z.enum(DECISIONS).optional(),
        files: count.describe('Of the last run: copied and proven.'),
        sizeBytes: bytes,
        tables: count,
        openPoints: count.describe('Findings and items that somebody must look at.'),
        blockers: z.array(z.object({ kind: z.enum(['refused', 'undecided', 'failed', 'differences']), count })),
        next: z.string().describe('The command that brings it further.'),
        runs: z.array(run).describe('Newest first.'),
      }),
    ),
    batches: z.array(batch).describe('Newest first.'),
  })
  .meta({ id: PORTFOLIO_SCHEMA, title: 'lakelift portfolio' });

void (true satisfies SaysTheSame<typeof portfolioSchema, Portfolio>);
