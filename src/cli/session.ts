import type { Command } from 'commander';
import { redact } from '../compose-secrets.ts';
import { loadProject, type Project } from '../config/config.ts';
import { LakeliftError } from '../errors.ts';
import type { Progress } from '../ports/progress.ts';
import { visibleJson } from '../report/visible-text.ts';
import { EXIT } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';
import { WORDS, languageOf } from './words.ts';

export const DEFAULT_CONFIG = 'lakelift.yaml';

export interface GlobalOptions {
  readonly config: string;
  readonly lang?: string;
  readonly json?: boolean;
  /** commander turns --no-input into `input: false`. */
  readonly input: boolean;
}

/** What every command starts from: the terminal as the options and the environment have it. */
export function terminalOf(command: Command): Terminal {
  const options = command.optsWithGlobals<GlobalOptions>();
  const language = languageOf(options.lang, process.env);
  const isJson = options.json ?? false;
  return {
    language,
    words: WORDS[language],
    isJson,
    canAsk:
      options.input &&
      !isJson &&
      process.stdin.isTTY === true &&
      process.stderr.isTTY === true &&
      process.env['CI'] === undefined,
    print: (line) => void process.stdout.write(`${line}\n`),
    printJson: (value) => void process.stdout.write(`${visibleJson(value, 2)}\n`),
    say: (line) => void process.stderr.write(`${redact(line)}\n`),
  };
}

export function projectOf(command: Command): Promise<Project> {
  return loadProject(process.cwd(), command.optsWithGlobals<GlobalOptions>().config);
}

/** For commands without a display of their own: notes go to stderr. */
export function notesTo(terminal: Terminal): Progress {
  return (event) => {
    if (event.kind === 'note') terminal.say(event.message);
  };
}

/** Refuses to ask where nobody can answer, naming the flag that answers instead. */
export function requireAnswer(terminal: Terminal, flag: string): void {
  if (terminal.canAsk) return;
  throw new LakeliftError('This needs an answer, and there is no terminal to ask on.', {
    kind: 'usage',
    code: 'ANSWER_NEEDED',
    hint: `Give ${flag}.`,
  });
}

/**
 * Runs work under a signal that the first Ctrl-C (or SIGTERM) aborts, so that it drains; the second leaves at once.
 * Leaving at once is safe: the ledger holds everything that was proven.
 */
export async function interruptible<Result>(
  terminal: Terminal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) {
      terminal.say(terminal.words.leaving);
      process.exit(EXIT.interrupted);
    }
    terminal.say(terminal.words.interrupted);
    controller.abort(
      new LakeliftError('Interrupted.', {
        kind: 'interrupted',
        code: 'INTERRUPTED',
        hint: 'Run the same command again to go on.',
      }),
    );
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}
