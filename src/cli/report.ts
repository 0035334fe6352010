import { Command } from 'commander';
import { openLedger } from '../compose.ts';
import { nameMask } from '../compose-reports.ts';
import { readMapping } from '../config/mapping-file.ts';
import { loadMigration } from '../config/migration-file.ts';
import type { RunId } from '../domain/names.ts';
import { LakeliftError } from '../errors.ts';
import { buildRunReport } from '../steps/report/build-run-report.ts';
import { noRun } from './use-case.ts';
import { writeReport } from './write-report.ts';
import { maskReport } from '../steps/report/masked-report.ts';
import { projectOf, terminalOf } from './session.ts';

export function reportCommand(): Command {
  return new Command('report')
    .summary('write the report of a run again')
    .description('Writes reports/<use-case>/<run-id>/ from the ledger: the same ledger gives the same report.')
    .argument('<use-case>', 'name of a script in migrations/')
    .option('--run <run-id>', 'an earlier run; the last one unless given')
    .addHelpText(
      'after',
      '\nExamples:\n  $ lakelift report absences\n  $ lakelift report absences --run 20261123-231500-1a2b --json | jq .verdict',
    )
    .action(async (id: string, options: { run?: string }, command: Command) => {
      const terminal = terminalOf(command);
      const project = await projectOf(command);
      const migration = await loadMigration(project.root, id);
      const ledger = openLedger(project, migration.id);
      try {
        const runId = (options.run ?? ledger.listRuns()[0]?.runId) as RunId | undefined;
        if (runId === undefined) throw noRun(id);
        if (ledger.findRun(runId)?.planHash !== ledger.findPlan()?.hash) throw planMovedOn(migration.id, runId);
        const mask = nameMask(project, await readMapping(project.root, id));
        const report = maskReport(buildRunReport(ledger, runId, migration), mask);
        const places = await writeReport({ project, report, ledger, runId, language: terminal.language }, mask);
        if (terminal.isJson) terminal.printJson(report);
        else for (const place of places) terminal.print(place);
      } finally {
        ledger.close();
      }
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
