import { EXIT } from '../../cli/exit-codes.ts';
import { run } from '../../cli/run.ts';
import { openUseCase } from '../../cli/use-case.ts';
import type { Room } from '../room.ts';
import type { Move, WizardState } from '../wizard-state.ts';

/** Runs the plan that was agreed to, with its progress; what comes of it is printed as "lakelift run" does. */
export async function runScene({ terminal, words, project }: Room, { useCase, planHash }: WizardState): Promise<Move> {
  const place = { terminal, project: await project() };
  const code = await openUseCase(place, useCase!, (session) => run(session, { plan: planHash! }));
  if (code !== EXIT.ok) terminal.say(words.runEnded(code));
  return { kind: 'done' };
}
