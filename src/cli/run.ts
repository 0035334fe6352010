import { join } from 'node:path';
import { Command } from 'commander';
import { openLedger, openScratchLedger, runLock, stateDirectory, whoAmI } from '../compose.ts';
import { findingLogPath, nameMask, openFindingLog } from '../compose-reports.ts';
import { isGood } from '../domain/outcome.ts';
import type { NameMask } from '../domain/personal-names.ts';
import type { PlanSummary } from '../domain/plan.ts';
import { LakeliftError } from '../errors.ts';
import { migrate, type RunResult } from '../migrate.ts';
import type { Ledger } from '../ports/ledger.ts';
import { maskReport } from '../steps/report/masked-report.ts';
import { askYesOrNo } from './ask.ts';
import { EXIT } from './exit-codes.ts';
import { writeReport } from './write-report.ts';
import { printPlan } from './plan-view.ts';
import { printRunSummary, summaryJson } from './run-view.ts';
import { requireAnswer } from './session.ts';
import type { Terminal } from './terminal.ts';
import { withUseCase, type UseCaseSession } from './use-case.ts';
import { steerRate } from './steer-rate.ts';
import { toolVersion } from './version.ts';

interface RunOptions {
  readonly yes?: boolean;
  readonly plan?: string;
  readonly dryRun?: boolean;
  readonly maxRate?: string;
}

export function runCommand(): Command {
  return new Command('run')
    .summary('migrate a use case: plan, copy, register, reconcile, report')
    .description(
      'Runs a use case from inventory to report. A run that was killed or interrupted goes on where it stopped; a finished one changes nothing.',
    )
    .argument('<use-case>', 'name of a script in migrations/')
    .option(
      '--plan <hash>',
      'run only this plan, as printed by "lakelift plan"; another one is refused with exit code 7',
    )
    .option('-y, --yes', 'run whatever the plan says now, without asking')
    .option('--dry-run', 'print the plan and stop')
    .option(
      '--max-rate <rate>',
      'read the source no faster than this, e.g. "200 MB" a second; see below to change it while running',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ lakelift run absences
  $ lakelift run absences --plan "$(lakelift plan absences --json | jq -r .hash)"
  $ lakelift run absences --yes --json > run.json

While a run is under way, a rate written to .lakelift/<use-case>/max-rate holds within seconds ("off" lifts it):
  $ echo '50 MB' > .lakelift/absences/max-rate

Exit codes: 0 all well, 3 items failed or wait for a decision, 4 source and target differ, 5 denied, 6 another run holds the lock, 7 the plan is stale or was not approved, 130 interrupted.`,
    )
    .action(async (id: string, options: RunOptions, command: Command) => {
      await withUseCase(command, id, async (session) => {
        process.exitCode = await run(session, options);
      });
    });
}

/** Runs a use case that is open and returns the exit code. */
export async function run(session: UseCaseSession, options: RunOptions): Promise<number> {
  const { project, useCase, terminal } = session;
  const { id } = useCase.migration;
  const lock = runLock(project, id).acquire({ startedBy: whoAmI(), processId: process.pid, sinceMs: Date.now() });
  const ledger = openLedger(project, id);
  const rate = steerRate(session.rateLimit, {
    file: join(stateDirectory(project), id, 'max-rate'),
    first: options.maxRate,
    progress: useCase.progress,
  });
  try {
    const mask = nameMask(project, useCase.mapping);
    const unmasked = await migrate({
      ...useCase,
      ledger,
      openScratchLedger: () => openScratchLedger(id),
      openFindingLog: (runId) => openFindingLog(findingLogPath(project, id, runId)),
      limits: limitsOf(session),
      rereadUnproven: project.config.copy.rereadUnproven,
      toolVersion: toolVersion(),
      startedBy: whoAmI(),
      approve: (plan, drawn) => approve(session, { drawn, plan, options }),
    });
    const result = maskResult(unmasked, mask);
    const { report, run } = result;
    const places = await writeReport({ project, report, ledger, runId: run.runId, language: terminal.language }, mask);
    if (terminal.isJson) terminal.printJson(summaryJson(result, places));
    else printRunSummary(session, result, places);
    return exitCodeOfRun(result, ledger);
  } catch (error) {
    if (error instanceof NotRun) return error.exitCode;
    throw error;
  } finally {
    rate.stop();
    ledger.close();
    lock.release();
  }
}

function maskResult(result: RunResult, mask: NameMask): RunResult {
  return {
    ...result,
    report: maskReport(result.report, mask),
    reconciliation: mask.value(result.reconciliation),
  };
}

function limitsOf({ project }: UseCaseSession): { filesAtOnce: number; partsAtOnce: number; partSizeBytes: number } {
  const { filesAtOnce, partsAtOnce, partSize } = project.config.limits;
  return { filesAtOnce, partsAtOnce, partSizeBytes: partSize };
}

/** The person said no, or only wanted to look: not an error. */
class NotRun extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super();
    this.exitCode = exitCode;
  }
}

async function approve(
  session: UseCaseSession,
  { drawn, plan, options }: { drawn: Ledger; plan: PlanSummary; options: RunOptions },
): Promise<void> {
  const { terminal, display } = session;
  if (options.plan !== undefined && options.plan !== plan.hash) {
    throw new LakeliftError(`The plan is now ${plan.hash}, not ${options.plan}`, {
      kind: 'stale-plan',
      code: 'PLAN_STALE',
      subject: session.useCase.migration.id,
      hint: 'Source or mapping changed since. Look at "lakelift plan" again and approve its hash.',
    });
  }
  if (options.dryRun === true) {
    printPlan(terminal, drawn, plan);
    display.above(terminal.words.dryRun);
    throw new NotRun(EXIT.ok);
  }
  if (options.yes === true || options.plan !== undefined) return;
  requireAnswer(terminal, '--yes, or --plan with the hash that "lakelift plan" prints');
  if (!(await confirm(terminal, drawn, plan))) throw new NotRun(EXIT.stalePlan);
}

async function confirm(terminal: Terminal, drawn: Ledger, plan: PlanSummary): Promise<boolean> {
  printPlan(terminal, drawn, plan);
  const isApproved = await askYesOrNo(terminal.words.askRun(plan.hash.slice(0, 12)));
  if (!isApproved) terminal.say(terminal.words.declined);
  return isApproved;
}

function exitCodeOfRun({ run: { runId }, reconciliation }: RunResult, ledger: Ledger): number {
  if (ledger.totals(runId).some(({ status }) => !isGood(status))) return EXIT.itemsFailed;
  return exitCodeOfReconciliation(reconciliation.verdict);
}

/** What could not be compared is undecided, hence 3. */
export function exitCodeOfReconciliation(verdict: RunResult['reconciliation']['verdict']): number {
  switch (verdict) {
    case 'identical':
      return EXIT.ok;
    case 'differences':
      return EXIT.differences;
    case 'incomplete':
      return EXIT.itemsFailed;
  }
}
