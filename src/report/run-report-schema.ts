import { z } from 'zod';
import { APPROVAL_WAYS } from '../domain/approval.ts';
import { RECONCILE_LEVELS } from '../domain/mapping.ts';
import type { Proof } from '../domain/outcome.ts';
import { RECONCILE_CHECKS } from '../domain/reconciliation.ts';
import { RUN_REPORT_SCHEMA, VERDICT_REASONS, type ReportStatus, type RunReport } from '../domain/run-report.ts';
import { contentSchema, queryCostSchema } from './content-schema.ts';
import { bytes, count, isoTime, verdict, type SaysTheSame } from './schema-parts.ts';

const rows = z.string().regex(/^\d+$/).describe('Decimal text: may exceed 2^53.');
const capped = <Entry extends z.ZodType>(entry: Entry) =>
  z.object({ shown: z.array(entry), total: count.describe('Exact; "shown" may hold fewer.') });

const itemKind = z.enum(['file', 'table', 'view', 'partition', 'path', 'function']);
const scopeKind = z.enum(['table', 'view', 'path']);
const proof = z.enum(['end-to-end', 'reread', 'target-only'] satisfies Proof[]);
const status = z.enum([
  'verified',
  'already-verified',
  'registered',
  'updated',
  'unchanged',
  'skipped',
  'refused',
  'undecided',
  'source-moved',
  'failed',
  'not-attempted',
  'pending',
] satisfies ReportStatus[]);
const reason = z.object({ code: z.string(), text: z.string(), hint: z.string().optional() });

const fileTotals = z.object({
  expected: count,
  expectedBytes: bytes,
  matched: count,
  matchedBytes: bytes,
  proofs: z.object({ 'end-to-end': count, reread: count, 'target-only': count }),
  differing: count,
  drifted: count,
  unchecked: count,
  unexpected: count,
});

const check = z.enum(RECONCILE_CHECKS);
const finding = z.object({
  check,
  kind: z.enum([
    'missing',
    'size-differs',
    'checksum-differs',
    'unproven',
    'drifted',
    'erased',
    'unexpected',
    'foreign',
    'unreadable',
    'differs',
    'unchecked',
  ]),
  weight: z.enum(['difference', 'drift', 'unchecked']),
  scope: z.string(),
  subject: z.string(),
  detail: z.string(),
  source: z.string().optional(),
  target: z.string().optional(),
});

const columnRow = z.object({
  name: z.string(),
  status: z.enum(['same', 'missing', 'unexpected', 'type-differs', 'moved', 'comment-differs']),
  isPartitionKey: z.boolean().optional(),
  wantedPosition: count.optional(),
  standingPosition: count.optional(),
  wantedType: z.string().optional(),
  standingType: z.string().optional(),
  reason: z.string().optional(),
});

const scopeReconciliation = z.object({
  scope: z.string(),
  kind: scopeKind,
  target: z.string().optional(),
  location: z.string().optional(),
  level: z.enum(RECONCILE_LEVELS).optional(),
  verdict,
  checks: z.array(
    z.object({
      check,
      status: z.enum(['passed', 'differences', 'incomplete', 'not-configured']),
      compared: count,
      deviating: count,
      reason: z.string().optional(),
    }),
  ),
  files: fileTotals,
  columns: z.array(columnRow),
  partitions: z
    .object({ expected: count, matched: count, missing: count, differing: count, unexpected: count })
    .optional(),
  rows: z
    .object({
      sourceEngine: z.string(),
      targetEngine: z.string(),
      sourceRows: rows,
      targetRows: rows,
      excludedRows: rows,
      partitionsCompared: count,
      partitionsDiffering: count,
      partitions: z.array(z.object({ name: z.string(), sourceRows: rows, targetRows: rows })),
    })
    .optional(),
  content: contentSchema.optional(),
});

const exclusion = z.object({
  scope: z.string(),
  kind: itemKind,
  subject: z.string(),
  verdict: z.enum(['convert', 'skip', 'refuse', 'needs-decision']),
  code: z.string(),
  text: z.string(),
});

const reconciliation = z.object({
  useCase: z.string(),
  reconciledAtMs: count.describe('Milliseconds since 1970.'),
  planHash: z.string().describe('Of the plan drawn afresh from the live source.'),
  verdict,
  files: fileTotals,
  queryCost: queryCostSchema.optional(),
  findings: capped(finding).extend({ byWeight: z.object({ difference: count, drift: count, unchecked: count }) }),
  excluded: capped(exclusion).extend({
    byVerdict: z.object({ convert: count, skip: count, refuse: count, 'needs-decision': count }),
  }),
});

const scope = z.object({
  scope: z.string(),
  kind: scopeKind,
  target: z.string().optional(),
  location: z.string().optional(),
  status,
  message: z.string().optional(),
  notes: z.array(reason),
  files: z.object({ count, sizeBytes: bytes, good: count, bad: count }),
  partitions: capped(z.object({ name: z.string(), status, files: count, sizeBytes: bytes })),
  reconciliation: scopeReconciliation.optional(),
});

/** The published shape of report.json. A change that breaks readers gets another schema name. */
export const runReportSchema = z
  .object({
    schema: z.literal(RUN_REPORT_SCHEMA),
    useCase: z.object({
      id: z.string(),
      title: z.object({ fr: z.string(), en: z.string() }),
      owner: z.string(),
      wave: z.number(),
      purpose: z.string(),
      legalBasis: z.string(),
    }),
    run: z.object({
      runId: z.string(),
      planHash: z.string(),
      toolVersion: z.string(),
      startedBy: z.string(),
      approval: z
        .object({ planHash: z.string(), by: z.string(), at: isoTime, way: z.enum(APPROVAL_WAYS) })
        .optional()
        .describe('On what ground the plan was run.'),
      startedAt: isoTime,
      finishedAt: isoTime.optional(),
      durationMs: z.number().nonnegative().optional(),
      status: z.enum(['running', 'finished', 'interrupted', 'broken']),
    }),
    verdict,
    verdictReasons: z.array(z.object({ code: z.enum(VERDICT_REASONS), count })),
    totals: z.array(z.object({ kind: itemKind, status, count, sizeBytes: bytes })),
    proofs: z.array(z.object({ proof, count, sizeBytes: bytes })),
    exceptions: capped(
      z.object({
        itemId: z.string(),
        scope: z.string(),
        kind: itemKind,
        subject: z.string(),
        status,
        code: z.string().optional(),
        message: z.string().optional(),
        hint: z.string().optional(),
      }),
    ),
    excluded: capped(
      z.object({
        scope: z.string(),
        kind: itemKind,
        code: z.string(),
        text: z.string(),
        count,
        sizeBytes: bytes,
        examples: z.array(z.string()),
      }),
    ).describe('One entry per table or folder and reason.'),
    scopes: z.array(scope),
    reconciliation: reconciliation.optional(),
    checks: z.array(z.object({ name: z.string(), isOk: z.boolean(), detail: z.string() })),
    timings: z.array(z.object({ step: z.string(), durationMs: z.number().nonnegative() })),
  })
  .meta({ id: RUN_REPORT_SCHEMA, title: 'lakelift run report' });

void (true satisfies SaysTheSame<typeof runReportSchema, RunReport>);
