import { DuckDBInstance } from '@duckdb/node-api';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s3Key } from '../../src/domain/names.ts';
import { nextPseudonym, pseudonym } from '../../src/domain/privacy/pseudonym.ts';
import { erasureSchema } from '../../src/report/erasure-schema.ts';
import { employees } from '../../src/sandbox/lake/rh.ts';
import { mapping, openSandboxProject, type SandboxProject } from './sandbox-project.ts';
import { putCleaned, putRows, rowsIn } from './small-files.ts';

const KEY = 'a1'.repeat(32);
const NEXT_KEY = 'b2'.repeat(32);
const OTHER_KEY = 'c3'.repeat(32);
/** Those made of tables; dsn-zones.test.ts has those made of DSN files. */
const [DATASETS = ''] = readFileSync(join(import.meta.dirname, '../../mappings/absences.datasets.yaml'), 'utf8').split(
  '  # Des fichiers DSN',
);

let project: SandboxProject;
const files: string[] = [];
beforeAll(async () => {
  project = await openSandboxProject({
    environment: { LAKELIFT_KEY_RH: KEY, LAKELIFT_KEY_RH_2: NEXT_KEY, LAKELIFT_KEY_OTHER: OTHER_KEY },
    change: (config) => ({
      ...config,
      privacy: {
        keys: {
          rh: { version: 2, env: 'LAKELIFT_KEY_RH_2', earlier: [{ version: 1, env: 'LAKELIFT_KEY_RH' }] },
          other: { version: 1, env: 'LAKELIFT_KEY_OTHER' },
        },
      },
    }),
  });
  expect((await project.run('absences')).code).toBe(0);
});
afterAll(async () => {
  for (const file of files) rmSync(file, { force: true });
  await project.close();
});

const write = (path: string, text: string) => writeFileSync(join(project.root, path), text);
const build = async (datasets: string, ...args: string[]) => {
  write('mappings/absences.datasets.yaml', datasets);
  return project.lakelift('zones', 'build', 'absences', ...args);
};
const key = (table: string) => s3Key(`cleaned_rh/${table}/part-00000.parquet`);
const isThere = async (table: string) =>
  (await project.store.findObject({ bucket: 'sandbox-cleaned', key: key(table) })) !== undefined;

const parquet = (table: string): Promise<string> => download('sandbox-cleaned', key(table));

async function download(bucket: string, name: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of await project.store.readObject({ bucket, key: s3Key(name) })) pieces.push(piece);
  const file = join(tmpdir(), `lakelift-zones-${process.pid}-${files.length}.parquet`);
  files.push(file);
  writeFileSync(file, Buffer.concat(pieces));
  return file;
}

async function query(sql: string): Promise<unknown[][]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson();
  } finally {
    connection.closeSync();
  }
}

/** Everything that a project and its logs say. */
function everythingWritten(folder = project.root): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

