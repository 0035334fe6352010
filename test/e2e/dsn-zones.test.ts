import { DuckDBInstance } from '@duckdb/node-api';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive } from '../../src/adapters/directory/is-alive.ts';
import { crcOf, crcToBase64 } from '../../src/domain/checksum/crc.ts';
import { s3Key } from '../../src/domain/names.ts';
import type { ErasureRecord } from '../../src/domain/privacy/erasure.ts';
import { pseudonym } from '../../src/domain/privacy/pseudonym.ts';
import { dsnText } from '../../src/sandbox/lake/dsn-declaration.ts';
import { dsnFiles } from '../../src/sandbox/lake/dsn-files.ts';
import { Random } from '../../src/sandbox/lake/random.ts';
import { employees } from '../../src/sandbox/lake/rh.ts';
import { countRequests, mapping, openSandboxProject, type SandboxProject } from './sandbox-project.ts';

const KEY = 'a1'.repeat(32);
const DATASETS = readFileSync(join(import.meta.dirname, '../../mappings/absences.datasets.yaml'), 'utf8');
const LATE = 'data/rh/dsn/2024/04/reçu n°1.dsn';
const ASIDE = '_quarantine/absences/dsn_rh/dsn.jsonl';

interface Built {
  readonly name: string;
  readonly sourceRows: number;
  readonly sha256: string;
  readonly outcome: string;
  readonly dsn: readonly { files: number; incompleteFiles: number; inQuarantine: number; quarantine?: string }[];
}

const counter = countRequests();
let project: SandboxProject;
beforeAll(async () => {
  project = await openSandboxProject({
    faults: counter.faults,
    environment: { LAKELIFT_KEY_RH: KEY },
    change: (config) => ({ ...config, privacy: { keys: { rh: { version: 1, env: 'LAKELIFT_KEY_RH' } } } }),
  });
  expect((await project.run('absences')).code).toBe(0);
});
afterAll(() => project.close());

const build = (datasets: string, ...args: string[]) => {
  writeFileSync(join(project.root, 'mappings/absences.datasets.yaml'), datasets);
  return project.lakelift('zones', 'build', 'absences', ...args);
};
const buildJson = async (...args: string[]) => {
  const { code, stdout, stderr } = await build(DATASETS, '--json', ...args);
  return { code, stderr, built: new Map((JSON.parse(stdout) as Built[]).map((one) => [one.name, one])) };
};

async function content(bucket: string, key: string): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(await project.store.readObject({ bucket, key: s3Key(key) })));
}

/** Rows of a table of cleaned or refined, as a query over `rows` has them. */
async function query(path: string, sql: string): Promise<unknown[][]> {
  const file = join(tmpdir(), `lakelift-dsn-zones-${process.pid}.parquet`);
  writeFileSync(file, await content(path.startsWith('refined') ? 'sandbox-refined' : 'sandbox-cleaned', path));
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    return (await connection.runAndReadAll(sql.replaceAll('rows', `'${file}'`))).getRowsJson();
  } finally {
    connection.closeSync();
    rmSync(file);
  }
}

/** As one more declaration that `run` has brought. */
const receive = (lines: readonly string[]): Promise<void> => put(LATE, Buffer.from(lines.join('\r\n'), 'latin1'));

async function put(key: string, body: Uint8Array): Promise<void> {
  const address = { bucket: 'sandbox-raw', key: s3Key(key) };
  const standing = await project.store.findObject(address);
  const condition = standing ? ({ kind: 'if-match', etag: standing.etag } as const) : ({ kind: 'if-absent' } as const);
  const crc32c = crcToBase64(crcOf('CRC32C').sum(body));
  await project.store.putObject({ address, body, crc32c, metadata: {}, condition });
}

/** Absences of the lake's DSN files, with the person that the lines before them are about. */
function declared(): { nir: string; reason: string; month: string }[] {
  return [...dsnFiles()].flatMap(({ path, content: bytes }) => {
    let nir = '';
    if (!path.endsWith('.dsn')) return [];
    const absences: { nir: string; reason: string; month: string }[] = [];
    for (const [, code, value = ''] of Buffer.from(bytes)
      .toString('latin1')
      .matchAll(/^S21\.G00\.(\d\d\.\d{3}),'(.*)'/gm)) {
      if (code === '30.001') nir = value;
      if (code === '60.001') absences.push({ nir, reason: value, month: '' });
      if (code === '60.002') absences.at(-1)!.month = `${value.slice(4)}-${value.slice(2, 4)}`;
    }
    return absences;
  });
}

