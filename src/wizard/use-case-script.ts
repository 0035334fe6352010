import type { UseCaseDraft } from './wizard-state.ts';

/** The text of `migrations/<id>.ts`, as a person would write it. */
export function useCaseScript(draft: UseCaseDraft, tables: readonly string[], paths: readonly string[]): string {
  const consumers = draft.consumers.split(',').map((text) => text.trim());
  const source = [
    ...(tables.length === 0 ? [] : [listOf('tables', tables)]),
    ...(paths.length === 0 ? [] : [listOf('paths', paths)]),
  ];
  return `import { defineMigration } from 'lakelift';

export default defineMigration({
  id: ${quoted(draft.id)},
  title: { fr: ${quoted(draft.titleFr)}, en: ${quoted(draft.titleEn)} },
  owner: ${quoted(draft.owner)},
  wave: ${Number(draft.wave)},
  source: {
${source.join('\n')}
  },
  purpose: ${quoted(draft.purpose)},
  legalBasis: ${quoted(draft.legalBasis)},
  consumers: [${consumers
    .filter((text) => text !== '')
    .map(quoted)
    .join(', ')}],
});
`;
}

function listOf(name: string, entries: readonly string[]): string {
  return [`    ${name}: [`, ...[...entries].sort().map((entry) => `      ${quoted(entry)},`), '    ],'].join('\n');
}

/** As a string literal of TypeScript, whatever the person typed. */
function quoted(text: string): string {
  const json = JSON.stringify(text);
  return text.includes("'") || json.includes('\\') ? json : `'${text}'`;
}
