import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BACK } from '../question.ts';
import type { Room } from '../room.ts';
import { showDiff } from '../show-diff.ts';
import { useCaseScript } from '../use-case-script.ts';
import type { Move, UseCaseDraft, WizardState } from '../wizard-state.ts';

/** Shows the script and writes it once the person agrees. */
export async function scriptScene(room: Room, { draft, tables, paths }: WizardState): Promise<Move> {
  const { terminal, words, ask, root } = room;
  const whole = draft as UseCaseDraft;
  const text = useCaseScript(whole, tables, paths);
  const path = join(root, 'migrations', `${whole.id}.ts`);
  showDiff(terminal, `migrations/${whole.id}.ts`, { after: text });
  const answer = await ask({
    kind: 'choice',
    message: words.askWrite(`migrations/${whole.id}.ts`),
    choices: [{ value: 'write', name: words.write }],
  });
  if (answer === BACK) return { kind: 'back' };
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { flag: 'wx' });
  // Written, it is a use case like any other: going back leads to the choice, not into the draft.
  return { kind: 'done', change: { useCase: whole.id, draft: undefined, taken: ['choose'] } };
}
