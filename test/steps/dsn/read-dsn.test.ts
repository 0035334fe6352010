import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DirectoryDsnScratch } from '../../../src/adapters/directory/directory-dsn-scratch.ts';
import { DirectoryDsnTables } from '../../../src/adapters/directory/directory-dsn-tables.ts';
import { DuckDbDatasetEngine } from '../../../src/adapters/duckdb/duckdb-dataset-engine.ts';
import { dsnTable, HIVE_TYPES } from '../../../src/domain/dsn/dsn-table.ts';
import { isLakeliftError } from '../../../src/errors.ts';
import { dsnText } from '../../../src/sandbox/lake/dsn-declaration.ts';
import { Random } from '../../../src/sandbox/lake/random.ts';
import { employees } from '../../../src/sandbox/lake/rh.ts';
import { readDsn, type DsnFile } from '../../../src/steps/dsn/read-dsn.ts';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'lakelift-dsn-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const { signal } = new AbortController();

async function* pieces(text: string, bytes = 1000): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(text, 'latin1');
  for (let at = 0; at < all.length; at += bytes) yield all.subarray(at, at + bytes);
}

function read(files: Readonly<Record<string, string>>, to = join(root, 'tables')) {
  const opened: DsnFile[] = Object.entries(files).map(([name, text]) => ({ name, content: pieces(text) }));
  return readDsn({ files: opened, tables: new DirectoryDsnTables(to), signal });
}

type Row = Readonly<Record<string, string | number>>;
const rows = (name: string, from = join(root, 'tables')): Row[] =>
  readFileSync(join(from, `${name}.jsonl`), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);

const january = dsnText([{ month: '01012024', members: employees().slice(0, 200) }], new Random('january'));
const both = dsnText(
  ['01022024', '01032024'].map((month) => ({ month, members: employees().slice(0, 50) })),
  new Random('both'),
);

