import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crcOf, crcToBase64 } from '../../src/domain/checksum/crc.ts';
import { s3Key } from '../../src/domain/names.ts';
import type { ObjectAddress } from '../../src/domain/plan.ts';
import { openSandboxProject, type SandboxProject } from './sandbox-project.ts';

const RAW = 'sandbox-raw';

interface Answer {
  readonly input: { readonly manifests: Readonly<Record<string, ObjectAddress>> };
  readonly datasets: readonly {
    readonly name: string;
    readonly objects: number;
    readonly leftOut: Readonly<Record<string, number>>;
    readonly key?: string;
    readonly outcome?: string;
  }[];
}

/** Nothing is made of it: a function may fill it before it is built. */
const ALONE = `
  effectifs:
    target: { zone: cleaned, database: cleaned_rh, table: effectifs }
    from: rh.salaries
    columns:
      ${['nir', 'nom', 'prenom', 'sexe', 'date_naissance', 'code_postal', 'date_embauche', 'taux_pas'].map((name) => `${name}: { treat: drop }`).join('\n      ')}
      service: { treat: keep, because: 'read by nobody but a test' }
    notAnonymous: read by nobody but a test
`;

let project: SandboxProject;
let firstRun: string;
beforeAll(async () => {
  project = await openSandboxProject({
    environment: { LAKELIFT_KEY_RH: 'a1'.repeat(32) },
    change: (config) => ({ ...config, privacy: { keys: { rh: { version: 1, env: 'LAKELIFT_KEY_RH' } } } }),
  });
  const datasets = readFileSync(join(import.meta.dirname, '../../mappings/absences.datasets.yaml'), 'utf8');
  writeFileSync(join(project.root, 'mappings/absences.datasets.yaml'), `${datasets}${ALONE}`);
});
afterAll(() => project.close());

const manifest = (...args: string[]) => project.lakelift('zones', 'manifest', 'absences', ...args);
const answerOf = async (...args: string[]) => {
  const { code, stdout, stderr } = await manifest('--json', ...args);
  return { code, stderr, ...(JSON.parse(stdout) as Answer) };
};
const keysBelow = async (prefix: string) =>
  (await Array.fromAsync(project.store.listObjects(RAW, prefix))).map(({ key }) => key);

async function contentOf({ bucket, key }: ObjectAddress): Promise<ObjectAddress[]> {
  const pieces = await Array.fromAsync(await project.store.readObject({ bucket, key: s3Key(key) }));
  return JSON.parse(Buffer.concat(pieces).toString()) as ObjectAddress[];
}

/** As somebody else would. */
async function replace(key: string, text: string, metadata: Record<string, string> = {}): Promise<void> {
  const address = { bucket: RAW, key: s3Key(key) };
  const standing = await project.store.findObject(address);
  const condition = standing ? ({ kind: 'if-match', etag: standing.etag } as const) : ({ kind: 'if-absent' } as const);
  const body = Buffer.from(text);
  const crc32c = crcToBase64(crcOf('CRC32C').sum(body));
  await project.store.putObject({ address, body, crc32c, metadata, condition });
}

