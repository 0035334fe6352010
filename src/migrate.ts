import type { RunApproval } from './domain/approval.ts';
import type { Mapping, Zone } from './domain/mapping.ts';
import { settledOutcome } from './domain/outcome-of-verdict.ts';
import type { PlanSummary } from './domain/plan.ts';
import type { Reconciliation } from './domain/reconciliation.ts';
import type { RunReport } from './domain/run-report.ts';
import { drawPlan, type UseCase } from './draw-plan.ts';
import { isLakeliftError } from './errors.ts';
import type { FindingLog } from './ports/finding-log.ts';
import type { Ledger, RunRecord } from './ports/ledger.ts';
import type { Progress } from './ports/progress.ts';
import { hookContext, runChecks } from './run-hooks.ts';
import { openRun } from './run-record.ts';
import { StepTimer } from './step-timer.ts';
import { abortOrphanUploads } from './steps/copy/abort-orphan-uploads.ts';
import { convertTables, isFor, type ConvertRequest } from './steps/convert/convert-tables.ts';
import { dropStaged } from './steps/convert/drop-staged.ts';
import { expandConversions } from './steps/convert/expand-conversions.ts';
import type { CopyLimits } from './steps/copy/copy-context.ts';
import { copyFiles } from './steps/copy/copy-files.ts';
import { reconcile } from './steps/reconcile/reconcile.ts';
import { registerTables } from './steps/register/register-tables.ts';
import { RUN_DOCUMENTS } from './ports/run-documents.ts';
import { buildRunReport } from './steps/report/build-run-report.ts';

export interface RunRequest extends UseCase {
  readonly ledger: Ledger;
  /** A ledger that is forgotten afterwards, for plans that may not be run: before approval, and what a reconciliation draws afresh. */
  readonly openScratchLedger: () => Ledger;
  /** Where all findings of the run's reconciliation go. */
  readonly openFindingLog: (runId: RunRecord['runId']) => FindingLog;
  readonly limits: CopyLimits;
  /** Read back what has no checksum at the source. */
  readonly rereadUnproven: boolean;
  /** Read back each object once. */
  readonly readBack: boolean;
  readonly toolVersion: string;
  /** `user@host` */
  readonly startedBy: string;
  /** On what ground this plan is run; throws when it may not be (`stale-plan`, or the person declined). `drawn` holds its items. */
  readonly approve: (plan: PlanSummary, drawn: Ledger) => Promise<RunApproval>;
}

export interface RunResult {
  readonly run: RunRecord;
  readonly plan: PlanSummary;
  readonly reconciliation: Reconciliation;
  readonly report: RunReport;
}

/**
 * Migrates one use case: inventory and plan, approval, export of what is converted, copy (each object verified before it exists), register,
 * reconcile, report.
 * A failed item is an outcome and the run goes on; a broken run throws, and the same call made again goes on where it stopped.
 */
export async function migrate(request: RunRequest): Promise<RunResult> {
  const { ledger, migration, platform, progress, signal } = request;
  const timer = new StepTimer(progress);
  const { plan, approval } = await approvedPlan(request, timer);

  const run = openRun(ledger, plan, request);
  const { runId } = run;
  ledger.putDocument(runId, RUN_DOCUMENTS.approval, approval);
  try {
    await migration.beforeRun?.(hookContext(request, runId));
    settleByVerdict(ledger, run, progress);
    const conversion = convertRequest(request, run);
    if (plan.totals.table?.convert !== undefined) await timer.time('convert', {}, () => convertTables(conversion));
    await timer.time('copy', filesToCopy(ledger.findPlan() ?? plan), async () => {
      await checkBuckets(request);
      await endOrphans(request, run);
      await copyFiles({
        ledger,
        runId,
        source: platform.source,
        target: platform.store,
        limits: request.limits,
        rereadUnproven: request.rereadUnproven,
        readBack: request.readBack,
        slots: platform.copySlots,
        progress,
        signal,
      });
      await endOrphans(request, run);
    });
    await timer.time('register', {}, () =>
      registerTables({ ledger, runId, useCase: migration.id, catalog: platform.targetCatalog, progress, signal }),
    );
    await migration.afterRegister?.(hookContext(request, runId));
    const reconciliation = await timer.time('reconcile', {}, () => reconcileRun(request, run));
    ledger.putDocument(runId, RUN_DOCUMENTS.reconciliation, reconciliation);
    await dropStaged(conversion, reconciliation);
    ledger.putDocument(runId, RUN_DOCUMENTS.checks, await runChecks(request, runId));
    ledger.putDocument(runId, RUN_DOCUMENTS.timings, timer.timings);
    ledger.finishRun(runId, 'finished', Date.now());
    await ledger.flush();
    return { run: ledger.findRun(runId)!, plan, reconciliation, report: buildRunReport(ledger, runId, migration) };
  } catch (error) {
    await closeBrokenRun(ledger, run, error);
    throw error;
  }
}