describe('Reading DSN files', () => {
  it('gives one table per block, whose rows can be joined', async () => {
    const summaries = await read({ 'a.dsn': january, 'b.dsn': both });
    expect(
      summaries.map(({ isComplete, faultCount, declarationCount }) => [isComplete, faultCount, declarationCount]),
    ).toEqual([
      [true, 0, 1],
      [true, 0, 2],
    ]);
    const people = rows('individu');
    expect(people).toHaveLength(300);
    const key = ({ dsn_file, dsn_line }: Row) => `${dsn_file} ${dsn_line}`;
    const parent = ({ dsn_file, dsn_parent_line }: Row) => `${dsn_file} ${dsn_parent_line}`;
    const byKey = new Map(people.map((row) => [key(row), row]));
    const contracts = new Map(rows('contrat').map((row) => [key(row), row]));
    const leaves = rows('arret_travail');
    expect(leaves.length).toBeGreaterThan(10);
    for (const leave of leaves) {
      const contract = contracts.get(parent(leave))!;
      const person = byKey.get(parent(contract))!;
      expect(contract['r009']).toBe(`C${person['r019']}`);
      expect(leave['r002']).toMatch(/^2024-0[123]-\d\d$/);
    }
    // Every individual is there, with its name as it is written.
    expect(people.slice(0, 200).map((row) => row['r019'])).toEqual(
      employees()
        .slice(0, 200)
        .map(({ matricule }) => matricule),
    );
    const [net] = rows('versement_individu');
    expect(typeof net!['r002']).toBe('number');
    expect(rows('saisie_tiers_detenteur')).toEqual([]);
  });

  it('loses no rubric: what is written is what was read, but for dates and zeros', async () => {
    await read({ 'a.dsn': january });
    const names = readdirSync(join(root, 'tables')).filter(
      (name) => name.endsWith('.jsonl') && name !== 'quarantine.jsonl',
    );
    const cells = names
      .flatMap((name) => rows(name.replace('.jsonl', '')))
      .flatMap((row) => Object.keys(row).filter((column) => /^r\d{3}$/.test(column)));
    expect(cells).toHaveLength(january.trimEnd().split('\r\n').length);
  });

  it('puts into quarantine what is not as it should be, and goes on', async () => {
    const lines = january.split('\r\n');
    const at = lines.findIndex((line) => line.startsWith('S21.G00.50.001'));
    lines[at] = "S21.G00.50.001,'31022024'";
    lines[at + 1] = 'S21.G00.50.002;1.00';
    lines[at + 2] = "S21.G00.50.004,'x'";
    const [summary] = await read({ 'a.dsn': lines.join('\r\n') });
    expect(summary).toMatchObject({ faultCount: 3, isComplete: true });
    const amount = lines.findIndex((line, index) => index > at && line.startsWith('S21.G00.50.004'));
    expect(rows('quarantine').toSorted((a, b) => Number(a['line']) - Number(b['line']))).toEqual([
      { file: 'a.dsn', line: at + 1, kind: 'not-of-its-type', code: 'S21.G00.50.001', text: '31022024' },
      { file: 'a.dsn', line: at + 2, kind: 'not-a-rubric', code: 'S21.G00.50.002', text: 'S21.G00.50.002;1.00' },
      { file: 'a.dsn', line: amount + 1, kind: 'not-of-its-type', code: 'S21.G00.50.004', text: 'x' },
    ]);
    expect(rows('versement_individu')).toHaveLength(200);
  });

  it('describes its tables, and how each column is classed', async () => {
    await read({ 'a.dsn': january });
    const { tables } = JSON.parse(readFileSync(join(root, 'tables', 'schema.json'), 'utf8')) as {
      tables: { name: string; parent?: string; columns: { name: string; type: string; class: string }[] }[];
    };
    const leave = tables.find(({ name }) => name === 'arret_travail')!;
    expect(leave.parent).toBe('S21.G00.40');
    expect(leave.columns.find(({ name }) => name === 'r002')).toMatchObject({ type: 'date', class: 'sensitive' });
  });

  it('is for this user alone', async () => {
    await read({ 'a.dsn': january });
    expect(statSync(join(root, 'tables')).mode & 0o077).toBe(0);
    expect(statSync(join(root, 'tables', 'individu.jsonl')).mode & 0o077).toBe(0);
  });

  it('replaces tables of an earlier time as a whole, or not at all', async () => {
    await read({ 'a.dsn': january });
    const before = rows('individu');
    const broken: DsnFile = {
      name: 'b.dsn',
      content: (async function* () {
        yield* pieces(both);
        throw new Error('the disk went away');
      })(),
    };
    const tables = new DirectoryDsnTables(join(root, 'tables'));
    await expect(readDsn({ files: [broken], tables, signal })).rejects.toThrow('the disk went away');
    expect(rows('individu')).toEqual(before);
    expect(readdirSync(join(root, 'tables')).filter((name) => name.endsWith('.part'))).toEqual([]);
    await read({ 'b.dsn': both });
    expect(rows('individu')).toHaveLength(100);
  });

  it('leaves nothing of an earlier time: no table of a block that is gone, no piece that a killed process left', async () => {
    await read({ 'a.dsn': january.replace('S21.G00.06.001', "S21.G00.99.001,'new'\r\nS21.G00.06.001") });
    expect(rows('s21_g00_99')).toHaveLength(1);
    const gone = spawnSync('true').pid;
    writeFileSync(join(root, 'tables', `individu.${gone}.part`), 'half a row');
    writeFileSync(join(root, 'tables', 'notes.txt'), 'of a person');
    await read({ 'a.dsn': january });
    const names = readdirSync(join(root, 'tables'));
    expect(names).not.toContain('s21_g00_99.jsonl');
    expect(names.filter((name) => name.endsWith('.part'))).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(['notes.txt', 'summary.json']));
  });

  it('shows by its summary whether all tables are of one time', async () => {
    await read({ 'a.dsn': january });
    // A folder in the place of a table stops the replacing half way.
    rmSync(join(root, 'tables', 'prime.jsonl'));
    mkdirSync(join(root, 'tables', 'prime.jsonl/x'), { recursive: true });
    await expect(read({ 'b.dsn': both })).rejects.toMatchObject({ code: 'DSN_TABLES_NOT_WRITTEN' });
    expect(readdirSync(join(root, 'tables'))).not.toContain('summary.json');
  });

  it('says so when it may not write', async () => {
    writeFileSync(join(root, 'taken'), '');
    const error: unknown = await read({ 'a.dsn': january }, join(root, 'taken')).catch((reason: unknown) => reason);
    expect(isLakeliftError(error)).toBe(true);
    expect(error).toMatchObject({ code: 'DSN_TABLES_NOT_WRITTEN' });
  });

  it('stops when it is told to, and leaves nothing', async () => {
    const stopped = AbortSignal.abort(new Error('enough'));
    const files = [{ name: 'a.dsn', content: pieces(january) }];
    await expect(
      readDsn({ files, tables: new DirectoryDsnTables(join(root, 'tables')), signal: stopped }),
    ).rejects.toThrow('enough');
    expect(readdirSync(root)).toEqual([]);
  });

  it('keeps amounts of seventeen digits to the last where datasets are built of them', async () => {
    const amounts = ['12345678901234567.891', '-99999999999999999.99', '999999999999.99', '0.10', '1234567890123456.5'];
    const rubrics = amounts.flatMap((amount) => ["S21.G00.50.001,'28012024'", `S21.G00.50.002,'${amount}'`]);
    const scratch = await DirectoryDsnScratch.make();
    try {
      const files = [{ name: 'a.dsn', content: pieces(rubrics.join('\n')) }];
      await readDsn({ files, tables: scratch.tables, signal });
      const { name, columns: all } = dsnTable('S21.G00.50');
      const columns = all.map((column) => ({ name: column.name, type: HIVE_TYPES[column.type] }));
      const { sizeBytes, read: lines } = await scratch.open(name);
      const given = { database: 'dsn_rh', name, columns, sizeBytes, rows: lines };
      const session = await new DuckDbDatasetEngine({ findTable: () => Promise.resolve(undefined) }).open([given]);
      const exact = amounts.map((amount) => `CAST('${amount}' AS DECIMAL(20,3))`).join(', ');
      expect(await session.count(`SELECT count(*) FROM dsn_rh.${name} WHERE r002 IN (${exact})`)).toBe(amounts.length);
      await session.close();
    } finally {
      await scratch.close();
    }
  });
});
