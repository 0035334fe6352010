import { Command } from 'commander';
import { openScratchLedger, putPlanNote } from '../compose.ts';
import { drawPlan } from '../draw-plan.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { PlanSummary, Verdict } from '../domain/plan.ts';
import { forecastPlan } from '../steps/plan/forecast.ts';
import { EXIT } from './exit-codes.ts';
import { printPlan } from './plan-view.ts';
import { withUseCase } from './use-case.ts';

export function planCommand(): Command {
  return new Command('plan')
    .summary('show what a run would do, and why')
    .description(
      'Expands the mapping over what the source holds now. Reads only; the printed hash approves exactly this plan.',
    )
    .argument('<use-case>', 'name of a script in migrations/')
    .addHelpText(
      'after',
      '\nExamples:\n  $ lakelift plan absences\n  $ lakelift plan absences --json | jq .hash\n\nExit codes: 0 everything can be copied, 3 something is refused or needs a decision.',
    )
    .action(async (id: string, _options: unknown, command: Command) => {
      await withUseCase(command, id, async ({ terminal, project, useCase }) => {
        const ledger = openScratchLedger(useCase.migration.id);
        try {
          const plan = await drawPlan(useCase, ledger);
          if (terminal.isJson) writePlanJson(ledger, plan);
          else printPlan(terminal, ledger, plan);
          putPlanNote(project, useCase.migration.id, noteOf(plan));
          process.exitCode = needsAttention(plan) ? EXIT.itemsFailed : EXIT.ok;
        } finally {
          ledger.close();
        }
      });
    });
}

function needsAttention({ totals }: PlanSummary): boolean {
  return Object.values(totals).some(
    (byVerdict) => byVerdict.refuse !== undefined || byVerdict['needs-decision'] !== undefined,
  );
}

/** For "lakelift status". */
function noteOf({ hash, totals, createdAtMs }: PlanSummary): Parameters<typeof putPlanNote>[2] {
  const sum = (verdict: Verdict): number =>
    Object.values(totals).reduce((all, byVerdict) => all + (byVerdict[verdict]?.count ?? 0), 0);
  return {
    hash,
    drawnAt: new Date(createdAtMs).toISOString(),
    refused: sum('refuse'),
    undecided: sum('needs-decision'),
  };
}

/** One document, written item by item: a plan of a million files is never one string. */
function writePlanJson(ledger: Ledger, plan: PlanSummary): void {
  const forecast = forecastPlan(ledger.listItems({ kind: 'file', verdict: 'copy' }));
  process.stdout.write(`${JSON.stringify({ ...plan, forecast }).slice(0, -1)},"items":[`);
  let isFirst = true;
  for (const item of ledger.listItems({})) {
    process.stdout.write(
      `${isFirst ? '' : ','}\n${JSON.stringify(item, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`,
    );
    isFirst = false;
  }
  process.stdout.write(']}\n');
}
