import type { ErasureRecord } from '../domain/privacy/erasure.ts';
import { erasureContent, type ErasureProof, type ErasureSection } from './erasure-content.ts';
import { code, plain, table } from './markdown.ts';
import type { Language } from './quantities.ts';

/** The record of an erasure as Markdown: what its page says, to be filed beside the other documents of the law. */
export function renderErasureText(record: ErasureRecord, proof: ErasureProof, language: Language): string {
  const { words, state, facts, sections } = erasureContent(record, proof, language);
  const { headline, meaning } = words.states[state];
  const lines = [
    `# ${plain(words.documentTitle(record.useCase))}`,
    '',
    `**${plain(headline)}**`,
    '',
    plain(meaning),
    '',
    `## ${plain(words.sections.subject)}`,
    '',
    ...facts.map(([name, value]) => `- ${plain(name)} – ${code(value)}`),
    '',
    ...sections.flatMap(sectionLines),
    `## ${plain(words.sections.signatures)}`,
    '',
    ...table(words.signatories, [words.signatories.map(() => plain(words.readApproved))]),
    plain(words.footer(proof.toolVersion)),
  ];
  return `${lines.join('\n')}\n`;
}

function sectionLines({ title, intro, tables, lines }: ErasureSection): string[] {
  return [
    `## ${plain(title)}`,
    '',
    ...(intro === undefined ? [] : [plain(intro), '']),
    ...tables.flatMap(({ head, rows }) =>
      table(
        head,
        rows.map((row) => row.map(plain)),
      ),
    ),
    ...lines.map((line) => `- ${plain(line)}`),
    ...(lines.length > 0 ? [''] : []),
  ];
}