describe('lakelift zones manifest', () => {
  it('asks for a run first', async () => {
    expect(await manifest()).toMatchObject({ code: 2, stderr: expect.stringContaining('NO_RUN') as string });
    const { code, summary } = await project.run('absences');
    expect(code).toBe(0);
    firstRun = summary.runId;
  });

  it('leaves to its job what does not stand and others are made of, which would lack their source', async () => {
    const { code, input, datasets } = await answerOf('--dry-run');
    expect(code).toBe(0);
    expect(datasets).toMatchObject([
      { name: 'salaries', madeBy: 'job', why: 'below', objects: 0 },
      { name: 'arrets', madeBy: 'job', why: 'below' },
      { name: 'arrets_declares', madeBy: 'job', why: 'below', leftOut: { hidden: 1 } },
      { name: 'effectifs', madeBy: 'functions', objects: 1, leftOut: {}, outcome: 'not written' },
    ]);
    expect(Object.keys(input.manifests)).toEqual(['effectifs']);
    const named = await manifest('arrets');
    expect(named).toMatchObject({ code: 2, stderr: expect.stringContaining('MANIFEST_EMPTY') as string });
    expect(named.stderr).toContain('arrets: other datasets are made of its own table, which does not stand yet');
  });

  it('lists all objects of what was never built, whatever run brought them', async () => {
    const { summary } = await project.run('absences');
    const { code, input } = await answerOf('effectifs', '--since', summary.runId, '--dry-run');
    expect(code).toBe(0);
    expect(Object.keys(input.manifests)).toEqual(['effectifs']);
  });

  it('has somebody say what a build has not seen', async () => {
    expect((await project.lakelift('zones', 'build', 'absences')).code).toBe(0);
    const refused = await manifest('arrets_declares');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('MANIFEST_SINCE') as string });
    const unknown = await manifest('--since', 'never');
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('RUN_NOT_FOUND') as string });
  });

  it('prints in a dry run what it would list and the input, and writes nothing; other datasets stay as they are', async () => {
    const { code, stdout, stderr } = await manifest('arrets', '--since', firstRun, '--dry-run');
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.slice(0, -1)).toEqual([
      `s3://${RAW}/rh/arret_travail/Annee=2023/Mois=12/000000_0`,
      ...[1, 2, 3].map((month) => `s3://${RAW}/rh/arret_travail/annee=2024/mois=${month}/000000_0`),
    ]);
    expect(JSON.parse(lines.at(-1)!)).toEqual({
      manifests: {
        salaries: { objects: 0 },
        arrets: { bucket: RAW, key: expect.stringMatching(/^_manifests\/absences\/arrets-/) as string },
        arrets_declares: { objects: 0 },
        effectifs: { objects: 0 },
      },
    });
    expect(stderr).toContain('not written');
    expect(stderr).toContain('salaries: nothing to take; the state machine leaves it as it stands');
    expect(stderr).toContain('arrets: absences_par_departement will be made of its own table');
    expect(await keysBelow('_manifests/')).toEqual([]);
  });

  it('lists for each function what a run has proven and a build would read, in the order of keys', async () => {
    const { code, stderr, input, datasets } = await answerOf('--since', firstRun);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(datasets).toMatchObject([
      { name: 'salaries', objects: 1, leftOut: {}, outcome: 'created' },
      { name: 'arrets', objects: 4, leftOut: {}, outcome: 'created', notIn: ['absences_par_departement'] },
      { name: 'arrets_declares', leftOut: { hidden: 1 }, outcome: 'created' },
      { name: 'effectifs', objects: 1 },
    ]);
    expect(Object.keys(input.manifests)).toEqual(['salaries', 'arrets', 'arrets_declares', 'effectifs']);
    expect(await contentOf(input.manifests['salaries']!)).toEqual([{ bucket: RAW, key: 'rh/salaries/salaries.tsv' }]);
    const dsn = (await keysBelow('data/rh/dsn/')).filter((key) => !key.includes('/_'));
    expect(dsn.length).toBeGreaterThan(1);
    expect(await contentOf(input.manifests['arrets_declares']!)).toEqual(dsn.map((key) => ({ bucket: RAW, key })));
  });

  it('writes nothing where the same objects are to be listed, and prints the same input', async () => {
    const before = await keysBelow('_manifests/');
    const again = await answerOf('--since', firstRun);
    expect(new Set(again.datasets.map(({ outcome }) => outcome))).toEqual(new Set(['unchanged']));
    const { stdout, stderr } = await manifest('--since', firstRun, '--lang', 'fr');
    expect(JSON.parse(stdout)).toEqual(again.input);
    expect(stderr).toContain(`stateMachine:lakelift-absences --input '${stdout.trimEnd()}'`);
    expect(stderr).toContain('inchangée');
    expect(await keysBelow('_manifests/')).toEqual(before);
  });

  it('lists what later runs brought', async () => {
    const { summary } = await project.run('absences');
    const none = await manifest('arrets_declares', '--since', summary.runId);
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('MANIFEST_EMPTY') as string });
    expect(none.stderr).toContain('brought by an earlier run');
  });

  it('leaves out, and says, what is not as it was proven', async () => {
    const changed = 'rh/arret_travail/annee=2024/mois=1/000000_0';
    const { metadata } = (await project.store.findObject({ bucket: RAW, key: s3Key(changed) }))!;
    await replace(changed, 'somebody else', metadata);
    const { code, datasets } = await answerOf('arrets', '--since', firstRun);
    expect(code).toBe(3);
    expect(datasets[1]).toMatchObject({ name: 'arrets', objects: 3, leftOut: { changed: 1 } });
    expect((await manifest('arrets', '--since', firstRun)).stderr).toContain(
      'arrets: 1 left out: gone, or changed since they were proven',
    );
  });

  it('replaces nothing that is not its own', async () => {
    const { input } = await answerOf('salaries', '--since', firstRun);
    const { key } = input.manifests['salaries']!;
    await replace(key, 'theirs');
    expect(await manifest('salaries', '--since', firstRun)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('MANIFEST_FOREIGN') as string,
    });
  });

  it('says which datasets have a function', async () => {
    expect(await manifest('absences_par_departement')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/NO_SMALL_FILES[^]*salaries, arrets, arrets_declares, effectifs/) as string,
    });
  });
});
