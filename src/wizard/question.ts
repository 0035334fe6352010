export interface Choice {
  readonly value: string;
  readonly name: string;
}

/** What the person is asked, as data: whoever shows it decides nothing. */
export type Question =
  | {
      readonly kind: 'text';
      readonly message: string;
      readonly initial?: string | undefined;
      /** What is wrong with an answer; undefined when nothing is. */
      readonly fault?: (text: string) => string | undefined;
    }
  | {
      readonly kind: 'choice';
      readonly message: string;
      readonly choices: readonly Choice[];
      readonly initial?: string;
    }
  /** A list that typing narrows down. */
  | { readonly kind: 'search'; readonly message: string; readonly find: (text: string) => readonly Choice[] };

/** The person wants to go back a step. */
export const BACK = Symbol('back');

/** Shows a question and waits for its answer. Throws `interrupted` on Ctrl-C. */
export type Ask = (question: Question) => Promise<string | typeof BACK>;
