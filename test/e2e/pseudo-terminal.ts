import { spawn, spawnSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { MAIN } from './project.ts';

/** `script` of util-linux gives a command a terminal of its own; that of BSD and macOS takes other options. */
export const hasPseudoTerminal =
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;

export interface TerminalSession {
  /** All that the command wrote, as the terminal got it. */
  readonly output: () => string;
  /** Resolves once the text was written; rejects when the command ended without. */
  shows(text: string | RegExp): Promise<void>;
  /** The same for what comes after the text that was shown last; escapes are left out, and any space counts as one. */
  showsNext(text: string): Promise<void>;
  type(keys: string): void;
  readonly ended: Promise<number | null>;
}

/** For a text to be shown. */
const PATIENCE_MS = 45_000;

export const KEY = { ctrlC: '\u0003', enter: '\r', down: '\u001b[B', up: '\u001b[A' } as const;

/** lakelift at a terminal: stdin, stdout and stderr, unless `redirection` says otherwise. */
export function openTerminal(
  { root, environment }: { readonly root: string; readonly environment: Readonly<Record<string, string>> },
  args: readonly string[],
  redirection = '',
  columns = 100,
): TerminalSession {
  const command = [process.execPath, MAIN, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn(
    'script',
    ['--quiet', '--return', '--command', `stty cols ${columns}; exec ${command} ${redirection}`, '/dev/null'],
    {
      cwd: root,
      env: {
        ...process.env,
        CI: undefined,
        NO_COLOR: undefined,
        LANG: 'C',
        TERM: 'xterm-256color',
        SHELL: '/bin/sh',
        ...environment,
      },
    },
  );
  let output = '';
  let isOver = false;
  const watchers = new Set<() => void>();
  const tell = (): void => [...watchers].forEach((watcher) => watcher());
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    tell();
  });
  const { promise: ended, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject).once('close', (code) => {
    isOver = true;
    tell();
    resolve(code);
  });
  const until = (isShown: () => boolean, what: string): Promise<void> => {
    const seen = Promise.withResolvers<void>();
    const look = (): void => {
      if (isShown()) seen.resolve();
      else if (isOver) seen.reject(new Error(`The command ended without showing ${what}:\n${output}`));
      else return;
      watchers.delete(look);
    };
    watchers.add(look);
    look();
    const late = (): void =>
      seen.reject(new Error(`Not shown in time: ${what}. The end of what was:\n${output.slice(-3000)}`));
    const timer = setTimeout(late, PATIENCE_MS);
    return seen.promise.finally(() => clearTimeout(timer));
  };
  const shows = (text: string | RegExp): Promise<void> =>
    until(() => (typeof text === 'string' ? output.includes(text) : text.test(output)), String(text));
  let shown = 0;
  const showsNext = (text: string): Promise<void> =>
    until(() => {
      const plain = stripVTControlCharacters(output).replace(/\s+/g, ' ');
      const at = plain.indexOf(text, shown);
      if (at >= 0) shown = at + text.length;
      return at >= 0;
    }, text);
  return { output: () => output, shows, showsNext, type: (keys) => void child.stdin.write(keys), ended };
}
