import { decidedMapping } from '../decided-mapping.ts';
import { proposedMapping } from '../proposed-mapping.ts';
import { BACK } from '../question.ts';
import type { Room } from '../room.ts';
import { showDiff } from '../show-diff.ts';
import type { Move, WizardState } from '../wizard-state.ts';
import { mappingPath, writeMappingText } from '../../config/mapping-file.ts';

/** Shows what the decisions change in the mapping, and writes it once the person agrees. */
export async function mappingScene(room: Room, { useCase, decisions }: WizardState): Promise<Move> {
  const { terminal, words, ask, root } = room;
  const id = useCase!;
  const { before, text } = await proposedMapping(room, id);
  const after = decidedMapping(text, decisions);
  if (!showDiff(terminal, `mappings/${id}.yaml`, { before, after })) {
    terminal.say(words.nothingChanges(mappingPath(root, id)));
    return { kind: 'done' };
  }
  const answer = await ask({
    kind: 'choice',
    message: words.askWrite(`mappings/${id}.yaml`),
    choices: [{ value: 'write', name: words.write }],
  });
  if (answer === BACK) return { kind: 'back' };
  await writeMappingText(root, id, after);
  return { kind: 'done' };
}