describe('lakelift zones build', () => {
  it('refuses what nobody has decided, and what would leak, before anything is written', async () => {
    const undecided = await build(DATASETS.replace(/ {6}date_debut.*\n/, '').replace(/ {6}sexe.*\n/, ''));
    expect(undecided.code).toBe(2);
    expect(undecided.stderr).toContain('DATASET_UNDECIDED');
    expect(undecided.stderr).toContain('sexe: it is quasi-identifier and has no treatment');

    // Somebody has classed the social security number as technical.
    const wrong = mapping('absences').replaceAll(
      'nir: { class: identifier, treat: pseudonymise:nir }',
      'nir: { class: technical }',
    );
    write('mappings/absences.yaml', wrong);
    const leak = await build(DATASETS.replace("      nir: { treat: 'pseudonymise:nir' }\n", ''));
    write('mappings/absences.yaml', mapping('absences'));
    expect(leak.code).toBe(2);
    expect(leak.stderr).toContain('DATASET_LEAK');
    expect(leak.stderr).toMatch(/nir \(\d+ nir\)/);
    for (const { person } of employees()) expect(leak.stderr).not.toContain(person.nir);

    const few = await build(DATASETS.replace(/k: 5(?=\n *over: \[motif_arret, annee\])/, 'k: 400'));
    expect(few.code).toBe(2);
    expect(few.stderr).toContain('DATASET_NOT_ANONYMOUS');
    expect(await isThere('salaries')).toBe(false);
    expect(await isThere('arret_travail')).toBe(false);
  }, 60_000);

  it('refuses to work without the key, with a short one, or with that of another domain, and never repeats it', async () => {
    const none = await build(DATASETS.replace('version: 1', 'version: 3'));
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('PSEUDONYM_KEY_UNUSABLE') as string });
    write('mappings/absences.datasets.yaml', DATASETS);
    const short = await project.lakeliftIn({ LAKELIFT_KEY_RH: 'c0ffee' }, 'zones', 'build', 'absences');
    expect(short).toMatchObject({ code: 2, stderr: expect.stringContaining('fewer than 32 bytes') as string });
    expect(short.stderr).not.toContain('c0ffee');
    const shared = await project.lakeliftIn({ LAKELIFT_KEY_OTHER: KEY }, 'zones', 'build', 'absences');
    expect(shared).toMatchObject({ code: 2, stderr: expect.stringContaining('PSEUDONYM_KEY_SHARED') as string });
    expect(shared.stderr).not.toContain(KEY);
  });

  it('writes nothing in a dry run', async () => {
    const { code, stdout } = await build(DATASETS, '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain('not written');
    expect(await isThere('salaries')).toBe(false);
  });

  it('builds datasets that join by pseudonym and say nothing else', async () => {
    const { code, stdout, stderr } = await build(DATASETS, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [people, leaves, figures] = JSON.parse(stdout) as {
      sourceRows: number;
      rows: number;
      suppressedRows: number;
      smallestClass: number;
      outcome: string;
      partitions: string[];
    }[];
    expect(people).toMatchObject({ sourceRows: 800, outcome: 'created' });
    expect(people!.rows + people!.suppressedRows).toBe(800);
    expect(people!.smallestClass).toBeGreaterThanOrEqual(5);
    expect(leaves).toMatchObject({ sourceRows: 1000, rows: 1000, suppressedRows: 0 });

    expect(figures).toMatchObject({ outcome: 'created', partitions: ['annee'] });
    expect(figures!.smallestClass).toBeGreaterThanOrEqual(5);

    const salaries = await parquet('salaries');
    const arrets = await parquet('arret_travail');
    const expected = new Set(
      employees().map(({ matricule }) =>
        pseudonym({ domain: 'rh', version: 1 }, Buffer.from(KEY, 'hex'), 'text', matricule),
      ),
    );
    const found = await query(`SELECT DISTINCT matricule FROM '${salaries}'`);
    expect(found.length).toBe(people!.rows);
    for (const [matricule] of found) expect(expected.has(matricule as string)).toBe(true);
    const [[joined, lost]] = (await query(
      `SELECT count(s.matricule), count(*) - count(s.matricule) FROM '${arrets}' a LEFT JOIN '${salaries}' s USING (matricule)`,
    )) as [[string, string]];
    // Those that are missing belong to people who stand in too small a class.
    expect(Number(joined) + Number(lost)).toBe(1000);
    expect(Number(joined)).toBeGreaterThan(500);
    expect(
      await query(`SELECT DISTINCT regexp_full_match(tranche_naissance, '[0-9]{4}-[0-9]{4}') FROM '${salaries}'`),
    ).toEqual([[true]]);
    const names = (await query(`DESCRIBE SELECT * FROM '${salaries}'`)).map(([name]) => name);
    expect(names).toEqual(['matricule', 'sexe', 'tranche_naissance', 'departement', 'annee_embauche', 'service']);

    // The bytes of both files hold no number of anybody, and no file or log of the project holds the key.
    const bytes = readFileSync(salaries, 'latin1') + readFileSync(arrets, 'latin1');
    for (const { matricule, person } of employees()) {
      expect(bytes).not.toContain(person.nir);
      expect(bytes).not.toContain(matricule);
    }
    expect(everythingWritten()).not.toContain(KEY);
  });

  it('registers them with their types, classes and the scheme of their pseudonyms', async () => {
    const found = await project.catalog.findTable({ database: 'cleaned_rh', name: 'arret_travail' });
    expect(found!.table.parameters).toMatchObject({
      'lakelift.pseudonyms': 'hmac-sha256-128 rh v1',
      'lakelift.k-anonymity': '5',
    });
    expect(found!.table.storage.columns).toContainEqual({
      name: 'mois_debut',
      type: 'string',
      comment: 'quasi-identifier, month',
    });
    expect(found!.table.storage.location).toBe('s3://sandbox-cleaned/cleaned_rh/arret_travail/');
  });

  it('sums up what was cleaned, in partitions that the catalog knows', async () => {
    const name = { database: 'refined_rh', name: 'absences_par_departement' };
    const { table } = (await project.catalog.findTable(name))!;
    expect(table.partitionKeys.map((key) => key.name)).toEqual(['annee']);
    expect(table.storage.columns).toContainEqual({ name: 'arrets', type: 'bigint', comment: 'technical, count' });
    expect(table.storage.columns).toContainEqual({
      name: 'departement',
      type: 'string',
      comment: 'quasi-identifier, department',
    });
    const places: string[] = [];
    for await (const { storage } of project.catalog.listPartitions(name)) places.push(storage.location!);
    expect(places.length).toBeGreaterThan(0);
    for (const place of places) {
      expect(place).toMatch(/^s3:\/\/sandbox-refined\/refined_rh\/absences_par_departement\/annee=\d{4}\/$/);
      const file = s3Key(`${place.replace('s3://sandbox-refined/', '')}part-00000.parquet`);
      expect(await project.store.findObject({ bucket: 'sandbox-refined', key: file })).toBeDefined();
    }
  });

  it('gives the same bytes again, and changes nothing', async () => {
    const { code, stdout } = await build(DATASETS, '--json');
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { outcome: string }[]).map(({ outcome }) => outcome)).toEqual([
      'unchanged',
      'unchanged',
      'unchanged',
    ]);
  });

  it('leaves no row of somebody in a partition that a dataset no longer has', async () => {
    const fewer = await build(
      DATASETS.replace(
        '    from: arrets\n',
        "    from: arrets\n    where: [{ column: annee, is: '=', value: 1999 }]\n",
      ),
      '--json',
    );
    const figures = (JSON.parse(fewer.stdout) as { rows: number; outcome: string }[])[2];
    expect(figures).toMatchObject({ rows: 0, outcome: 'updated' });
    let files = 0;
    for await (const { key } of project.store.listObjects('sandbox-refined', 'refined_rh/')) {
      files += 1;
      expect(await query(`SELECT count(*) FROM '${await download('sandbox-refined', key)}'`)).toEqual([['0']]);
    }
    expect(files).toBeGreaterThan(0);
  });

  it('replaces a dataset whose definition changed, and leaves alone what is not its own', async () => {
    const coarser = await build(DATASETS.replace("'year-band:10'", "'year-band:20'"), '--json');
    expect((JSON.parse(coarser.stdout) as { outcome: string }[]).map(({ outcome }) => outcome)).toEqual([
      'updated',
      'unchanged',
      'updated',
    ]);
    const renamed = await build(
      DATASETS.replace(/^ {2}salaries:/m, '  personnel:').replace('with: salaries', 'with: personnel'),
    );
    expect(renamed.stderr).toContain('DATASET_FOREIGN');
    expect(renamed.code).not.toBe(0);
  }, 60_000);

  it('says of a table what is declared now, and lets be what others say of it', async () => {
    const found = async () => (await project.catalog.findTable({ database: 'cleaned_rh', name: 'arret_travail' }))!;
    const { table, version } = await found();
    expect(table.parameters).toHaveProperty(['lakelift.k-anonymity']);
    await project.catalog.updateTable({ ...table, parameters: { ...table.parameters, team: 'rh' } }, version);
    const open = DATASETS.replace(
      /^( {2}arrets:\n[^]*?) {4}anonymity:\n(?: {6}.*\n)*/m,
      "$1    notAnonymous: 'art. 6.1.f : essai'\n",
    );
    expect((await build(open)).code).toBe(0);
    const { parameters } = (await found()).table;
    expect(parameters).not.toHaveProperty(['lakelift.k-anonymity']);
    expect(parameters).toMatchObject({ team: 'rh', 'lakelift.pseudonyms': 'hmac-sha256-128 rh v1' });
    expect((await build(open, '--json')).stdout).not.toContain('"updated"');
  }, 60_000);
});

