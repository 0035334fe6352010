import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEY, type TerminalSession } from '../e2e/pseudo-terminal.ts';

const REPOSITORY = join(import.meta.dirname, '../..');

export interface Answer {
  readonly question: string;
  /** What is typed before Enter. */
  readonly keys: string;
  /** What stands on the terminal before Enter is pressed. */
  readonly seen: string;
}

/** The answers that docs/first-use-case.md tells its readers to give, in their order. */
export function answersOfPage(): Answer[] {
  const page = readFileSync(join(REPOSITORY, 'docs/first-use-case.md'), 'utf8');
  return page
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (---|The wizard asks)/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, question = '', keys = '', seen = '']) => ({ question, keys: keys.replaceAll('`', ''), seen }));
}

export async function give(terminal: TerminalSession, { question, keys, seen }: Answer): Promise<void> {
  // What a file would change is shown above the question whether to write it.
  const isDiff = seen.startsWith('+ ');
  if (isDiff) await terminal.showsNext(seen);
  await terminal.showsNext(question);
  for (const key of keys === '' ? [] : /[↑↓]/.test(keys) ? keys.split(' ') : [keys])
    terminal.type(key === '↓' ? KEY.down : key === '↑' ? KEY.up : key);
  if (seen !== '' && !isDiff) await terminal.showsNext(seen);
  terminal.type(KEY.enter);
}
