import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mappingPath, parseMapping, readMapping, writeMapping } from '../../src/config/mapping-file.ts';
import { mappingJsonSchema } from '../../src/config/mapping-schema.ts';
import { mergeMapping } from '../../src/config/merge-mapping.ts';
import type { ColumnMapping, Mapping } from '../../src/domain/mapping.ts';
import type { UseCaseId } from '../../src/domain/names.ts';

const ROOT = join(import.meta.dirname, '../..');

function mapping(
  tables: Record<string, Record<string, ColumnMapping['class']>>,
  paths: readonly string[] = [],
): Mapping {
  const tableOf = (name: string, columns: Record<string, ColumnMapping['class']>) => ({
    target: { zone: 'raw' as const, database: 'raw_rh', table: name.slice(3) },
    storage: 'keep' as const,
    partitions: { offPath: 'relocate' as const, missingFolder: 'register-empty' as const },
    columns: Object.fromEntries(Object.entries(columns).map(([column, value]) => [column, { class: value }])),
    reconcile: { level: 'rows' as const },
  });
  return {
    useCase: 'absences' as UseCaseId,
    tables: Object.fromEntries(Object.entries(tables).map(([name, columns]) => [name, tableOf(name, columns)])),
    paths: Object.fromEntries(paths.map((path) => [path, { target: { zone: 'raw' as const, prefix: path.slice(1) } }])),
  };
}

const EDITED = `# ours, since 2024
useCase: absences
tables:
  # asked of Anne on Monday
  rh.salaries:
    target: { zone: cleaned, database: rh_net, table: people }   # not the usual name
    columns:
      # the key of everything
      nir: {class: identifier, treat: pseudonymise}
      nom: { class: public }
`;

