import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseMapping } from '../../src/config/mapping-file.ts';
import { loadMigration } from '../../src/config/migration-file.ts';
import { decidedMapping } from '../../src/wizard/decided-mapping.ts';
import { useCaseScript } from '../../src/wizard/use-case-script.ts';

const root = mkdtempSync(join(tmpdir(), 'lakelift-wizard-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const draft = {
  id: 'calls',
  titleFr: "L'appel « suivi »",
  titleEn: 'A \\ "quoted" title',
  owner: 'a@example.org',
  wave: '2',
  purpose: 'ligne\u2028suivante',
  legalBasis: 'art. 6.1.f',
  consumers: 'dataiku, , powerbi ',
};

describe('the script that the wizard writes', () => {
  it('loads as what was typed, whatever that was', async () => {
    for (const folder of ['migrations', 'node_modules']) mkdirSync(join(root, folder));
    symlinkSync(join(import.meta.dirname, '../..'), join(root, 'node_modules/lakelift'));
    writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(root, 'migrations/calls.ts'), useCaseScript(draft, ['b.t', 'a.t'], ["/data/l'été/x"]));
    expect(await loadMigration(root, 'calls')).toMatchObject({
      id: 'calls',
      title: { fr: draft.titleFr, en: draft.titleEn },
      wave: 2,
      source: { tables: ['a.t', 'b.t'], paths: ["/data/l'été/x"] },
      purpose: draft.purpose,
      consumers: ['dataiku', 'powerbi'],
    });
  });
});

const MAPPING = `# reviewed by the DPO
useCase: calls
tables:
  # keep this
  a.t:
    target: { zone: raw, database: raw_a, table: t }
    columns:
      nir: { class: identifier, treat: pseudonymise } # agreed
      note: { class: unclassified }
  b.t:
    target: { zone: raw, database: lake, table: t }
    columns: {}
`;

describe('decisions put into a mapping', () => {
  it('change what was decided, and leave comments, order and the rest alone', () => {
    const text = decidedMapping(MAPPING, {
      zones: { 'a.t': 'cleaned', 'b.t': 'refined' },
      classes: { 'a.t': { nir: 'identifier', note: 'free-text' } },
    });
    expect(text.split('\n').filter((line, index) => line !== MAPPING.split('\n')[index])).toEqual([
      '    target: { zone: cleaned, database: cleaned_a, table: t }',
      '      note: { class: free-text }',
      // A database that somebody named stays.
      '    target: { zone: refined, database: lake, table: t }',
    ]);
    expect(parseMapping(text, 'calls', 'x').tables['a.t']?.columns['note']).toEqual({ class: 'free-text' });
  });

  it('treat a column as its values were shown to be, where that gives it its class and nobody has treated it', () => {
    const text = decidedMapping(MAPPING, {
      zones: {},
      classes: { 'a.t': { nir: 'identifier', note: 'identifier' } },
      treats: { 'a.t': { nir: 'pseudonymise:nir', note: 'pseudonymise:email' } },
    });
    expect(parseMapping(text, 'calls', 'x').tables['a.t']?.columns).toEqual({
      nir: { class: 'identifier', treat: 'pseudonymise' },
      note: { class: 'identifier', treat: 'pseudonymise:email' },
    });
  });

  it('that change nothing leave the text as it is, and names that are not there are left out', () => {
    const decisions = { zones: { 'a.t': 'raw', 'c.t': 'raw' }, classes: { 'a.t': { gone: 'public' } } } as const;
    expect(decidedMapping(MAPPING, decisions)).toBe(MAPPING);
  });
});
