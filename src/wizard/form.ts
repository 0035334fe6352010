import { BACK, type Ask } from './question.ts';

export interface Field<Name extends string> {
  readonly name: Name;
  readonly message: string;
  readonly initial?: string | undefined;
  readonly fault?: (text: string) => string | undefined;
}

/** Asks field after field; going back leads to the field before, and from the first one out of the form. Answers are trimmed. */
export async function askForm<Name extends string>(
  ask: Ask,
  fields: readonly Field<Name>[],
): Promise<Record<Name, string> | typeof BACK> {
  const answers: Partial<Record<Name, string>> = {};
  for (let index = 0; index < fields.length;) {
    const { name, message, initial, fault } = fields[index]!;
    const given = answers[name] ?? initial;
    const answer = await ask({ kind: 'text', message, initial: given, ...(fault === undefined ? {} : { fault }) });
    if (answer !== BACK) {
      answers[name] = answer.trim();
      index += 1;
    } else if (index === 0) return BACK;
    else index -= 1;
  }
  return answers as Record<Name, string>;
}
