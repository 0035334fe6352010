import { drawPortfolio } from '../../cli/portfolio.ts';
import { notesTo } from '../../cli/session.ts';
import type { PortfolioEntry } from '../../domain/portfolio.ts';
import { PORTFOLIO_WORDS } from '../../report/portfolio-words.ts';
import { BACK, type Choice } from '../question.ts';
import type { Room } from '../room.ts';
import type { Move } from '../wizard-state.ts';

const NEW = '\0new';

/** A use case of the project, with where it stands, or a new one. */
export async function chooseScene(room: Room): Promise<Move> {
  const { words, terminal } = room;
  const { entries } = await drawPortfolio(await room.project(), notesTo(terminal));
  const stages = PORTFOLIO_WORDS[terminal.language].stages;
  const known = entries.map(({ useCase, stage }): Choice & { readonly entry: Pick<PortfolioEntry, 'stage'> } => ({
    value: useCase.id,
    name: `${useCase.id} · ${useCase.title[terminal.language]} · ${words.wave} ${useCase.wave} · ${stages[stage]}`,
    entry: { stage },
  }));
  const fresh: Choice = { value: NEW, name: `+ ${words.newUseCase}` };
  const answer = await room.ask({
    kind: 'search',
    message: words.askUseCase,
    find: (text) => (text === '' ? [fresh, ...known] : matching(known, text)),
  });
  if (answer === BACK) return { kind: 'back' };
  const nothing = {
    draft: undefined,
    tables: [],
    paths: [],
    decisions: { zones: {}, classes: {} },
    planHash: undefined,
  };
  if (answer === NEW) return { kind: 'done', change: { ...nothing, useCase: undefined, draft: {} } };
  const stage = known.find(({ value }) => value === answer)!.entry.stage;
  return { kind: 'done', change: { ...nothing, useCase: answer }, to: await nextOf(room, stage) };
}

/** One that is mapped may go straight to its plan; one that is compared, to its acceptance. */
async function nextOf({ ask, words }: Room, stage: PortfolioEntry['stage']): Promise<'zones' | 'plan' | 'accept'> {
  if (stage === 'new') return 'zones';
  const choices: Choice[] = [
    { value: 'plan', name: words.toPlan },
    { value: 'zones', name: words.toMapping },
    ...(stage === 'identical' || stage === 'open' ? [{ value: 'accept', name: words.toAccept }] : []),
  ];
  const answer = await ask({ kind: 'choice', message: words.askNext, choices });
  return answer === 'zones' || answer === 'accept' ? answer : 'plan';
}

/** Every word of the text somewhere in the name. */
export function matching<One extends Choice>(choices: readonly One[], text: string): One[] {
  const words = text.toLowerCase().split(/\s+/);
  return choices.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
}