/** Of processes that are no more; others may be building beside this one. */
const scratchLeft = () =>
  readdirSync(tmpdir()).filter((name) => {
    const processId = /^lakelift-dsn-(\d+)-/.exec(name)?.[1];
    return processId !== undefined && !isAlive(Number(processId));
  });

describe('datasets of DSN files', () => {
  it('that was killed while it was built is built again to the same bytes', async () => {
    const { built: expected, code, stderr } = await buildJson('--dry-run');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    void counter.after(Infinity);
    await buildJson('--dry-run');
    const requests = counter.count();
    for (const share of [0.3, 0.6, 0.95]) {
      const killed = await project.lakeliftSignalled(
        'SIGKILL',
        [counter.after(Math.ceil(requests * share))],
        ...['zones', 'build', 'absences'],
      );
      expect(killed.code).toBe(null);
    }
    const { built, code: after } = await buildJson();
    expect(after).toBe(0);
    for (const [name, { sha256 }] of expected) expect(built.get(name)!.sha256).toBe(sha256);
    // Nothing in clear is left of those that were killed.
    expect(scratchLeft()).toEqual([]);
    for (const { outcome } of (await buildJson()).built.values()) expect(outcome).toBe('unchanged');
  }, 240_000);

  it('have each absence under its person, who is the same in Hive, and say nothing else', async () => {
    const absences = declared();
    const pseudonyms = (nir: string) => pseudonym({ domain: 'rh', version: 1 }, Buffer.from(KEY, 'hex'), 'nir', nir);
    const rows = await query(
      'cleaned_rh/arrets_declares/part-00000.parquet',
      'SELECT nir, motif_arret, mois_arret FROM rows ORDER BY ALL',
    );
    const expected = absences.map(({ nir, reason, month }) => [pseudonyms(nir), reason, month]);
    expect(rows).toEqual(expected.toSorted((a, b) => (String(a) < String(b) ? -1 : 1)));
    const inHive = await query('cleaned_rh/arret_travail/part-00000.parquet', 'SELECT DISTINCT nir FROM rows');
    const known = new Set(inHive.flat());
    expect(expected.some(([nir]) => known.has(nir))).toBe(true);
    const [[total]] = (await query(
      'refined_rh/absences_declarees/part-00000.parquet',
      'SELECT CAST(sum(arrets) AS INTEGER) FROM rows',
    )) as [[number]];
    expect(total).toBeGreaterThan(0);
    expect(total).toBeLessThanOrEqual(absences.length);
  });

  it.each([
    [
      "r001: { treat: keep, as: motif_arret, because: 'art. 9.2.b : pilotage des absences, par motif codé ; chaque motif a cinq personnes au moins par mois d’arrêt' }",
      'r001: { treat: keep, as: motif_arret }',
      'r001: it is sensitive',
    ],
    [
      'dsn_parent_line: { as: ligne_salarie }',
      'dsn_parent_line: { as: ligne_salarie }, dsn_other: ',
      'dsn_other: nobody has classed it',
    ],
    [
      "r001: { treat: 'pseudonymise:nir', as: nir }",
      'r001: { treat: month, as: nir }',
      'r001: month does not hide who it is',
    ],
    ['from: dsn_rh.arret_travail', 'from: dsn_rh.arrets_travail', 'dsn_rh.arret_travail'],
  ])('are refused with %s as %s', async (right, wrong, said) => {
    expect(DATASETS).toContain(right);
    const { code, stderr } = await build(DATASETS.replace(right, wrong));
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(said) as string });
  });

  it('are refused where the mapping names a rubric that there is not, or one name twice', async () => {
    const file = join(project.root, 'mappings/absences.yaml');
    for (const [wrong, said] of [
      ['dsn: { as: dsn_rh, rubrics: { S21.G00.60.999: { class: technical } } }', 'S21.G00.60.999'],
      ['dsn: { as: rh }', 'rh is a database'],
    ] as const) {
      writeFileSync(file, mapping('absences').replace('dsn: { as: dsn_rh }', wrong));
      const { code, stderr } = await build(DATASETS);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(said) as string });
    }
    writeFileSync(file, mapping('absences'));
  });

  it('go by what people decided of a rubric', async () => {
    const file = join(project.root, 'mappings/absences.yaml');
    const decided = 'dsn: { as: dsn_rh, rubrics: { S21.G00.60.001: { class: identifier } } }';
    writeFileSync(file, mapping('absences').replace('dsn: { as: dsn_rh }', decided));
    const { code, stderr } = await build(
      DATASETS.replace('r001: { treat: keep,', 'r001: { treat: month,').replace(
        / because: 'art. 9.2.b : pilotage des absences, par motif codé ; chaque motif a cinq personnes au moins par mois d’arrêt' }\n {6}r002/,
        ' }\n      r002',
      ),
    );
    writeFileSync(file, mapping('absences'));
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('month does not hide who it is') as string,
    });
  });

  it('keep what is wrong in a file where raw is, with its line, and say how much it is', async () => {
    const members = employees().slice(0, 30);
    const lines = dsnText([{ month: '01042024', members }], new Random('late')).split('\r\n');
    await receive([...lines.slice(0, 9), "S21.G00.60.002,'31022024'", 'DUPONT', ...lines.slice(9)]);
    const dry = await buildJson('--dry-run');
    expect(dry.code).toBe(3);
    expect(await project.store.findObject({ bucket: 'sandbox-raw', key: s3Key(ASIDE) })).toBe(undefined);

    const { code, stderr, built } = await buildJson();
    expect(code).toBe(3);
    expect(stderr).not.toContain('DUPONT');
    expect(stderr).toContain(`s3://sandbox-raw/${ASIDE}`);
    expect(built.get('arrets_declares')!.dsn).toMatchObject([{ files: 14, incompleteFiles: 1, inQuarantine: 3 }]);
    const kept = (await content('sandbox-raw', ASIDE)).toString().trimEnd().split('\n');
    const file = '2024/04/reçu n°1.dsn';
    expect(kept.map((line) => JSON.parse(line) as unknown)).toEqual([
      { file, line: 10, kind: 'orphan', code: 'S21.G00.60.002', text: "S21.G00.60.002,'31022024'" },
      { file, line: 11, kind: 'not-a-rubric', text: 'DUPONT' },
      { file, line: 10, kind: 'not-of-its-type', code: 'S21.G00.60.002', text: '31022024' },
      expect.objectContaining({ file, kind: 'incomplete' }),
    ]);

    // The sender sends it again, as it should be.
    await receive(lines);
    const mended = await buildJson();
    expect({ code: mended.code, stderr: mended.stderr }).toEqual({ code: 0, stderr: '' });
    expect((await content('sandbox-raw', ASIDE)).length).toBe(0);
    expect(mended.built.get('arrets_declares')!.sourceRows).toBeGreaterThan(declared().length);
  }, 120_000);

  it('need files, and DSN files', async () => {
    const empty = mapping('absences').replace('prefix: data/rh/dsn', 'prefix: data/rh/none');
    writeFileSync(join(project.root, 'mappings/absences.yaml'), empty);
    const none = await build(DATASETS);
    writeFileSync(join(project.root, 'mappings/absences.yaml'), mapping('absences'));
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('DSN_NO_FILES') as string });
  });
});

