import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listMigrations, loadMigration } from '../../src/config/migration-file.ts';
import { readMapping } from '../../src/config/mapping-file.ts';

const ROOT = join(import.meta.dirname, '../..');
const FIELDS = `title: { fr: 'A', en: 'A' }, owner: 'a@example.org', wave: 1, purpose: 'p', legalBasis: 'l', consumers: []`;

const LOAD = `
  const [, root, useCase] = process.argv;
  const { loadMigration } = await import(${JSON.stringify(join(ROOT, 'src/config/migration-file.ts'))});
  const settled = await loadMigration(root, useCase).then((value) => ({ value }), ({ message, kind, code, hint }) => ({ error: { message, kind, code, hint } }));
  console.log(JSON.stringify(settled));
`;

/** In a process of its own: the test runner resolves imports its own way, users have Node's. */
async function load(root: string, useCase: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', LOAD, root, useCase]);
  return JSON.parse(stdout);
}

describe('migration scripts', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'lakelift-migrations-'));
    await mkdir(join(root, 'migrations'));
  });
  afterEach(() => rm(root, { recursive: true }));

  const script = (name: string, definition: string) =>
    writeFile(
      join(root, 'migrations', `${name}.ts`),
      `import { defineMigration } from 'lakelift';\nexport default defineMigration({ ${definition} });\n`,
    );

  it('load from a project that has no packages of its own', async () => {
    await script('a-b', `id: 'a-b', ${FIELDS}, source: { tables: ['rh.*'] }, beforeRun: () => {}`);
    expect(await load(root, 'a-b')).toMatchObject({
      value: {
        id: 'a-b',
        source: { tables: ['rh.*'], paths: [] },
        checks: [],
      },
    });
  });

  it('that do not exist are reported with those that do', async () => {
    await script('churn', '');
    await script('absences', '');
    await expect(loadMigration(root, 'absence')).rejects.toMatchObject({
      kind: 'usage',
      code: 'USE_CASE_UNKNOWN',
      hint: 'Known use cases: absences, churn.',
    });
    await expect(loadMigration(root, '../absences')).rejects.toMatchObject({ code: 'USE_CASE_UNKNOWN' });
  });

  it.each([
    [
      'whose id differs from the name of the file',
      `id: 'other', ${FIELDS}, source: { tables: ['rh.a'] }`,
      'its id is "other"',
    ],
    ['without a source', `id: 'x', ${FIELDS}, source: {}`, 'source: names neither a table nor a path'],
    [
      'with a table that is not database.table',
      `id: 'x', ${FIELDS}, source: { tables: ['rh'] }`,
      'source.tables.0: must look like "database.table"',
    ],
    [
      'with a relative path',
      `id: 'x', ${FIELDS}, source: { paths: ['data/rh'] }`,
      'source.paths.0: must be an absolute HDFS directory',
    ],
    ['with an unknown field', `id: 'x', ${FIELDS}, source: { tables: ['rh.a'] }, ownr: 1`, 'ownr'],
    ['that does not parse', '(', 'cannot be loaded'],
  ])('%s are refused', async (_, definition, expected) => {
    await script('x', definition);
    const message = expect.stringContaining(expected) as string;
    expect(await load(root, 'x')).toMatchObject({ error: { kind: 'usage', code: 'MIGRATION_INVALID', message } });
  });
});

it('every use case of this project loads and has a mapping that validates', async () => {
  const useCases = await listMigrations(ROOT);
  expect(useCases).toEqual(expect.arrayContaining(['absences', 'churn', 'field-sales']));
  expect(useCases.length).toBeGreaterThanOrEqual(32);
  for (const useCase of useCases) {
    const migration = await loadMigration(ROOT, useCase);
    expect((await readMapping(ROOT, useCase)).useCase).toBe(migration.id);
  }
});