describe('merging a proposal into a mapping', () => {
  it('adds tables, columns and paths and leaves every value, comment and order of a person', () => {
    const proposal = mapping(
      {
        'rh.arrets': { nir: 'identifier' },
        'rh.salaries': { matricule: 'identifier', nir: 'unclassified', ville: 'unclassified', nom: 'identifier' },
      },
      ['/data/rh'],
    );
    const { text, diff } = mergeMapping(EDITED, proposal);
    expect(diff).toEqual({
      added: ['rh.arrets', 'rh.salaries.matricule', 'rh.salaries.ville', '/data/rh'],
      kept: ['rh.salaries'],
      vanished: [],
    });
    const merged = parseMapping(text, 'absences', 'x.yaml');
    expect(merged.tables['rh.salaries']).toMatchObject({
      target: { zone: 'cleaned', database: 'rh_net', table: 'people' },
    });
    expect(Object.entries(merged.tables['rh.salaries']!.columns).map(([name, column]) => [name, column.class])).toEqual(
      [
        ['matricule', 'identifier'],
        ['nir', 'identifier'],
        ['ville', 'unclassified'],
        ['nom', 'public'],
      ],
    );
    for (const comment of ['# ours, since 2024', '# not the usual name']) expect(text).toContain(comment);
    expect(text).toMatch(/# the key of everything\n +nir: /);
    expect(text).toMatch(/# asked of Anne on Monday\n +rh\.salaries:/);
  });

  it('marks what the source no longer has, once, keeps it, and unmarks it when it is back', () => {
    const without = mapping({ 'rh.arrets': { nir: 'identifier' } });
    const first = mergeMapping(EDITED, without);
    expect(first.diff.vanished).toEqual(['rh.salaries']);
    expect(first.text).toMatch(/# asked of Anne on Monday\n +# no longer at the source\n +rh\.salaries:/);
    expect(mergeMapping(first.text, without).text).toBe(first.text);
    const back = mergeMapping(
      first.text,
      mapping({ 'rh.arrets': {}, 'rh.salaries': { nir: 'identifier', nom: 'identifier' } }),
    );
    expect(back.text).toContain('# asked of Anne on Monday\n');
    expect(back.text.match(/# no longer at the source/g)).toHaveLength(1);
    expect(back.diff.vanished).toEqual(['rh.arrets.nir']);
  });

  it('gives the very same text when nothing is new, whatever its style', () => {
    const proposal = mapping({ 'rh.salaries': { nir: 'unclassified', nom: 'unclassified' } });
    expect(mergeMapping(EDITED, proposal)).toEqual({
      text: EDITED,
      diff: { added: [], kept: ['rh.salaries'], vanished: [] },
    });
  });
});

describe('a malformed mapping', () => {
  const text = (table: string) => `useCase: absences\ntables:\n  rh.salaries:\n${table}`;
  const target = '    target: { zone: raw, database: d, table: t }\n';

  it.each([
    [
      'an unknown key',
      `${target}    storag: keep\n`,
      '5:5',
      'allowed: target, skip, storage, convert, partitions, columns, reconcile',
    ],
    [
      'a value that is not allowed',
      '    target: { zone: rav, database: d, table: t }\n',
      '4:21',
      '"raw"|"cleaned"|"refined"',
    ],
    [
      'a column class that is not allowed',
      `${target}    columns:\n      nir: { class: secret }\n`,
      '6:21',
      '"identifier"',
    ],
    ['a duplicate key', `${target}    storage: keep\n    storage: keep\n`, '6:5', 'unique'],
    ['a tab', `\ttarget: x\n`, '4:1', 'Tabs'],
    [
      'a type that Athena lacks',
      `${target}    columns:\n      nir: { class: identifier, type: uniontype<int> }\n`,
      '6:39',
      'union',
    ],
    ['a missing value', '    storage: keep\n', '4:5', 'target'],
    ['an empty reason to skip', `${target}    skip: ' '\n`, '5:11', 'reason'],
    [
      'a target name that needs quoting',
      '    target: { zone: raw, database: RH-net, table: t }\n',
      '4:36',
      'lower-case',
    ],
  ])('is reported by line and column: %s', (_, table, position, expected) => {
    expect(() => parseMapping(text(table), 'absences', 'mappings/absences.yaml')).toThrow(
      `mappings/absences.yaml:${position}: `,
    );
    expect(() => parseMapping(text(table), 'absences', 'mappings/absences.yaml')).toThrow(expected);
  });

  it('names every fault at once', () => {
    const faulty = text(`${target}    storag: keep\n    columns:\n      nir: { clas: x }\n`);
    expect(() => parseMapping(faulty, 'absences', 'm.yaml')).toThrow(/m\.yaml:5:5[^]*m\.yaml:7:/);
  });

  it('is one whose use case is not the name of its file', () => {
    expect(() => parseMapping('useCase: churn\n', 'absences', 'm.yaml')).toThrow(
      'useCase is "churn", but the file is named absences.yaml',
    );
  });

  it('is one whose keys are not tables or directories of the source', () => {
    expect(() =>
      parseMapping(
        `useCase: absences\npaths:\n  data/rh/:\n    target: { zone: raw, prefix: x }\n`,
        'absences',
        'm.yaml',
      ),
    ).toThrow('m.yaml:3:3: ');
  });
});

describe('the mapping file', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'lakelift-mapping-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  it('is written with its schema beside it and reads back as proposed', async () => {
    const proposal = mapping({ 'rh.salaries': { nir: 'identifier' } }, ['/data/rh']);
    await writeMapping(root, proposal);
    expect(await readMapping(root, 'absences')).toEqual(proposal);
    const text = await readFile(mappingPath(root, 'absences'), 'utf8');
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=mapping.schema.json');
    expect(await readFile(join(root, 'mappings/mapping.schema.json'), 'utf8')).toBe(mappingJsonSchema());
  });

  it('that is absent is reported with the command that proposes one', async () => {
    await expect(readMapping(root, 'absences')).rejects.toMatchObject({
      kind: 'usage',
      hint: expect.stringContaining('lakelift map absences') as string,
    });
  });
});

it('the schema committed for editors is the one that the program checks with', async () => {
  expect(await readFile(join(ROOT, 'mappings/mapping.schema.json'), 'utf8')).toBe(mappingJsonSchema());
});
