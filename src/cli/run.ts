import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { stateDirectory } from '../compose.ts';
import type { ApprovalOptions } from './approve-run.ts';
import { failedIds, runBatch } from './run-batch.ts';
import { printBatch } from './batch-view.ts';
import { selectMembers } from './batch-members.ts';
import { executeRun, type RunEnd } from './execute-run.ts';
import { figuresOf } from '../domain/portfolio.ts';
import { isLakeliftError, LakeliftError } from '../errors.ts';
import { exitCodeOf } from './exit-codes.ts';
import { notifyEnd } from './notify.ts';
import { tellJob } from './tell-job.ts';
import { printRunSummary, summaryJson } from './run-view.ts';
import { projectOf, terminalOf } from './session.ts';
import { steerRate } from './steer-rate.ts';
import { timeWindow, windowEnd } from './time-window.ts';
import { openAmong, withConnections, type Connections, type UseCaseSession } from './use-case.ts';
import { ProgressDisplay } from './progress-display.ts';

const USE_CASES_AT_ONCE = 2;

interface RunOptions extends ApprovalOptions {
  readonly all?: boolean;
  readonly wave?: number;
  readonly onlyFailed?: boolean;
  readonly useCases: number;
  readonly until?: string;
  readonly maxRate?: string;
}

export function runCommand(): Command {
  return new Command('run')
    .summary('migrate use cases: plan, copy, register, reconcile, report')
    .description(
      'Runs one use case, or several, from inventory to report. A run that was killed or interrupted goes on where it stopped; a finished one changes nothing. Needs an approval: --yes, --plan, one recorded by "lakelift approve", or an answer at the terminal.',
    )
    .argument('[use-cases...]', 'names of scripts in migrations/')
    .option('--all', 'every use case, wave after wave')
    .option('--wave <number>', 'every use case of this wave', wholeNumber)
    .option('--only-failed', 'of these, those that did not end well the last time')
    .option('--use-cases <n>', 'so many at a time; files, rate and memory are shared', wholeNumber, USE_CASES_AT_ONCE)
    .option('--until <time>', 'begin nothing after 06:00, or an ISO 8601 time: end what is in flight, and exit with 8')
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
    .addHelpText('after', HELP)
    .action(async (ids: string[], options: RunOptions, command: Command) => {
      const place = { terminal: terminalOf(command), project: await projectOf(command) };
      const window = timeWindow(options.until === undefined ? undefined : windowEnd(options.until, Date.now()));
      try {
        process.exitCode = await withConnections(place, (connections) => {
          const { signal } = connections;
          const both = window.signal === undefined ? signal : AbortSignal.any([signal, window.signal]);
          return start({ ...connections, signal: both }, ids, options);
        });
      } finally {
        window.close();
      }
    });
}

const HELP = `
Examples:
  $ lakelift run absences
  $ lakelift run absences --plan "$(lakelift plan absences --json | jq -r .hash)"
  $ lakelift run absences --yes --json > run.json
  $ lakelift run --wave 2 --use-cases 3 --until 06:00
  $ lakelift run --all --only-failed --yes

While runs are under way, a rate written to .lakelift/<use-case>/max-rate (of several: .lakelift/max-rate) holds within seconds ("off" lifts it), and so does one that stands there when a run begins without --max-rate:
  $ echo '50 MB' > .lakelift/absences/max-rate

Exit codes, of several use cases the first of these that occurs: 130 interrupted, 4 source and target differ, 1 unexpected, 5 denied, 2 usage, 6 another run holds the lock, 7 the plan is stale or was not approved, 3 items failed or wait for a decision, 8 the time window closed first, 0 all well.`;

function start(connections: Connections, ids: readonly string[], options: RunOptions): Promise<number> {
  const isBatch = ids.length > 1 || options.all === true || options.wave !== undefined || options.onlyFailed === true;
  if (isBatch) return runSeveral(connections, ids, options);
  const [id] = ids;
  if (id === undefined)
    throw usage('No use case was named', 'USE_CASE_MISSING', 'Name one of migrations/, or give --all or --wave.');
  return runOne(connections, id, options);
}

/** One use case, and a message about how it ended, whether well or not. */
async function runOne(connections: Connections, id: string, options: RunOptions): Promise<number> {
  const { terminal, project } = connections;
  const told = { useCase: id, hasBegun: true, files: 0, sizeBytes: 0 };
  try {
    return await openAmong(connections, { id, display: new ProgressDisplay(terminal) }, async (session) => {
      const { exitCode, done } = await runPrinted(session, options);
      if (done !== undefined)
        await notifyEnd(terminal, project, [{ ...told, ...figuresOf(done.result.report), exitCode }]);
      return exitCode;
    });
  } catch (error) {
    if (!isLakeliftError(error, 'usage'))
      await notifyEnd(terminal, project, [{ ...told, exitCode: exitCodeOf(error) }]);
    throw error;
  }
}

/** Runs a use case that is open, prints how it ended, and returns the exit code. */
export async function run(
  session: UseCaseSession,
  options: ApprovalOptions & Pick<RunOptions, 'maxRate'>,
): Promise<number> {
  return (await runPrinted(session, options)).exitCode;
}

async function runPrinted(
  session: UseCaseSession,
  options: ApprovalOptions & Pick<RunOptions, 'maxRate'>,
): Promise<RunEnd> {
  const { project, useCase, terminal, rateLimit } = session;
  const rate = steerRate(rateLimit, {
    file: join(stateDirectory(project), useCase.migration.id, 'max-rate'),
    first: options.maxRate,
    progress: useCase.progress,
  });
  try {
    const end = await executeRun(session, options);
    const { done } = end;
    if (done === undefined) return end;
    if (terminal.isJson) terminal.printJson(summaryJson(done.result, done.places));
    else printRunSummary(session, done.result, done.places);
    return end;
  } finally {
    rate.stop();
  }
}

async function runSeveral(connections: Connections, ids: readonly string[], options: RunOptions): Promise<number> {
  const { project, terminal, rateLimit, listeners } = connections;
  if (options.plan !== undefined)
    throw usage(
      '--plan approves one use case',
      'PLAN_OF_SEVERAL',
      'Record each with "lakelift approve", or give --yes.',
    );
  const selected = await selectMembers(project, { ids, all: options.all, wave: options.wave });
  const failed = options.onlyFailed === true ? await failedIds(connections) : undefined;
  const members = selected.filter(({ id }) => failed === undefined || failed.has(id));
  const rate = steerRate(rateLimit, {
    file: join(stateDirectory(project), 'max-rate'),
    first: options.maxRate,
    progress: (event) => listeners.forEach((listen) => listen(event)),
  });
  try {
    const record = await runBatch(connections, members, { ...options, atOnce: options.useCases });
    printBatch(terminal, record);
    await tellJob(record, terminal.language);
    await notifyEnd(terminal, project, record.useCases);
    return record.exitCode;
  } finally {
    rate.stop();
  }
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a whole number from 1 on.');
}

function usage(message: string, code: string, hint: string): LakeliftError {
  return new LakeliftError(message, { kind: 'usage', code, hint });
}
