import type { GeneratedFile } from './blueprint.ts';
import { csvFile } from './csv-file.ts';

export const LANGUAGES = ['fr', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A document for people, as Markdown, with its table for spreadsheets. */
export interface Document {
  /** Below `generated/<use-case>/`, without language and ending: `gdpr/register`. */
  readonly name: string;
  readonly title: string;
  readonly intro: readonly string[];
  readonly table: Rows;
  /** What is not in the table. */
  readonly sections: readonly { readonly title: string; readonly lines: readonly string[] }[];
}

export interface Rows {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function documentFiles(document: Document, language: Language): GeneratedFile[] {
  const path = `${document.name}.${language}`;
  return [
    { path: `${path}.md`, text: markdown(document) },
    csvFile(`${path}.csv`, [document.table.head, ...document.table.rows]),
  ];
}

function markdown({ title, intro, table, sections }: Document): string {
  const parts = [
    `# ${title}`,
    ...intro,
    tableLines(table).join('\n'),
    ...sections.map((section) => [`## ${section.title}`, ...section.lines].join('\n\n')),
  ];
  return `${parts.join('\n\n')}\n`;
}

function tableLines({ head, rows }: Rows): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

/** On one line, and no column more than it is. */
function cell(text: string): string {
  return text.replace(/\s*\n\s*/g, '<br>').replaceAll('|', '\\|');
}
