import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createProject, type TestProject } from './project.ts';

const REPOSITORY = join(import.meta.dirname, '../..');
const text = (path: string): string => readFileSync(join(REPOSITORY, path), 'utf8');
const STATES = 'generated/absences/step-functions/states.json';

let project: TestProject;
beforeAll(() => {
  project = createProject({
    config: {
      source: { hdfs: { nameNodes: ['http://127.0.0.1:1'] }, hive: { metastore: ['thrift://127.0.0.1:1'] } },
      target: { region: 'eu-west-3' },
      zones: { raw: { bucket: 'acme-raw' }, cleaned: { bucket: 'acme-cleaned' }, refined: { bucket: 'acme-refined' } },
    },
    migrations: { absences: text('migrations/absences.ts'), churn: text('migrations/churn.ts') },
    mappings: {
      absences: text('mappings/absences.yaml'),
      'absences.datasets': text('mappings/absences.datasets.yaml'),
    },
    environment: {},
  });
});

const at = (path: string): string => join(project.root, path);
const generate = (...args: string[]) => project.lakelift('generate', 'absences', ...args);

describe('lakelift generate', () => {
  it('lists what it would write, and writes nothing, in a dry run', async () => {
    const { code, stdout } = await generate('--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain(`new  ${STATES}`);
    expect(existsSync(at('generated'))).toBe(false);
  });

  it('writes, then has nothing to do, and --check agrees', async () => {
    expect((await generate('--check')).code).toBe(4);
    const written = await generate('--json');
    expect(written).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(written.stdout)).toMatchObject({
      isWritten: true,
      files: expect.arrayContaining([
        { path: STATES, change: 'create', isEdited: false },
        { path: 'generated/absences/manifest.json', change: 'create', isEdited: false },
      ]) as unknown,
    });
    const before = readFileSync(at(STATES));
    expect(await generate('--lang', 'fr')).toMatchObject({ code: 0, stdout: '' });
    expect(readFileSync(at(STATES)).equals(before)).toBe(true);
    const checked = await generate('--check');
    expect(checked).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('is up to date') as string });
  });

  it('gives up no change of a person unless told so', async () => {
    appendFileSync(at(STATES), '\n');
    const mine = readFileSync(at(STATES), 'utf8');
    const refused = await generate();
    expect(refused).toMatchObject({ code: 4, stderr: expect.stringContaining('GENERATED_EDITED') as string });
    expect(refused.stderr).toContain(STATES);
    const checked = await generate('--check', '--json');
    expect(checked.code).toBe(4);
    expect(JSON.parse(checked.stdout)).toMatchObject({
      error: { code: 'GENERATED_STALE', details: [{ path: STATES, isEdited: true }] },
    });
    expect(readFileSync(at(STATES), 'utf8')).toBe(mine);
    expect((await generate('--force')).code).toBe(0);
    expect((await generate('--check')).code).toBe(0);
  });

  it('writes what all use cases share when none is named, once', async () => {
    const { code, stdout } = await project.lakelift('generate');
    expect(code).toBe(0);
    expect(stdout).toContain('new  generated/_zones/cloudformation/zones.json');
    expect(stdout).not.toContain('generated/absences');
    expect((await project.lakelift('generate', '--check')).code).toBe(0);
  });

  it('says what is missing or undecided, and writes nothing then', async () => {
    const none = await project.lakelift('generate', 'churn');
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('churn') as string });
    const datasets = text('mappings/absences.datasets.yaml').replace('treat: month, as: mois_debut', 'treat: mont');
    const long = text('mappings/absences.datasets.yaml').replace('salaries:', `${'x'.repeat(60)}:`);
    for (const [wrong, said] of [
      [datasets, '"mont" is no treatment'],
      [long, 'x'.repeat(60)],
    ] as const) {
      writeFileSync(at('mappings/absences.datasets.yaml'), wrong);
      const { code, stderr } = await generate();
      expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(said) as string });
    }
    expect(existsSync(at('generated/churn'))).toBe(false);
  });
});
