import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallObjectNames } from '../../src/domain/privacy/small-object-name.ts';
import { KEY, openMigratedAbsences } from './migrated-absences.ts';
import type { SandboxProject } from './sandbox-project.ts';
import { putCleaned, putRows, rowsIn } from './small-files.ts';
import { gzipSync } from 'node:zlib';

const NAMING = { scheme: { domain: 'rh', version: 1 }, keys: new Map([[1, Buffer.from(KEY, 'hex')]]) };
const ROW = '{"matricule":null}';

interface Built {
  readonly name: string;
  readonly outcome: string;
  readonly smallFiles?: { readonly emptied: number; readonly left: number };
}

let project: SandboxProject;
beforeAll(async () => {
  ({ project } = await openMigratedAbsences());
});
afterAll(() => project.close());

const small = (table: string, name: string): string => `cleaned_rh/${table}_small_files/${name}.jsonl.gz`;

/** Where the function of a dataset writes what it has made of an object of raw. */
const madeOf = (table: string, key: string): string =>
  small(table, smallObjectNames(`s3://sandbox-raw/${key}`, [NAMING])[0]!);

/** An object of a table of raw. */
async function objectOf(table: string): Promise<string> {
  const { location } = (await project.catalog.findTable({ database: 'raw_rh', name: table }))!.table.storage;
  return firstBelow(location!.replace('s3://sandbox-raw/', ''));
}

async function firstBelow(prefix: string): Promise<string> {
  for await (const { key } of project.store.listObjects('sandbox-raw', prefix)) return key;
  throw new Error(`nothing stands below ${prefix}`);
}

async function build(...args: string[]): Promise<Map<string, Built>> {
  const { code, stdout, stderr } = await project.lakelift('zones', 'build', 'absences', '--json', ...args);
  expect([0, 3], stderr).toContain(code);
  return new Map((JSON.parse(stdout) as Built[]).map((one) => [one.name, one]));
}

describe('what functions have written beside a dataset, once it is built whole', () => {
  it('is empty where the build has read its source, of a table and of DSN files, and stays else', async () => {
    const read = madeOf('arret_travail', await objectOf('arret_travail'));
    const declared = madeOf('arrets_declares', await firstBelow('data/rh/dsn/'));
    const notRead = madeOf('arret_travail', 'raw_rh/arret_travail/annee=1789/000000_0');
    await putRows(project, read, [ROW]);
    await putRows(project, notRead, [ROW]);
    await putCleaned(project, declared, {
      content: gzipSync(`${ROW}\n`),
      metadata: { 'lakelift-dataset': 'absences/arrets_declares' },
    });
    const others = small('salaries', smallObjectNames(`s3://sandbox-raw/${await objectOf('salaries')}`, [NAMING])[0]!);
    await putCleaned(project, others, { content: gzipSync(`${ROW}\n`), metadata: { owner: 'somebody else' } });

    const dry = await build('--dry-run');
    expect(dry.get('arrets')).not.toHaveProperty('smallFiles');
    expect(await rowsIn(project, read)).toEqual([ROW]);

    const built = await build();
    expect(built.get('arrets')!.smallFiles).toEqual({ emptied: 1, left: 1 });
    expect(built.get('arrets_declares')!.smallFiles).toEqual({ emptied: 1, left: 0 });
    expect(built.get('salaries')!.smallFiles).toEqual({ emptied: 0, left: 1 });
    expect(built.get('absences_par_departement')).not.toHaveProperty('smallFiles');
    for (const key of [read, declared]) expect(await rowsIn(project, key)).toEqual([]);
    for (const key of [notRead, others]) expect(await rowsIn(project, key)).toEqual([ROW]);

    // Nothing is left to be done, and what is empty is not counted again.
    const again = await build();
    expect(again.get('arrets')).toMatchObject({ outcome: 'unchanged', smallFiles: { emptied: 0, left: 1 } });
    expect(again.get('arrets_declares')).not.toHaveProperty('smallFiles');
  }, 120_000);

  it('is told in both languages', async () => {
    const read = madeOf('arret_travail', await objectOf('arret_travail'));
    await putRows(project, read, [ROW]);
    const { stderr } = await project.lakelift('zones', 'build', 'absences', '--lang', 'fr');
    expect(stderr).toContain('arret_travail_small_files : 1 objet(s) vidés');
    await putRows(project, read, [ROW]);
    const { stderr: english } = await project.lakelift('zones', 'build', 'absences', '--lang', 'en');
    expect(english).toContain('arret_travail_small_files: 1 object(s) emptied');
  }, 120_000);
});
