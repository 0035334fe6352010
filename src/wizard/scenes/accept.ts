import { acceptUseCase } from '../../cli/accept.ts';
import { openReport } from '../open-report.ts';
import { BACK } from '../question.ts';
import type { Room } from '../room.ts';
import type { Move, WizardState } from '../wizard-state.ts';

/** The report, and what the person decides on it. */
export async function acceptScene(room: Room, { useCase }: WizardState): Promise<Move> {
  const { terminal, words, ask } = room;
  const project = await room.project();
  const answer = await ask({
    kind: 'choice',
    message: words.askReport,
    choices: [
      { value: 'open', name: words.openReport },
      { value: 'accept', name: words.acceptNow },
      { value: 'plan', name: words.planAgain },
      { value: 'end', name: words.acceptLater },
    ],
  });
  if (answer === BACK) return { kind: 'back' };
  switch (answer) {
    case 'open':
      await openReport(room, useCase!);
      return { kind: 'again' };
    case 'accept':
      await acceptUseCase({ terminal, project, id: useCase! }, { reservation: [], waive: [] });
      return { kind: 'done' };
    case 'plan':
      return { kind: 'done', to: 'plan' };
    default:
      return { kind: 'done' };
  }
}