const ROTATED = DATASETS.replace('version: 1 }', 'version: 2, from: 1 }');

/** What a function writes beside a dataset. */
const SMALL = ['a', 'b'].map((name) => `cleaned_rh/arret_travail_small_files/${name}.jsonl.gz`) as [string, string];
const [SOMEBODY, SOURCE] = [`v1.${'5'.repeat(32)}`, `v1.${'6'.repeat(32)}`];
const theirLine = (them: string, place: number): string =>
  `{"matricule":"${them}","rang":${place},"lakelift_source":"${SOURCE}"}`;
const lineOf = (somebody: string): string =>
  `{"matricule":"${somebody}","nir":null,"montant":12345678901234567890.10,"mot":"\\"matricule\\":\\"${SOMEBODY}\\"","lakelift_source":"${SOURCE}"}`;
const OTHERS = lineOf(SOMEBODY);

describe('lakelift zones rotate', () => {
  const rotate = async (environment: Record<string, string> = {}, ...args: string[]) => {
    write('mappings/absences.datasets.yaml', ROTATED);
    const { code, stdout, stderr } = await project.lakeliftIn(
      environment,
      'zones',
      'rotate',
      'absences',
      '--json',
      ...args,
    );
    type Result = { name: string; rotated: string[]; outcome: string };
    const results = code === 0 ? (JSON.parse(stdout) as { tables: Result[] }).tables : [];
    return { code, stderr, results };
  };
  const joined = async () => {
    const [salaries, arrets] = [await parquet('salaries'), await parquet('arret_travail')];
    const [[count]] = (await query(`SELECT count(*) FROM '${arrets}' JOIN '${salaries}' USING (matricule)`)) as [
      [string],
    ];
    const values = await query(`SELECT DISTINCT matricule FROM '${salaries}' ORDER BY 1`);
    return { count: Number(count), values: values.map(([value]) => value as string) };
  };

  it('turns pseudonyms into those of the new key without raw and without the old key, and they join as before', async () => {
    expect((await build(DATASETS)).code).toBe(0);
    const before = await joined();
    const withoutOldKey = { LAKELIFT_KEY_RH: '' };
    const dry = await rotate(withoutOldKey, '--dry-run');
    expect(dry.results.map(({ outcome }) => outcome)).toEqual(['not written', 'not written', 'unchanged']);
    expect((await joined()).values).toEqual(before.values);

    const { results } = await rotate(withoutOldKey);
    expect(results.map(({ name, rotated, outcome }) => [name, rotated, outcome])).toEqual([
      ['salaries', ['matricule'], 'updated'],
      ['arrets', ['matricule', 'nir'], 'updated'],
      // Figures of nobody.
      ['absences_par_departement', [], 'unchanged'],
    ]);
    const after = await joined();
    const scheme = { domain: 'rh', version: 2 };
    const expected = before.values.map((value) => nextPseudonym(scheme, Buffer.from(NEXT_KEY, 'hex'), value)).sort();
    expect(after).toEqual({ count: before.count, values: expected });
    expect(before.count).toBeGreaterThan(500);
    const found = await project.catalog.findTable({ database: 'cleaned_rh', name: 'salaries' });
    expect(found!.table.parameters['lakelift.pseudonyms']).toBe('hmac-sha256-128 rh v2 from v1');
    expect(everythingWritten()).not.toContain(NEXT_KEY);
  }, 60_000);

  it('changes nothing when it is run again, and neither does building from raw with both keys', async () => {
    expect((await rotate()).results.map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged', 'unchanged']);
    const built = await build(ROTATED, '--json');
    expect((JSON.parse(built.stdout) as { outcome: string }[]).map(({ outcome }) => outcome)).toEqual([
      'unchanged',
      'unchanged',
      'unchanged',
    ]);
  }, 60_000);

  it('refuses what stands under another scheme', async () => {
    expect((await build(DATASETS.replace('domain: rh', 'domain: other'))).code).toBe(0);
    const { code, stderr } = await rotate();
    expect(code).toBe(2);
    expect(stderr).toContain('its pseudonyms are hmac-sha256-128 other v1, not hmac-sha256-128 rh v1');
  }, 60_000);

  it('of another domain there is nothing that joins', async () => {
    const other = (await joined()).values;
    expect((await build(DATASETS)).code).toBe(0);
    const own = new Set((await joined()).values);
    expect(other.length).toBe(own.size);
    expect(other.filter((value) => own.has(value))).toEqual([]);
  }, 60_000);
});

describe('lakelift erase', () => {
  const someone = async () => {
    const [[matricule]] = (await query(
      `SELECT matricule FROM '${await parquet('arret_travail')}' JOIN '${await parquet('salaries')}' USING (matricule) GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`,
    )) as [[string]];
    const key = Buffer.from(KEY, 'hex');
    const found = employees().find(
      (one) => pseudonym({ domain: 'rh', version: 1 }, key, 'text', one.matricule) === matricule,
    );
    return { pseudonym: matricule, matricule: found!.matricule, nir: found!.person.nir };
  };
  const rowsOf = async (table: string, them: string) => {
    const file = await parquet(table);
    const [[all, theirs]] = (await query(
      `SELECT count(*), count(*) FILTER (WHERE matricule = '${them}') FROM '${file}'`,
    )) as [[string, string]];
    return [Number(all), Number(theirs)] as const;
  };

  it('takes the rows of one person out of what is published, and proves it without naming them', async () => {
    expect((await build(DATASETS)).code).toBe(0);
    const them = await someone();
    const file = join(tmpdir(), `lakelift-person-${process.pid}.txt`);
    files.push(file);
    writeFileSync(file, `text ${them.matricule}\nnir ${them.nir}\n`);
    const [salaries, arrets] = [
      await rowsOf('salaries', them.pseudonym),
      await rowsOf('arret_travail', them.pseudonym),
    ];
    expect(salaries[1]).toBe(1);
    expect(arrets[1]).toBeGreaterThan(0);

    const tried = await project.lakelift('erase', 'absences', '--from', file, '--json');
    expect(tried.code).toBe(0);
    expect(await rowsOf('salaries', them.pseudonym)).toEqual(salaries);
    const record = join(project.root, 'erasure.json');
    const done = await project.lakelift('erase', 'absences', '--from', file, '--yes', '--record', record, '--json');
    expect({ code: done.code, stderr: done.stderr }).toEqual({ code: 0, stderr: '' });
    type Row = { name: string; rowsBefore: number; rowsErased: number; rowsAfter: number };
    const told = JSON.parse(readFileSync(record, 'utf8')) as {
      isDone: boolean;
      datasets: Row[];
      toBuildAgain: string[];
      publishedNotErased: unknown[];
      raw: { table: string; rows: number }[];
    };
    expect(JSON.parse(done.stdout)).toEqual(told);
    expect(told).toMatchObject({ isDone: true, publishedNotErased: [] });
    expect(
      told.datasets.map(({ name, rowsBefore, rowsErased, rowsAfter }) => [name, rowsBefore, rowsErased, rowsAfter]),
    ).toEqual([
      ['salaries', salaries[0], 1, salaries[0] - 1],
      ['arrets', arrets[0], arrets[1], arrets[0] - arrets[1]],
    ]);
    expect(told.toBuildAgain).toEqual(['absences_par_departement']);
    expect(await rowsOf('salaries', them.pseudonym)).toEqual([salaries[0] - 1, 0]);
    expect(await rowsOf('arret_travail', them.pseudonym)).toEqual([arrets[0] - arrets[1], 0]);
    // Raw is as it was, and the record says so.
    expect(told.raw).toContainEqual({
      table: 'rh.salaries',
      rows: 1,
      objects: [{ location: 's3://sandbox-raw/rh/salaries/salaries.tsv', rows: 1 }],
    });
    for (const text of [done.stdout, tried.stdout, everythingWritten()])
      for (const value of [them.pseudonym, them.matricule, them.nir]) expect(text).not.toContain(value);

    expect(erasureSchema.parse(told)).toEqual(told);
    const sha256 = createHash('sha256').update(readFileSync(record)).digest('hex');
    for (const [page, state] of [
      ['erasure.fr.html', 'Effacée de tout ce qui est publié'],
      ['erasure.en.html', 'Erased from all that is published'],
      ['erasure.fr.md', 'Effacée de tout ce qui est publié'],
      ['erasure.en.md', 'Erased from all that is published'],
    ] as const) {
      const text = readFileSync(join(project.root, page), 'utf8');
      expect(text).toContain(state);
      expect(text).toContain(sha256);
      for (const value of [them.pseudonym, them.matricule, them.nir]) expect(text).not.toContain(value);
    }

    const again = await project.lakelift('erase', 'absences', '--from', file, '--json');
    expect((JSON.parse(again.stdout) as typeof told).datasets.map(({ rowsErased }) => rowsErased)).toEqual([0, 0]);
    const replaced = await project.lakelift('erase', 'absences', '--from', file, '--yes', '--record', record);
    expect(replaced).toMatchObject({ code: 2, stderr: expect.stringContaining('RECORD_REFUSED') as string });
    const nowhere = join(project.root, 'no-such-folder/erasure.json');
    const unrecorded = await project.lakelift('erase', 'absences', '--from', file, '--yes', '--record', nowhere);
    expect(unrecorded).toMatchObject({ code: 2, stderr: expect.stringContaining('RECORD_REFUSED') as string });
    const mistyped = await project.lakelift('erase', 'absences', '--from', file, '--yes', '--also-in', 'cleaned_hr');
    expect(mistyped).toMatchObject({ code: 2, stderr: expect.stringContaining('DATABASE_UNKNOWN') as string });
  }, 120_000);

  it('waits for no decision about anonymity, as a rotation does not: what is published stands already', async () => {
    const undecided = DATASETS.replaceAll(/^ {4}anonymity:.*\n(?: {6}.*\n)*/gm, '');
    const refused = { code: 2, stderr: expect.stringContaining('may tell who somebody is') as string };
    expect(await build(undecided, '--dry-run')).toMatchObject(refused);
    expect(await project.lakelift('generate', 'absences', '--dry-run')).toMatchObject(refused);
    const them = await someone();
    const file = join(tmpdir(), `lakelift-undecided-${process.pid}.txt`);
    files.push(file);
    writeFileSync(file, `text ${them.matricule}\n`);
    const [rows, theirs] = await rowsOf('arret_travail', them.pseudonym);
    expect(theirs).toBeGreaterThan(0);
    const done = await project.lakelift('erase', 'absences', '--from', file, '--yes', '--json');
    expect({ code: done.code, stderr: done.stderr }).toEqual({ code: 0, stderr: '' });
    expect(await rowsOf('arret_travail', them.pseudonym)).toEqual([rows - theirs, 0]);
    write('mappings/absences.datasets.yaml', undecided.replace('version: 1 }', 'version: 2, from: 1 }'));
    const rotated = await project.lakelift('zones', 'rotate', 'absences', '--dry-run', '--json');
    expect(rotated).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(rotated.stdout)).toMatchObject({
      tables: [{ rotated: ['matricule'] }, { rotated: ['matricule', 'nir'] }, { rotated: [] }],
      notRotated: [],
    });
    write('mappings/absences.datasets.yaml', DATASETS);
  }, 60_000);

  it('is not done while copies that functions and serving have published stand beside the datasets', async () => {
    const file = join(tmpdir(), `lakelift-copies-${process.pid}.txt`);
    files.push(file);
    writeFileSync(file, 'text M99999\n');
    const them = pseudonym({ domain: 'rh', version: 1 }, Buffer.from(KEY, 'hex'), 'text', 'M99999');
    // A folder's mark, another table and another use case: none of them is a copy.
    await putCleaned(project, 'cleaned_rh/salaries_small_files/', { content: '' });
    await putCleaned(project, 'cleaned_rh/salaries_small_files_old/a.json.gz', { content: 'theirs' });
    await putCleaned(project, '_serving/absences-bis/latest.json', { content: 'theirs' });
    expect(await project.lakelift('erase', 'absences', '--from', file, '--yes')).toMatchObject({ code: 0 });

    // Of the function: two rows of theirs and one of somebody else, whose numbers and text stay as they are; theirs alone; and an object of somebody else.
    await putRows(project, SMALL[0], [theirLine(them, 1), theirLine(them, 2), OTHERS]);
    await putRows(project, SMALL[1], [theirLine(them, 3)]);
    await putCleaned(project, 'cleaned_rh/arret_travail_small_files/c.json.gz', { content: 'rows' });
    await putCleaned(project, '_serving/absences/0123456789ab/items/arrets.json.gz', { content: 'items' });
    const tried = await project.lakelift('erase', 'absences', '--from', file);
    expect(tried).toMatchObject({ code: 3, stderr: expect.stringContaining('Nothing was changed') as string });
    expect(await rowsIn(project, SMALL[1])).toEqual([theirLine(them, 3)]);
    const done = await project.lakelift('erase', 'absences', '--from', file, '--yes', '--json');
    expect({ code: done.code, stderr: done.stderr }).toEqual({ code: 3, stderr: '' });
    expect(JSON.parse(done.stdout)).toMatchObject({
      isDone: false,
      endedAt: expect.any(String) as string,
      datasets: [
        { name: 'salaries' },
        { name: 'arrets' },
        {
          ...{ name: 'arret_travail_small_files', table: 'cleaned_rh.arret_travail_small_files' },
          ...{ rowsBefore: 4, rowsErased: 3, rowsAfter: 1 },
        },
      ],
      publishedNotErased: [
        {
          kind: 'small-files',
          table: 'cleaned_rh.arret_travail_small_files',
          location: 's3://sandbox-cleaned/cleaned_rh/arret_travail_small_files/',
          objects: 1,
        },
        { kind: 'serving-files', location: 's3://sandbox-cleaned/_serving/absences/', objects: 1 },
        { kind: 'serving-tables', location: 'lakelift-absences-serving-*' },
      ],
    });
    expect(await rowsIn(project, SMALL[0])).toEqual([OTHERS]);
    expect(await rowsIn(project, SMALL[1])).toEqual([]);
    // It has ended all the same: what waits for an owner does not keep others from being erased.
    for (const [language, ...texts] of [
      ['fr', 'Inachevé', 'arret_travail_small_files/) : 1 objet(s) non parcouru(s)', 'lakelift-absences-serving-*'],
      ['en', 'Not done', 'arret_travail_small_files/): 1 object(s) not searched', 'lakelift-absences-serving-*'],
    ] as const) {
      const { code, stderr } = await project.lakelift('erase', 'absences', '--from', file, '--yes', '--lang', language);
      expect(code).toBe(3);
      for (const text of texts) expect(stderr).toContain(text);
      expect(stderr).toContain('s3://sandbox-cleaned/_serving/absences/');
    }
  }, 120_000);

  it('refuses what is no identifier, and does not repeat it', async () => {
    const file = join(tmpdir(), `lakelift-nobody-${process.pid}.txt`);
    files.push(file);
    writeFileSync(file, 'text M00001\nnumero 1850578006084\n');
    const { code, stderr } = await project.lakelift('erase', 'absences', '--from', file);
    expect(code).toBe(2);
    expect(stderr).toContain('line 2 is not one of');
    expect(stderr).not.toContain('1850578006084');
  });
});

