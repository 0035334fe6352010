import { Command } from 'commander';
import { openScratchLedger } from '../compose.ts';
import { nameMask } from '../compose-reports.ts';
import { reconcileUseCase } from '../migrate.ts';
import { exitCodeOfReconciliation } from './execute-run.ts';
import { withReadLedger } from './locked-ledger.ts';
import { printReconciliation } from './run-view.ts';
import { withUseCase } from './use-case.ts';

export function reconcileCommand(): Command {
  return new Command('reconcile')
    .summary('compare source and target now, writing nowhere')
    .description(
      'Compares files, checksums, tables, columns, partitions and (where engines are configured) rows or every value of the live source with the live target.',
    )
    .argument('<use-case>', 'name of a script in migrations/')
    .addHelpText(
      'after',
      '\nExamples:\n  $ lakelift reconcile absences\n  $ lakelift reconcile absences --json | jq .findings\n\nExit codes: 0 identical, 3 not everything could be compared, 4 source and target differ.',
    )
    .action(async (id: string, _options: unknown, command: Command) => {
      await withUseCase(command, id, async ({ terminal, project, useCase }) => {
        const place = { project, useCase: useCase.migration.id, progress: useCase.progress };
        await withReadLedger(place, async (ledger) => {
          const [last] = ledger.listRuns();
          const evidence = last === undefined ? undefined : { ledger, runId: last.runId };
          const mask = nameMask(project, useCase.mapping, { isReading: true });
          const found = await reconcileUseCase(
            { ...useCase, openScratchLedger: () => openScratchLedger(useCase.migration.id) },
            evidence,
          );
          const reconciliation = mask.value(found);
          if (terminal.isJson) terminal.printJson(reconciliation);
          else printReconciliation(terminal, reconciliation);
          process.exitCode = exitCodeOfReconciliation(reconciliation.verdict);
        });
      });
    });
}
