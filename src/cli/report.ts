import { Command } from 'commander';
import { nameMask, reportFolder } from '../compose-reports.ts';
import type { Project } from '../config/config.ts';
import { readMapping } from '../config/mapping-file.ts';
import { loadMigration } from '../config/migration-file.ts';
import type { RunId } from '../domain/names.ts';
import { compareRuns } from '../domain/run-comparison.ts';
import { LakeliftError } from '../errors.ts';
import { buildRunReport } from '../steps/report/build-run-report.ts';
import { maskReport } from '../steps/report/masked-report.ts';
import type { Ledger } from '../ports/ledger.ts';
import { printComparison } from './compare-view.ts';
import { drawPortfolio, writePortfolio } from './portfolio.ts';
import { readReport } from './read-report.ts';
import { withLockedLedger, withReadLedger } from './locked-ledger.ts';
import { notesTo, projectOf, terminalOf } from './session.ts';
import type { Terminal } from './terminal.ts';
import { noRun } from './use-case.ts';
import { writePdf } from './write-pdf.ts';
import { writeReport } from './write-report.ts';

interface ReportOptions {
  readonly run?: string;
  readonly against?: string;
  readonly all?: boolean;
  readonly pdf?: boolean;
}

export function reportCommand(): Command {
  return new Command('report')
    .summary('write the report of a run again, compare two runs, or show all use cases')
    .description(
      'Writes reports/<use-case>/<run-id>/ from the ledger: the same ledger gives the same report. With --against it shows what changed since an earlier run; with --all it writes reports/portfolio.html, every use case on one page.',
    )
    .argument('[use-case]', 'name of a script in migrations/')
    .option('--run <run-id>', 'an earlier run; the last one unless given')
    .option('--against <run-id>', 'compare with the report of this earlier run, writing nothing')
    .option('--all', 'the portfolio: stage, last run, verdict and volume of every use case')
    .option('--pdf', 'as PDF too, through headless Chromium where there is one')
    .addHelpText(
      'after',
      '\nExamples:\n  $ lakelift report absences\n  $ lakelift report absences --run 20261123-231500-1a2b --json | jq .verdict\n  $ lakelift report absences --against 20261101-080000-77aa\n  $ lakelift report --all --pdf --lang fr',
    )
    .action(async (id: string | undefined, options: ReportOptions, command: Command) => {
      const terminal = terminalOf(command);
      const project = await projectOf(command);
      if (options.all === true) await portfolio(terminal, project, options);
      else if (id === undefined) throw useCaseMissing();
      else await ofUseCase({ terminal, project, id }, options);
    });
}

interface ReportRequest {
  readonly terminal: Terminal;
  readonly project: Project;
  readonly id: string;
}

async function portfolio(terminal: Terminal, project: Project, { pdf = false }: ReportOptions): Promise<void> {
  const drawn = await drawPortfolio(project, notesTo(terminal));
  const places = await writePortfolio(project, drawn, terminal.language);
  const printed = pdf ? await writePdf(terminal, project, places) : [];
  if (terminal.isJson) terminal.printJson(drawn);
  else for (const place of [...places, ...printed]) terminal.print(place);
}

async function ofUseCase({ terminal, project, id }: ReportRequest, options: ReportOptions): Promise<void> {
  const migration = await loadMigration(project.root, id);
  const place = { project, useCase: migration.id, progress: notesTo(terminal) };
  const runOf = (ledger: Ledger): RunId => {
    const runId = (options.run ?? ledger.listRuns()[0]?.runId) as RunId | undefined;
    if (runId === undefined) throw noRun(id);
    return runId;
  };
  if (options.against !== undefined) {
    const folderOf = (run: RunId) => reportFolder(project, migration.id, run);
    const before = await readReport(folderOf(options.against as RunId));
    const runId = await withReadLedger(place, (ledger) => Promise.resolve(runOf(ledger)));
    const comparison = compareRuns(before, await readReport(folderOf(runId)));
    if (terminal.isJson) terminal.printJson(comparison);
    else printComparison(terminal, comparison);
    return;
  }
  await withLockedLedger(place, async (ledger) => {
    const runId = runOf(ledger);
    if (ledger.findRun(runId)?.planHash !== ledger.findPlan()?.hash) throw planMovedOn(migration.id, runId);
    const mask = nameMask(project, await readMapping(project.root, id));
    const report = maskReport(buildRunReport(ledger, runId, migration), mask);
    const places = await writeReport({ project, report, ledger, runId, language: terminal.language }, mask);
    const printed = options.pdf === true ? await writePdf(terminal, project, places) : [];
    if (terminal.isJson) terminal.printJson(report);
    else for (const place of [...places, ...printed]) terminal.print(place);
  });
}

function useCaseMissing(): LakeliftError {
  return new LakeliftError('No use case was named', {
    kind: 'usage',
    code: 'USE_CASE_MISSING',
    hint: 'Name one of migrations/, or give --all.',
  });
}

/** The ledger keeps one plan, the last: a report of another would lack the items that are no longer planned. */
function planMovedOn(useCase: string, runId: string): LakeliftError {
  return new LakeliftError(`The plan was drawn again since run ${runId}, so that its report cannot be written again`, {
    kind: 'usage',
    code: 'PLAN_MOVED_ON',
    subject: useCase,
    hint: `The report written at its end is in reports/${useCase}/${runId}/.`,
  });
}