/** Draws the plan aside and puts it into the ledger once it may be run: one that is refused leaves the record of the last run as it was. */
async function approvedPlan(
  request: RunRequest,
  timer: StepTimer,
): Promise<{ plan: PlanSummary; approval: RunApproval }> {
  const drawn = request.openScratchLedger();
  try {
    const plan = await timer.time('plan', {}, () => drawPlan(request, drawn));
    const approval = await request.approve(plan, drawn);
    const writer = request.ledger.writePlan();
    for (const item of drawn.listItems({})) writer.add(item);
    return { plan: writer.finish(), approval };
  } finally {
    drawn.close();
  }
}

/** The reconciliation at the end of a run, its findings kept in full. */
async function reconcileRun(request: RunRequest, { runId }: RunRecord): Promise<Reconciliation> {
  const log = request.openFindingLog(runId);
  try {
    return await reconcileUseCase(request, { ledger: request.ledger, runId }, log);
  } finally {
    await log.close();
  }
}

/** Compares the live source with the live target, writing nowhere. With a run's ledger it also tells loss from drift. */
export async function reconcileUseCase(
  request: UseCase & Pick<RunRequest, 'openScratchLedger'>,
  evidence: { readonly ledger: Ledger; readonly runId: RunRecord['runId'] } | undefined,
  findings?: FindingLog,
): Promise<Reconciliation> {
  const { migration, mapping, platform, progress, signal } = request;
  const fresh = request.openScratchLedger();
  try {
    await drawPlan({ ...request, progress: () => undefined }, fresh);
    if (evidence !== undefined)
      expandConversions(fresh, evidence.ledger, ({ definition }, known) => isFor(definition?.storage.location, known));
    const { sourceEngine, targetEngine } = platform;
    const engines = sourceEngine && targetEngine ? { source: sourceEngine, target: targetEngine } : undefined;
    return await reconcile({
      useCase: migration.id,
      fresh,
      source: platform.source,
      store: platform.store,
      catalog: platform.targetCatalog,
      engines,
      classOf: (scope, column) => mapping.tables[scope]?.columns[column]?.class ?? 'unclassified',
      evidence,
      onFinding: findings && ((finding) => findings.add(finding)),
      progress,
      signal,
      nowMs: Date.now(),
    });
  } finally {
    fresh.close();
  }
}

function convertRequest({ migration, platform, ...request }: RunRequest, { runId }: RunRecord): ConvertRequest {
  const { sourceEngine: engine } = platform;
  return { ...request, ...platform, engine, runId, useCase: migration.id };
}

/** Items that no step works on end here: skipped, refused, undecided, each with its reason. */
function settleByVerdict(ledger: Ledger, run: RunRecord, progress: Progress): void {
  for (const item of ledger.listItems({})) {
    const outcome = settledOutcome(item);
    if (outcome === undefined) continue;
    ledger.recordOutcome(run.runId, outcome);
    if (outcome.status !== 'skipped') progress({ kind: 'item', outcome });
  }
}

/** A bucket that cannot be used stops the run before a byte moves. */
async function checkBuckets({ mapping, zones, platform, signal }: RunRequest): Promise<void> {
  for (const zone of zonesOf(mapping)) await platform.store.checkBucket(zones[zone]!.bucket, signal);
}

/** What killed runs and lost answers left open in the buckets. */
async function endOrphans({ mapping, zones, platform, ...request }: RunRequest, { runId }: RunRecord): Promise<void> {
  const sweep = { ...request, runId, target: platform.store };
  for (const zone of zonesOf(mapping)) await abortOrphanUploads(sweep, zones[zone]!);
}

/** The zones that a use case writes to; the plan has made sure that each has a bucket. */
function zonesOf({ tables, paths }: Mapping): Set<Zone> {
  return new Set(
    [...Object.values(tables), ...Object.values(paths)]
      .filter(({ skip }) => skip === undefined)
      .map(({ target }) => target.zone),
  );
}

function filesToCopy({ totals }: PlanSummary): { items: number; sizeBytes: number } {
  const { count = 0, sizeBytes = 0 } = totals.file?.copy ?? {};
  return { items: count, sizeBytes };
}

/** Says how the run ended, if the ledger still takes it; the error that broke it is what the caller hears. */
async function closeBrokenRun(ledger: Ledger, { runId }: RunRecord, error: unknown): Promise<void> {
  try {
    const isStopped = isLakeliftError(error, 'interrupted') || isLakeliftError(error, 'window-closed');
    ledger.finishRun(runId, isStopped ? 'interrupted' : 'broken', Date.now());
    await ledger.flush();
  } catch {
    // A full disk broke the run and breaks this too: the run stays "running", as after a kill, and is taken up again alike.
  }
}
