import type { Acceptance } from '../../src/domain/acceptance/acceptance.ts';
import type { UseCaseId } from '../../src/domain/names.ts';
import type { Finding, ScopeReconciliation } from '../../src/domain/reconciliation.ts';
import type { BatchRecord } from '../../src/domain/batch/batch-record.ts';
import { nextCommand, STAGES, type Portfolio } from '../../src/domain/portfolio.ts';
import type { ReportScope, RunReport } from '../../src/domain/run-report.ts';

const finding: Finding = {
  check: 'files',
  kind: 'missing',
  weight: 'difference',
  scope: 'rh.t',
  subject: '/warehouse/rh.db/t/mois=2024-01/part-0',
  detail: 'the target has no object for it',
  source: '12 bytes',
};

const files = {
  expected: 3,
  expectedBytes: 3000,
  matched: 2,
  matchedBytes: 2000,
  proofs: { 'end-to-end': 2, reread: 0, 'target-only': 0 },
  differing: 1,
  drifted: 0,
  unchecked: 0,
  unexpected: 0,
};

const compared: ScopeReconciliation = {
  scope: 'rh.t',
  kind: 'table',
  target: 'raw_rh.t',
  level: 'rows',
  verdict: 'differences',
  checks: [
    { check: 'files', status: 'differences', compared: 3, deviating: 1 },
    { check: 'columns', status: 'passed', compared: 2, deviating: 0 },
    { check: 'rows', status: 'not-configured', compared: 0, deviating: 0 },
  ],
  files,
  columns: [
    { name: 'nir', status: 'same', wantedType: 'string', standingType: 'string' },
    { name: 'mois', status: 'type-differs', isPartitionKey: true, wantedType: 'string', standingType: 'int' },
  ],
  partitions: { expected: 2, matched: 2, missing: 0, differing: 0, unexpected: 0 },
};

/** A table as a report has it, with so many partitions. */
function scopeOf(name: string, partitions: number): ReportScope {
  return {
    scope: name,
    kind: 'table',
    target: `raw_${name}`,
    location: `s3://bucket/${name.replace('.', '/')}/`,
    status: 'registered',
    notes: [{ code: 'N', text: 'a comment was cut' }],
    files: { count: 3, sizeBytes: 3000, good: 2, bad: 1 },
    partitions: {
      shown: Array.from({ length: partitions }, (_, index) => ({
        name: `mois=2024-${String(index).padStart(4, '0')}`,
        status: 'registered' as const,
        files: 1,
        sizeBytes: 1000,
      })),
      total: partitions,
    },
    reconciliation: { ...compared, scope: name },
  };
}

/** A report in which every section of the page has something to show. */
export const fullReport: RunReport = {
  schema: 'lakelift/run-report/1',
  useCase: {
    id: 'absences',
    title: { fr: 'Gestion des absences', en: 'Absence management' },
    owner: 'rh-data@example.org',
    wave: 1,
    purpose: 'Pilotage',
    legalBasis: 'art. 6.1.f',
  },
  run: {
    runId: '20260102-030405-abcd',
    planHash: 'a'.repeat(64),
    toolVersion: '0.1.0',
    startedBy: 'me@host',
    approval: { way: 'hash', planHash: 'a'.repeat(64), by: 'ci@host', at: '2026-01-02T03:04:06.000Z' },
    startedAt: '2026-01-02T03:04:05.000Z',
    finishedAt: '2026-01-02T03:05:05.000Z',
    durationMs: 60_000,
    status: 'finished',
  },
  verdict: 'differences',
  verdictReasons: [
    { code: 'differences', count: 1 },
    { code: 'failed', count: 1 },
  ],
  totals: [
    { kind: 'file', status: 'verified', count: 2, sizeBytes: 2000 },
    { kind: 'file', status: 'failed', count: 1, sizeBytes: 1000 },
    { kind: 'table', status: 'registered', count: 1, sizeBytes: 0 },
  ],
  proofs: [
    { proof: 'end-to-end', count: 1, sizeBytes: 1000 },
    { proof: 'target-only', count: 1, sizeBytes: 1000 },
  ],
  exceptions: {
    shown: [
      {
        itemId: 'file:b/k',
        scope: 'rh.t',
        kind: 'file',
        subject: finding.subject,
        status: 'failed',
        code: 'SOURCE_CORRUPT',
        message: 'two replicas differ',
        hint: 'Run hdfs fsck.',
      },
    ],
    total: 1,
  },
  excluded: {
    shown: [
      {
        scope: 'rh.t',
        kind: 'path',
        code: 'HIDDEN',
        text: 'hidden',
        count: 2,
        sizeBytes: 10,
        examples: ['/w/_tmp', '/w/.x'],
      },
    ],
    total: 1,
  },
  scopes: [scopeOf('rh.t', 2)],
  reconciliation: {
    useCase: 'absences' as UseCaseId,
    reconciledAtMs: Date.parse('2026-01-02T03:05:00.000Z'),
    planHash: 'b'.repeat(64),
    verdict: 'differences',
    files,
    queryCost: { estimatedBytes: 3e9, estimatedUsd: 0.0137, scannedBytes: 2.8e9, scannedUsd: 0.0127 },
    findings: { shown: [finding], total: 1, byWeight: { difference: 1, drift: 0, unchecked: 0 } },
    excluded: { shown: [], total: 0, byVerdict: { convert: 0, skip: 0, refuse: 0, 'needs-decision': 0 } },
  },
  checks: [
    { name: 'effectif', isOk: true, detail: '4 = 4' },
    { name: 'masse', isOk: false, detail: '3 instead of 4' },
  ],
  timings: [
    { step: 'plan', durationMs: 1000 },
    { step: 'copy', durationMs: 50_000 },
  ],
};

