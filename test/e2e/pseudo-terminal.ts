import { spawn, spawnSync } from 'node:child_process';
import { MAIN } from './project.ts';

/** `script` of util-linux gives a command a terminal of its own; that of BSD and macOS takes other options. */
export const hasPseudoTerminal =
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;

export interface TerminalSession {
  /** All that the command wrote, as the terminal got it. */
  readonly output: () => string;
  /** Resolves once the text was written; rejects when the command ended without. */
  shows(text: string | RegExp): Promise<void>;
  type(keys: string): void;
  readonly ended: Promise<number | null>;
}

export const KEY = { ctrlC: '\u0003', enter: '\r' } as const;

/** lakelift at a terminal: stdin, stdout and stderr, unless `redirection` says otherwise. */
export function openTerminal(
  { root, environment }: { readonly root: string; readonly environment: Readonly<Record<string, string>> },
  args: readonly string[],
  redirection = '',
): TerminalSession {
  const command = [process.execPath, MAIN, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn(
    'script',
    ['--quiet', '--return', '--command', `stty cols 100; exec ${command} ${redirection}`, '/dev/null'],
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
  const shows = (text: string | RegExp): Promise<void> => {
    const seen = Promise.withResolvers<void>();
    const look = (): void => {
      if (typeof text === 'string' ? output.includes(text) : text.test(output)) seen.resolve();
      else if (isOver) seen.reject(new Error(`The command ended without showing ${text}:\n${output}`));
      else return;
      watchers.delete(look);
    };
    watchers.add(look);
    look();
    return seen.promise;
  };
  return { output: () => output, shows, type: (keys) => void child.stdin.write(keys), ended };
}
