import { stripVTControlCharacters, styleText } from 'node:util';
import { isLakeliftError, messageOf } from '../errors.ts';
import type { Language, Words } from './words.ts';

/** What a command may do with the terminal: data on stdout, everything else on stderr. */
export interface Terminal {
  readonly language: Language;
  readonly words: Words;
  readonly isJson: boolean;
  /** False without a TTY, in CI or with --no-input: then nothing may be asked. */
  readonly canAsk: boolean;
  /** One line of data. */
  print(line: string): void;
  /** The command's whole result as JSON, when --json is given. */
  printJson(value: unknown): void;
  /** One line for the person watching. */
  say(line: string): void;
}

const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Names from the cluster are hostile until shown: escapes, control and direction marks become visible text. */
export function visible(text: string): string {
  return stripVTControlCharacters(text).replace(CONTROL, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`);
}

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Colour only where the stream shows it; NO_COLOR, FORCE_COLOR and TERM=dumb are honoured by styleText. */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream });
}

/** Code, what it is about, and what to do: one block on stderr. */
export function describeError(error: unknown, words: Words): string {
  if (!isLakeliftError(error))
    return `${words.error}: ${(error instanceof Error ? (error.stack ?? error.message) : String(error)).split('\n').map(visible).join('\n')}`;
  const lines = [
    `${paint('red', words.error, process.stderr)} ${error.code}: ${error.message.split('\n').map(visible).join('\n  ')}`,
  ];
  if (error.subject !== undefined && !error.message.includes(error.subject))
    lines.push(`  ${words.about}: ${visible(error.subject)}`);
  if (error.cause !== undefined) {
    const cause = messageOf(error.cause);
    if (!error.message.includes(cause)) lines.push(`  ${words.cause}: ${visible(cause)}`);
  }
  if (error.hint !== undefined) lines.push(`  ${paint('cyan', words.hint, process.stderr)}: ${visible(error.hint)}`);
  return lines.join('\n');
}

export function errorAsJson(error: unknown): unknown {
  if (!isLakeliftError(error)) return { error: { code: 'UNEXPECTED', message: messageOf(error) } };
  const { code, kind, message, subject, hint, details } = error;
  return { error: { code, kind, message, subject, hint, details } };
}

/** Left-aligned columns, numbers right-aligned, cut to nothing: a table that survives copy and paste. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  rightAligned: ReadonlySet<number> = new Set(),
): string[] {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const render = (row: readonly string[]): string =>
    widths
      .map((width, column) =>
        rightAligned.has(column) ? (row[column] ?? '').padStart(width) : (row[column] ?? '').padEnd(width),
      )
      .join('  ')
      .trimEnd();
  return [paint('bold', render(header)), ...rows.map(render)];
}
