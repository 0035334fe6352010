import { answered, prompter } from '../cli/ask.ts';
import { BACK, type Ask, type Choice, type Question } from './question.ts';

/** Typed alone, it leads back from a text. */
const BACK_SIGN = '<';
const BACK_VALUE = '\0back';
/** Mark and space before a name, and the last column, which some terminals keep. */
const BESIDE_NAME = 4;

/** Questions at a terminal, on stderr. Every one can be left by going back: an entry of lists, `<` in texts. */
export function terminalAsk(words: { readonly back: string; readonly backHint: string }): Ask {
  const back: Choice = { value: BACK_VALUE, name: `‹ ${words.back}` };
  return async (question) => {
    const shown = promptOf(question, back, words.backHint);
    const answer = await answered(async () => (await prompter())<{ answer: string }>([shown]));
    const isBack = question.kind === 'text' ? answer.trim() === BACK_SIGN : answer === BACK_VALUE;
    return isBack ? BACK : answer;
  };
}

function promptOf(question: Question, back: Choice, backHint: string) {
  const { message } = question;
  switch (question.kind) {
    case 'text': {
      const { initial, fault } = question;
      const validate = (text: string): true | string => text.trim() === BACK_SIGN || (fault?.(text.trim()) ?? true);
      const shown = `${message} (${backHint})`;
      return {
        type: 'input' as const,
        name: 'answer' as const,
        message: shown,
        validate,
        ...(initial === undefined ? {} : { default: initial }),
      };
    }
    case 'choice': {
      const choices = [...question.choices, back].map(fitting);
      const { initial } = question;
      return {
        type: 'select' as const,
        name: 'answer' as const,
        message,
        choices,
        pageSize: 12,
        ...(initial === undefined ? {} : { default: initial }),
      };
    }
    case 'search': {
      const source = (text: string | undefined): Choice[] => [...question.find(text ?? ''), back].map(fitting);
      return { type: 'search' as const, name: 'answer' as const, message, source, pageSize: 12 };
    }
  }
}

/** Cut to the width of the terminal, so that an entry stays on its line; once chosen, its first words stand behind the question. */
function fitting({ value, name }: Choice): Choice & { readonly short: string } {
  const width = (process.stderr.columns || 80) - BESIDE_NAME;
  const [short = ''] = name.split(' · ');
  return { value, name: name.length <= width ? name : `${name.slice(0, width - 1)}…`, short: short.trim() };
}
