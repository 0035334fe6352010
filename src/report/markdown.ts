import { visibleText } from './visible-text.ts';

/** Cells are Markdown already; heads are texts. An empty line ends it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], rule?: string): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head.map(plain)), rule ?? line(head.map(() => '---')), ...rows.map(line), ''];
}

/** A text: character references are never read as Markdown or markup. */
export function plain(text: string): string {
  return visibleText(text).replace(/[!-,/:-@[-`{-~]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** In code nothing becomes a link or a mention either. */
export function code(text: string): string {
  return `<code>${plain(text)}</code>`;
}
