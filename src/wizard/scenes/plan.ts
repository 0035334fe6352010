import { openScratchLedger } from '../../compose.ts';
import { printPlan } from '../../cli/plan-view.ts';
import { openUseCase } from '../../cli/use-case.ts';
import { drawPlan } from '../../draw-plan.ts';
import { BACK } from '../question.ts';
import type { Room } from '../room.ts';
import type { Move, WizardState } from '../wizard-state.ts';

/** Draws the plan, which is the dry run: what would be done, and why. Agreeing to it binds the run to its hash. */
export async function planScene(room: Room, { useCase }: WizardState): Promise<Move> {
  const { terminal, words, ask } = room;
  const project = await room.project();
  const hash = await openUseCase({ terminal, project }, useCase!, async ({ useCase: opened }) => {
    const ledger = openScratchLedger(opened.migration.id);
    try {
      const plan = await drawPlan(opened, ledger);
      printPlan(terminal, ledger, plan);
      return plan.hash;
    } finally {
      ledger.close();
    }
  });
  const answer = await ask({
    kind: 'choice',
    message: words.askPlan(hash.slice(0, 12)),
    choices: [
      { value: 'run', name: words.runIt },
      { value: 'mapping', name: words.toMapping },
      { value: 'again', name: words.planAgain },
      { value: 'end', name: words.stopHere },
    ],
  });
  if (answer === BACK) return { kind: 'back' };
  switch (answer) {
    case 'run':
      return { kind: 'done', change: { planHash: hash } };
    case 'mapping':
      return { kind: 'done', to: 'zones' };
    case 'end':
      return { kind: 'done', change: { planHash: hash }, to: 'end' };
    default:
      return { kind: 'again' };
  }
}
