import { LakeliftError } from '../errors.ts';

/** Asks on stderr, so that stdout holds nothing but data. No is the default. Throws `interrupted` on Ctrl-C. */
export function askYesOrNo(message: string): Promise<boolean> {
  return answered(async () => {
    const prompt = await prompter();
    return prompt<{ answer: boolean }>([{ type: 'confirm', name: 'answer', message, default: false }]);
  });
}

/** As above; `validate` returns what is wrong with the text. */
export function askText(message: string, validate: (text: string) => true | string): Promise<string> {
  return answered(async () => {
    const prompt = await prompter();
    return prompt<{ answer: string }>([{ type: 'input', name: 'answer', message, validate }]);
  });
}

/** One of a few, chosen with the arrow keys. */
export async function askChoice<Value extends string>(
  message: string,
  choices: readonly { readonly value: Value; readonly name: string }[],
): Promise<Value> {
  const question = { type: 'select', name: 'answer', message, choices } as const;
  const answer = await answered(async () => (await prompter())<{ answer: string }>([question]));
  return choices.find(({ value }) => value === answer)!.value;
}

/** Loaded with the first question: most commands ask none. */
export async function prompter() {
  const { default: inquirer } = await import('inquirer');
  return inquirer.createPromptModule({ output: process.stderr });
}

/** What a prompt gave. Throws `interrupted` when it was left with Ctrl-C. */
export async function answered<Answer>(asking: () => Promise<{ answer: Answer }>): Promise<Answer> {
  try {
    return (await asking()).answer;
  } catch (cause) {
    if (!(cause instanceof Error) || cause.name !== 'ExitPromptError') throw cause;
    throw new LakeliftError('Interrupted; nothing was done.', {
      kind: 'interrupted',
      code: 'INTERRUPTED',
      hint: 'Run the same command again when you are ready.',
    });
  }
}
