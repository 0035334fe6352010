import { listMigrations } from '../../config/migration-file.ts';
import { askForm } from '../form.ts';
import { BACK } from '../question.ts';
import type { Room } from '../room.ts';
import type { Move, UseCaseDraft, WizardState } from '../wizard-state.ts';

/** What a script says besides its sources. */
export async function describeScene({ ask, words, root }: Room, { draft = {} }: WizardState): Promise<Move> {
  const taken = await listMigrations(root);
  const { describe } = words;
  const needed = (text: string): string | undefined => (text === '' ? words.needed : undefined);
  const answers = await askForm<keyof UseCaseDraft>(ask, [
    {
      name: 'id',
      message: describe.id,
      initial: draft.id,
      fault: (text) =>
        !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(text) ? words.kebab : taken.includes(text) ? words.idTaken : undefined,
    },
    { name: 'titleFr', message: describe.titleFr, initial: draft.titleFr, fault: needed },
    { name: 'titleEn', message: describe.titleEn, initial: draft.titleEn, fault: needed },
    { name: 'owner', message: describe.owner, initial: draft.owner, fault: needed },
    {
      name: 'wave',
      message: describe.wave,
      initial: draft.wave ?? '1',
      fault: (text) => (/^[1-9]\d{0,3}$/.test(text) ? undefined : words.wholeNumber),
    },
    { name: 'purpose', message: describe.purpose, initial: draft.purpose, fault: needed },
    { name: 'legalBasis', message: describe.legalBasis, initial: draft.legalBasis, fault: needed },
    { name: 'consumers', message: describe.consumers, initial: draft.consumers },
  ]);
  return answers === BACK ? { kind: 'back' } : { kind: 'done', change: { draft: answers } };
}
