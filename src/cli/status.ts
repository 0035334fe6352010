import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { openLedger, stateDirectory } from '../compose.ts';
import type { Project } from '../config/config.ts';
import { listMigrations, loadMigration } from '../config/migration-file.ts';
import type { Decision } from '../domain/acceptance/acceptance.ts';
import { isGood } from '../domain/outcome.ts';
import type { UseCaseId } from '../domain/names.ts';
import type { Reconciliation } from '../domain/reconciliation.ts';
import { RUN_DOCUMENTS } from '../ports/run-documents.ts';
import { decisionsOn } from '../steps/accept/accept-report.ts';
import { projectOf, terminalOf } from './session.ts';
import { table } from './terminal.ts';

interface UseCaseStatus {
  readonly useCase: string;
  readonly wave: number;
  readonly runId?: string;
  readonly status: 'new' | 'running' | 'finished' | 'interrupted' | 'broken';
  readonly good: number;
  readonly bad: number;
  readonly verdict?: string;
  /** The last decision on the last run. */
  readonly decision?: Decision;
  readonly next: string;
}

export function statusCommand(): Command {
  return new Command('status')
    .summary('show where every use case stands')
    .description(
      'Lists the use cases of the project with their last run, its outcomes, the reconciliation and what to do next. Reads the ledgers only, also while a run is under way.',
    )
    .argument('[use-case]', 'only this one')
    .addHelpText('after', '\nExamples:\n  $ lakelift status\n  $ lakelift status absences --json')
    .action(async (id: string | undefined, _options: unknown, command: Command) => {
      const terminal = terminalOf(command);
      const project = await projectOf(command);
      const ids = id === undefined ? await listMigrations(project.root) : [(await loadMigration(project.root, id)).id];
      const all: UseCaseStatus[] = [];
      for (const each of ids) all.push(await statusOf(project, each));
      if (terminal.isJson) return terminal.printJson(all);
      const rows = all.map(({ useCase, wave, runId, status, good, bad, verdict, decision, next }) => [
        useCase,
        String(wave),
        runId ?? '-',
        status,
        String(good),
        String(bad),
        verdict ?? '-',
        decision ?? '-',
        next,
      ]);
      for (const line of table(
        [
          'use case',
          'wave',
          'last run',
          terminal.words.status,
          '✓',
          '✗',
          'reconciled',
          terminal.words.accepted,
          terminal.words.next,
        ],
        rows,
        new Set([1, 4, 5]),
      ))
        terminal.print(line);
    });
}

async function statusOf(project: Project, id: string): Promise<UseCaseStatus> {
  const { wave } = await loadMigration(project.root, id);
  if (!existsSync(join(stateDirectory(project), id, 'ledger.sqlite')))
    return { useCase: id, wave, status: 'new', good: 0, bad: 0, next: firstStep(project, id) };
  const ledger = openLedger(project, id as UseCaseId);
  try {
    const [run] = ledger.listRuns();
    if (run === undefined) return { useCase: id, wave, status: 'new', good: 0, bad: 0, next: firstStep(project, id) };
    const totals = ledger.totals(run.runId);
    const sum = (wanted: boolean): number =>
      totals.reduce((all, { status, count }) => (isGood(status) === wanted ? all + count : all), 0);
    const reconciliation = ledger.findDocument(run.runId, RUN_DOCUMENTS.reconciliation) as Reconciliation | undefined;
    const decision = decisionsOn(ledger, run.runId).at(-1)?.decision;
    const isDone = run.status === 'finished' && sum(false) === 0 && reconciliation?.verdict === 'identical';
    return {
      useCase: id,
      wave,
      runId: run.runId,
      status: run.status,
      good: sum(true),
      bad: sum(false),
      ...(reconciliation === undefined ? {} : { verdict: reconciliation.verdict }),
      ...(decision === undefined ? {} : { decision }),
      next: nextStep(id, isDone, decision),
    };
  } finally {
    ledger.close();
  }
}

function nextStep(id: string, isDone: boolean, decision: Decision | undefined): string {
  if (decision !== undefined && decision !== 'refused') return `lakelift evidence ${id}`;
  return isDone && decision === undefined ? `lakelift accept ${id}` : `lakelift run ${id}`;
}

function firstStep({ root }: Project, id: string): string {
  return existsSync(join(root, 'mappings', `${id}.yaml`)) ? `lakelift plan ${id}` : `lakelift map ${id}`;
}