it('turns the pseudonyms of what functions wrote as well, says so in its table, and names what keeps them, now and when it is run again', async () => {
  expect((await build(DATASETS)).code).toBe(0);
  write('mappings/absences.datasets.yaml', ROTATED);
  const rotate = (...args: string[]) => project.lakelift('zones', 'rotate', 'absences', ...args);
  const place = { database: 'cleaned_rh', name: 'arret_travail_small_files' };
  const { table: beside } = (await project.catalog.findTable({ database: 'cleaned_rh', name: 'arret_travail' }))!;
  await project.catalog.createTable({ ...beside, ...place, partitionKeys: [] });
  const said = async () => (await project.catalog.findTable(place))!.table.parameters['lakelift.pseudonyms'];
  // Copies of the tests above: one row of somebody, and an object that is not of the function.
  const dry = await rotate('--dry-run', '--lang', 'fr');
  expect(dry).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('arret_travail_small_files/) : 1 objet(s) gardent leurs pseudonymes') as string,
  });
  expect(await rowsIn(project, SMALL[0])).toEqual([OTHERS]);
  const { code, stdout, stderr } = await rotate('--json', '--lang', 'en');
  expect({ code, stderr }).toEqual({
    code: 3,
    stderr: expect.stringContaining('1 object(s) not rotated') as string,
  });
  expect(stderr).toContain('lakelift-absences-serving-*');
  const notRotated = [
    { kind: 'small-files', objects: 1 },
    { kind: 'serving-files', objects: 1 },
    { kind: 'serving-tables', location: 'lakelift-absences-serving-*' },
  ];
  const smallFiles = { name: place.name, target: { table: place.name }, rows: 1 };
  expect(JSON.parse(stdout)).toMatchObject({
    tables: [
      { outcome: 'updated' },
      { outcome: 'updated' },
      { outcome: 'unchanged' },
      { ...smallFiles, rotated: ['matricule'], outcome: 'updated' },
    ],
    notRotated,
  });
  const next = nextPseudonym({ domain: 'rh', version: 2 }, Buffer.from(NEXT_KEY, 'hex'), SOMEBODY);
  expect(await rowsIn(project, SMALL[0])).toEqual([OTHERS.replace(SOMEBODY, next)]);
  // Not all of it is.
  expect(await said()).toBe('hmac-sha256-128 rh v1');
  const again = await rotate('--json');
  expect(again.code).toBe(3);
  expect(JSON.parse(again.stdout)).toMatchObject({
    tables: [
      { outcome: 'unchanged' },
      { outcome: 'unchanged' },
      { outcome: 'unchanged' },
      { ...smallFiles, rotated: [], outcome: 'unchanged' },
    ],
    notRotated,
  });
  // Somebody else's object has become one of the function.
  const key = 'cleaned_rh/arret_travail_small_files/c.json.gz';
  await putRows(project, key, [OTHERS]);
  expect((await rotate()).code).toBe(3);
  expect(await rowsIn(project, key)).toEqual([OTHERS.replace(SOMEBODY, next)]);
  expect(await said()).toBe('hmac-sha256-128 rh v2 from v1');
}, 120_000);
