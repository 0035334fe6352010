import type { RunApproval } from '../../domain/approval.ts';
import type { RunId } from '../../domain/names.ts';
import type { Reconciliation, ReconcileVerdict } from '../../domain/reconciliation.ts';
import {
  RUN_REPORT_SCHEMA,
  VERDICT_REASONS,
  type ReportCheck,
  type ReportRun,
  type ReportTiming,
  type ReportUseCase,
  type RunReport,
  type VerdictReason,
} from '../../domain/run-report.ts';
import { LakeliftError } from '../../errors.ts';
import type { Ledger, RunRecord } from '../../ports/ledger.ts';
import { RUN_DOCUMENTS } from '../../ports/run-documents.ts';
import { Tally } from './tally.ts';

/**
 * Builds the report of a run from its ledger alone: the same ledger gives the same report. Throws `not-found` for an unknown run.
 * Of the documents {@link RUN_DOCUMENTS} it reads a RunApproval, a Reconciliation, ReportTiming[] and ReportCheck[]; each may be absent.
 */
export function buildRunReport(
  ledger: Pick<Ledger, 'findRun' | 'listOutcomes' | 'findDocument'>,
  runId: RunId,
  useCase: ReportUseCase,
): RunReport {
  const run = ledger.findRun(runId);
  if (run === undefined) throw unknownRun(runId);
  const document = (name: 'approval' | 'reconciliation' | 'timings' | 'checks') =>
    ledger.findDocument(runId, RUN_DOCUMENTS[name]);
  const reconciliation = document('reconciliation') as Reconciliation | undefined;
  const checks = (document('checks') as readonly ReportCheck[] | undefined) ?? [];
  const tally = new Tally();
  for (const settled of ledger.listOutcomes(runId, {})) tally.add(settled);
  const verdictReasons = reasonsFor(tally, reconciliation, checks);
  return {
    schema: RUN_REPORT_SCHEMA,
    useCase: describeUseCase(useCase),
    run: describeRun(run, document('approval') as RunApproval | undefined),
    verdict: verdictFrom(new Set(verdictReasons.map(({ code }) => code))),
    verdictReasons,
    totals: tally.totals,
    proofs: tally.proofs,
    exceptions: tally.exceptions,
    excluded: tally.excluded,
    scopes: tally.scopes.list(reconciliation),
    ...(reconciliation === undefined ? {} : { reconciliation: withoutScopes(reconciliation) }),
    checks,
    timings: (document('timings') as readonly ReportTiming[] | undefined) ?? [],
  };
}

function reasonsFor(
  tally: Tally,
  reconciliation: Reconciliation | undefined,
  checks: readonly ReportCheck[],
): RunReport['verdictReasons'] {
  const { difference = 0, drift = 0, unchecked = 0 } = reconciliation?.findings.byWeight ?? {};
  // The plan drawn afresh for the reconciliation may refuse what came to the source after the run.
  const fresh = reconciliation?.excluded.byVerdict;
  const counts: Record<VerdictReason, number> = {
    differences: difference,
    drift,
    unchecked,
    failed: tally.count('failed'),
    'not-attempted': tally.count('not-attempted'),
    'source-moved': tally.count('source-moved'),
    refused: Math.max(tally.count('refused'), (fresh?.refuse ?? 0) + (fresh?.convert ?? 0)),
    undecided: Math.max(tally.count('undecided'), fresh?.['needs-decision'] ?? 0),
    'checks-failed': checks.filter(({ isOk }) => !isOk).length,
    unfinished: tally.count('pending'),
    'not-reconciled': reconciliation === undefined ? 1 : 0,
  };
  return VERDICT_REASONS.map((code) => ({ code, count: counts[code] })).filter(({ count }) => count > 0);
}

/** A run's report is never better than its reconciliation, nor than its worst outcome. */
function verdictFrom(reasons: ReadonlySet<VerdictReason>): ReconcileVerdict {
  if (reasons.has('differences') || reasons.has('drift')) return 'differences';
  return reasons.size > 0 ? 'incomplete' : 'identical';
}

/** Callers give a whole migration; the report names these fields of it only. */
function describeUseCase({ id, title, owner, wave, purpose, legalBasis }: ReportUseCase): ReportUseCase {
  return { id, title: { fr: title.fr, en: title.en }, owner, wave, purpose, legalBasis };
}

function describeRun(run: RunRecord, approval: RunApproval | undefined): ReportRun {
  const { runId, planHash, toolVersion, startedBy, startedAtMs, finishedAtMs, status } = run;
  const finished =
    finishedAtMs === undefined
      ? {}
      : { finishedAt: new Date(finishedAtMs).toISOString(), durationMs: finishedAtMs - startedAtMs };
  const startedAt = new Date(startedAtMs).toISOString();
  const approved = approval === undefined ? {} : { approval };
  return { runId, planHash, toolVersion, startedBy, ...approved, startedAt, ...finished, status };
}

/** Tables and paths carry their own part. */
function withoutScopes({ scopes: _scopes, ...rest }: Reconciliation): Omit<Reconciliation, 'scopes'> {
  return rest;
}

function unknownRun(runId: RunId): LakeliftError {
  return new LakeliftError(`there is no run ${runId} in the ledger`, {
    kind: 'not-found',
    code: 'RUN_NOT_FOUND',
    subject: runId,
    hint: 'Run "lakelift status" to see the runs of each use case.',
  });
}