const batch: BatchRecord = {
  schema: 'lakelift/batch/1',
  batchId: '20260131-210000-abcd',
  startedBy: 'ci@runner',
  startedAt: '2026-01-31T21:00:00.000Z',
  finishedAt: '2026-01-31T23:10:00.000Z',
  exitCode: 3,
  useCases: [0, 3].map((exitCode, index) => ({
    useCase: `use-case-${index}`,
    wave: 1,
    exitCode,
    hasBegun: true,
    files: 120,
    sizeBytes: 3e9,
    durationMs: 60_000,
  })),
};

/** A decision with everything that one can have. */
export const acceptance: Acceptance = {
  decision: 'accepted-with-reservations',
  by: { name: 'Anne Martin', role: 'DSI' },
  at: '2026-01-02T03:04:05.000Z',
  recordedBy: 'me@host',
  toolVersion: '0',
  report: {
    runId: 'r1',
    planHash: 'h',
    verdict: 'differences',
    sha256: '0'.repeat(64),
    lists: { 'items.csv': '1'.repeat(64) },
  },
  reservations: [{ text: 'rewrite the view', owner: 'equipe-data', dueDate: '2027-01-31' }],
  waivers: [
    { id: 'a1', reason: 'known', point: { id: 'a1', kind: 'difference', scope: 'rh.t', subject: 'f', detail: 'gone' } },
  ],
  openPoints: 1,
  remark: 'seen',
};

/** The same with so many partitions, one of which failed, and one has lost rows. */
export function longReport(partitions: number): RunReport {
  const names = Array.from({ length: partitions }, (_, index) => `annee=2024/jour=${String(index).padStart(6, '0')}`);
  const [scope] = fullReport.scopes;
  const rows = {
    sourceEngine: 'hive',
    targetEngine: 'athena',
    sourceRows: String(partitions * 1234),
    targetRows: String(partitions * 1234 - 1),
    excludedRows: '0',
    partitionsCompared: partitions,
    partitionsDiffering: 1,
    partitions: names.map((name, index) => ({ name, sourceRows: '1234', targetRows: index === 99 ? '1233' : '1234' })),
  };
  const shown = names.map((name, index) => {
    return {
      name,
      status: index === 77 ? ('failed' as const) : ('registered' as const),
      files: 10,
      sizeBytes: 12_345_678,
    };
  });
  const reconciliation = { ...scope!.reconciliation!, rows };
  return { ...fullReport, scopes: [{ ...scope!, partitions: { shown, total: partitions }, reconciliation }] };
}

/** Use cases at every stage, in three waves. */
export const portfolio: Portfolio = {
  schema: 'lakelift/portfolio/1',
  drawnAt: '2026-02-01T08:00:00.000Z',
  entries: Array.from({ length: 24 }, (_, index) => {
    const stage = STAGES[index % STAGES.length]!;
    const run = {
      runId: `202601${String(index + 10)}-080000-abcd`,
      startedAt: `2026-01-${String(index + 10)}T08:00:00.000Z`,
      status: 'finished' as const,
    };
    const hasRun = STAGES.indexOf(stage) >= STAGES.indexOf('running');
    return {
      useCase: {
        id: `use-case-${index}`,
        title: { fr: `Cas d’usage ${index}`, en: `Use case ${index}` },
        owner: 'equipe@example.org',
        wave: 1 + Math.floor(index / 8),
      },
      stage,
      ...(hasRun ? { lastRun: { ...run, finishedAt: run.startedAt } } : {}),
      ...(hasRun ? { progress: { files: 120, ofFiles: 121, sizeBytes: 3e9, ofSizeBytes: 4e9 } } : {}),
      files: hasRun ? 120 * (index + 1) : 0,
      sizeBytes: hasRun ? 3e9 * (index + 1) : 0,
      tables: hasRun ? 4 : 0,
      openPoints: stage === 'open' ? 3 : 0,
      blockers: stage === 'open' ? [{ kind: 'failed' as const, count: 3 }] : [],
      next: nextCommand(`use-case-${index}`, stage),
      runs: hasRun ? [run] : [],
    };
  }),
  batches: [batch],
};
