import { Command } from 'commander';
import { openScratchLedger, whoAmI } from '../compose.ts';
import type { Approval } from '../domain/approval.ts';
import { LakeliftError } from '../errors.ts';
import { drawPlan } from '../draw-plan.ts';
import { askYesOrNo } from './ask.ts';
import { BATCH_WORDS } from './batch-words.ts';
import { EXIT } from './exit-codes.ts';
import { withLockedLedger } from './locked-ledger.ts';
import { printPlan } from './plan-view.ts';
import { requireAnswer } from './session.ts';
import { withUseCase, type UseCaseSession } from './use-case.ts';

interface ApproveOptions {
  readonly plan?: string;
  readonly by?: string;
}

export function approveCommand(): Command {
  return new Command('approve')
    .summary('record who approves the plan of a use case, so that it can be run without asking')
    .description(
      'Draws the plan, shows it, asks, and keeps it with who approved it and when. "lakelift run" then needs neither --yes nor --plan; where source or mapping changed since, it refuses with exit code 7 and shows what differs. A later approval replaces the earlier one.',
    )
    .argument('<use-case>', 'name of a script in migrations/')
    .option('--plan <hash>', 'the plan that was read, as printed by "lakelift plan"; another one is refused')
    .option('--by <name>', 'who approves; the user of this machine unless given')
    .addHelpText(
      'after',
      `
Examples:
  $ lakelift approve absences
  $ lakelift approve absences --plan 3b5d… --by "Anne Martin"

Exit codes: 0 recorded, 2 usage, 6 a run is under way, 7 the plan is another one, or the answer was no.`,
    )
    .action(async (id: string, options: ApproveOptions, command: Command) => {
      await withUseCase(command, id, async (session) => {
        process.exitCode = await approve(session, options);
      });
    });
}

/** Records the approval of the plan as it is now, and returns the exit code. */
async function approve(session: UseCaseSession, options: ApproveOptions): Promise<number> {
  const { terminal, project, useCase } = session;
  const { id } = useCase.migration;
  return withLockedLedger({ project, useCase: id, progress: useCase.progress }, async (ledger) => {
    const drawn = openScratchLedger(id);
    try {
      const plan = await drawPlan(useCase, drawn);
      if (options.plan === undefined) requireAnswer(terminal, '--plan with the hash that "lakelift plan" prints');
      else if (options.plan !== plan.hash) throw anotherPlan(id, options.plan, plan.hash);
      if (options.plan === undefined) {
        printPlan(terminal, drawn, plan);
        if (!(await askYesOrNo(BATCH_WORDS[terminal.language].askApprove(plan.hash.slice(0, 12))))) {
          terminal.say(terminal.words.declined);
          return EXIT.stalePlan;
        }
      }
      const approval: Approval = { planHash: plan.hash, by: options.by ?? whoAmI(), at: new Date().toISOString() };
      ledger.putApproval(approval, drawn.listPlanLines());
      await ledger.flush();
      if (terminal.isJson) terminal.printJson({ useCase: id, ...approval });
      else terminal.print(BATCH_WORDS[terminal.language].approved(approval.by, plan.hash));
      return EXIT.ok;
    } finally {
      drawn.close();
    }
  });
}

function anotherPlan(useCase: string, asked: string, actual: string): LakeliftError {
  return new LakeliftError(`The plan is now ${actual}, not ${asked}`, {
    kind: 'stale-plan',
    code: 'PLAN_STALE',
    subject: useCase,
    hint: 'Source or mapping changed since. Look at "lakelift plan" again and approve its hash.',
  });
}
