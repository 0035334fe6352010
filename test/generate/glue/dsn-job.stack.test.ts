import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { glueJobs } from '../../../src/generate/glue/glue-jobs.ts';
import { dsnText } from '../../../src/sandbox/lake/dsn-declaration.ts';
import { Random } from '../../../src/sandbox/lake/random.ts';
import { employees } from '../../../src/sandbox/lake/rh.ts';
import { aDataset } from '../../domain/privacy/a-dataset.ts';
import { runJobs } from '../../stack/run-jobs.ts';
import { blueprintOf } from '../blueprint.ts';

const stack = inject('stack');
const MEMBERS = 5;
/** Whoever writes such names, logs are no place for them. */
const NIR = '1850578006084';

describe.skipIf(stack === undefined)('The generated job over DSN files, by real Spark', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lakelift-dsn-job-'));
  const declaration = dsnText([{ month: '01012024', members: employees().slice(0, MEMBERS) }], new Random('dsn job'));
  const FOLDERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    whole: { '2024/01.dsn': declaration, '2024/01.lzo.index': 'index', '_tmp/02.dsn': declaration },
    none: { '01.lzo.index': 'index', '02.dsn._COPYING_': declaration, '.hidden.dsn': declaration },
    packed: {
      '01.dsn': declaration,
      [`${NIR}/depot_${NIR}.dsn`]: 'PK\u0003\u0004',
      [`${NIR}.gz`]: '\u001f\u008b\u0008',
    },
  };
  const madeOf = (name: string) => join(folder, 'made', name);
  const asideOf = (name: string) => join(folder, 'aside', name);
  let printed = '';

  beforeAll(async () => {
    const dataset = aDataset({
      name: 'salaries',
      from: 'dsn_rh.individu',
      columns: { r001: { treat: 'drop' }, dsn_line: { as: 'ligne' } },
    });
    const absences = await blueprintOf('absences');
    const files = glueJobs({ ...absences, datasets: { ...absences.datasets, datasets: [dataset] } });
    for (const { path, text } of files) put(join(folder, path), text);
    for (const [name, those] of Object.entries(FOLDERS))
      for (const [path, text] of Object.entries(those))
        put(join(folder, 'dsn', name, path), Buffer.from(text, 'latin1'));
    printed = await runJobs({
      directory: join(folder, 'spark'),
      modules: join(folder, 'glue'),
      statements: [],
      jobs: Object.keys(FOLDERS).map((name) => [
        ...[join(folder, 'glue/salaries.py'), '--register', 'no', '--target', `file://${madeOf(name)}`],
        ...['--sources', `dsn_rh=file://${join(folder, 'dsn', name)}`, '--quarantine', `file://${asideOf(name)}`],
      ]),
      goesOn: true,
    });
  }, 200_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function put(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  function setAside(name: string): string {
    const below = join(asideOf(name), 'dsn_rh.individu');
    const files = readdirSync(below).filter((file) => file.startsWith('part-'));
    return files.map((file) => readFileSync(join(below, file), 'utf8')).join('');
  }

  it('leaves out what a build leaves out, and says that there is none where all is', () => {
    const figures = printed.split('\n').find((line) => line.startsWith('{"dataset": "salaries"'))!;
    expect(JSON.parse(figures)).toEqual({
      ...{ dataset: 'salaries', sourceRows: MEMBERS, rows: MEMBERS },
      inQuarantine: { 'dsn_rh.individu': 0 },
    });
    expect(setAside('whole')).toBe('');
    expect(printed).toContain('Refused: salaries: no DSN file for dsn_rh.individu');
  });

  it('names a file that it cannot unpack where rows may be, and nowhere else', () => {
    expect(printed).toContain('Refused: salaries: 2 of the DSN files of dsn_rh.individu cannot be unpacked');
    expect(printed).not.toContain(NIR);
    const named = setAside('packed')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as object);
    expect(named).toEqual(
      expect.arrayContaining([
        { file: `${NIR}/depot_${NIR}.dsn`, kind: 'packed', text: expect.stringContaining('zip') as string },
        { file: `${NIR}.gz`, kind: 'packed', text: 'is not whole as gzip' },
      ]),
    );
    expect(readdirSync(join(folder, 'made'))).toEqual(['whole']);
  });
});