describe('a person in DSN files', () => {
  const PACKED = 'data/rh/dsn/2024/05/reçu.dsn.gz';
  const ZIPPED = 'data/rh/dsn/2024/05/tout.zip';

  /** Records of an individual in each object below the folder. */
  async function inRaw(nir: string): Promise<{ location: string; rows: number }[]> {
    const found: { location: string; rows: number }[] = [];
    for await (const { key } of project.store.listObjects('sandbox-raw', 'data/rh/dsn/')) {
      const body = await content('sandbox-raw', key);
      const text = (key === PACKED ? gunzipSync(body) : body).toString('latin1');
      const rows = text.split(`S21.G00.30.001,'${nir}'`).length - 1;
      if (rows > 0) found.push({ location: `s3://sandbox-raw/${key}`, rows });
    }
    return found;
  }

  const rowsOf = async (token: string): Promise<number[]> => {
    const file = 'cleaned_rh/arrets_declares/part-00000.parquet';
    const sql = `SELECT CAST(count(*) AS INTEGER), CAST(count(*) FILTER (WHERE nir = '${token}') AS INTEGER) FROM rows`;
    return (await query(file, sql))[0] as number[];
  };

  it('is found in each of them, and taken out of the datasets made of them, by an erasure that was killed as well', async () => {
    const members = employees();
    await put(PACKED, gzipSync(Buffer.from(dsnText([{ month: '01052024', members }], new Random('packed')), 'latin1')));
    expect((await buildJson()).code).toBe(0);
    const token = (nir: string) => pseudonym({ domain: 'rh', version: 1 }, Buffer.from(KEY, 'hex'), 'nir', nir);
    const published = await query(
      'cleaned_rh/arrets_declares/part-00000.parquet',
      'SELECT nir FROM rows GROUP BY nir ORDER BY count(*) DESC, nir LIMIT 1',
    );
    const { nir } = members.map(({ person }) => person).find((one) => token(one.nir) === published[0]![0])!;
    const before = await rowsOf(token(nir));
    expect(before[1]).toBeGreaterThan(0);
    // What is packed otherwise is named, and stops nothing.
    await put(ZIPPED, Buffer.from('PK\u0003\u0004'));
    const expected = await inRaw(nir);
    expect(expected.map(({ location }) => location)).toContain(`s3://sandbox-raw/${PACKED}`);
    expect(expected.length).toBeGreaterThan(3);

    const person = join(project.root, 'person.txt');
    writeFileSync(person, `nir ${nir.replace(/^(.)(..)(..)/, '$1 $2 $3 ')}\n`);
    const erase = ['erase', 'absences', '--from', person];
    void counter.after(Infinity);
    const looked = await project.lakelift(...erase, '--json');
    const requests = counter.count();
    const told = JSON.parse(looked.stdout) as ErasureRecord;
    expect(told.raw.find(({ table }) => table === 'dsn_rh')).toEqual({
      table: 'dsn_rh',
      rows: expected.reduce((sum, { rows }) => sum + rows, 0),
      objects: expected,
    });
    expect(told.pathsNotSearched).toEqual(
      [ZIPPED, 'data/rh/dsn/2024/_recu.csv'].map((key) => `s3://sandbox-raw/${key}`),
    );
    expect(await rowsOf(token(nir))).toEqual(before);

    for (const share of [0.3, 0.9, 1.1]) {
      const instant = counter.after(Math.ceil(requests * share));
      expect((await project.lakeliftSignalled('SIGKILL', [instant], ...erase, '--yes')).code).toBe(null);
    }
    // The last of them had begun to write.
    const records = project.store.listObjects('sandbox-raw', '_audit/absences/erasures/');
    expect(await Array.fromAsync(records)).toHaveLength(1);
    const done = await project.lakelift(...erase, '--yes', '--json');
    expect({ code: done.code, stderr: done.stderr }).toEqual({ code: 0, stderr: '' });
    const record = JSON.parse(done.stdout) as ErasureRecord;
    expect(record.raw).toEqual(told.raw);
    const figures = record.datasets.find(({ name }) => name === 'arrets_declares');
    expect(figures).toMatchObject({ rowsBefore: before[0], rowsErased: before[1], rowsAfter: before[0]! - before[1]! });
    expect(record.toBuildAgain).toContain('absences_declarees');
    expect(await rowsOf(token(nir))).toEqual([before[0]! - before[1]!, 0]);
    for (const text of [looked.stdout, looked.stderr, done.stdout]) {
      expect(text).not.toContain(nir);
      expect(text).not.toContain(token(nir));
    }
  }, 240_000);

  it('is found in lines that are no rubric, and in what builds have set aside of them', async () => {
    const members = employees().slice(0, 30);
    const lines = dsnText([{ month: '01042024', members }], new Random('late')).split('\r\n');
    const nir = '2991299999961';
    await receive([...lines.slice(0, 9), `S21.G00.30.001;'${nir}'`, ...lines.slice(9)]);
    await put(ZIPPED, Buffer.from(''));
    // Across two pieces of a line that is too long.
    const LONG = 'data/rh/dsn/2024/05/long.dsn';
    await put(LONG, Buffer.from(`S21.G00.30.001,'${'x'.repeat(4096 - 20)}${nir}${'x'.repeat(9000)}${nir}'`));
    expect((await buildJson()).code).toBe(3);
    const person = join(project.root, 'person.txt');
    writeFileSync(person, `nir ${nir}\n`);
    const { code, stdout } = await project.lakelift('erase', 'absences', '--from', person, '--json');
    expect(code).toBe(0);
    const { raw, pathsNotSearched } = JSON.parse(stdout) as ErasureRecord;
    expect(raw.filter(({ rows }) => rows !== 0)).toEqual([
      {
        table: 'dsn_rh',
        rows: 2,
        objects: [LATE, LONG].map((key) => ({ location: `s3://sandbox-raw/${key}`, rows: 1 })),
      },
      { table: '_quarantine/absences/', rows: 2, objects: [{ location: `s3://sandbox-raw/${ASIDE}`, rows: 2 }] },
    ]);
    expect(pathsNotSearched).toContain(`s3://sandbox-raw/${ASIDE}`);
  }, 120_000);
});
