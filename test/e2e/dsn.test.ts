import { DuckDBInstance } from '@duckdb/node-api';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { dsnText } from '../../src/sandbox/lake/dsn-declaration.ts';
import { Random } from '../../src/sandbox/lake/random.ts';
import { employees } from '../../src/sandbox/lake/rh.ts';
import { createProject, type TestProject } from './project.ts';

const members = employees().slice(0, 100);
const january = dsnText([{ month: '01012024', members }], new Random('january'));
const february = dsnText([{ month: '01022024', members }], new Random('february'));

let project: TestProject;
beforeAll(() => {
  project = createProject({ config: {}, environment: {} });
  mkdirSync(join(project.root, 'depot/2024'), { recursive: true });
  writeFileSync(join(project.root, 'depot/2024/01.dsn'), january, 'latin1');
  writeFileSync(join(project.root, 'depot/2024/02.dsn'), february, 'latin1');
  writeFileSync(join(project.root, 'depot/.hidden'), 'x');
});

const root = (path: string) => join(project.root, path);

describe('lakelift dsn', () => {
  it('makes tables that an engine joins, typed as the schema says', async () => {
    const { code, stdout, stderr } = await project.lakelift('dsn', 'depot', '--to', 'tables');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Every line was read');
    // Nobody's name or number on a terminal.
    for (const { person } of members) expect(stdout).not.toContain(person.nir);

    const { tables } = JSON.parse(readFileSync(root('tables/schema.json'), 'utf8')) as {
      tables: { name: string; columns: { name: string; type: string }[] }[];
    };
    const types = { string: 'VARCHAR', date: 'DATE', decimal: 'DECIMAL(20,3)', integer: 'BIGINT' } as const;
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    for (const { name, columns } of tables) {
      const list = columns.map((one) => `'${one.name}': '${types[one.type as keyof typeof types]}'`).join(', ');
      const file = root(`tables/${name}.jsonl`);
      await connection.run(
        `CREATE TABLE ${name} AS SELECT * FROM read_json('${file}', format = 'newline_delimited', columns = {${list}})`,
      );
    }
    const answer = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson();
    const amounts = [january, february].flatMap((text) =>
      [...text.matchAll(/^S21\.G00\.50\.002,'(.*)'/gm)].map(([, amount]) => Math.round(Number(amount) * 100)),
    );
    expect(await answer('SELECT CAST(sum(r002) * 100 AS BIGINT), count(*) FROM versement_individu')).toEqual([
      [String(amounts.reduce((sum, one) => sum + one, 0)), String(amounts.length)],
    ]);
    const leaves = [january, february].flatMap((text) => [...text.matchAll(/^S21\.G00\.60\.001/gm)]).length;
    expect(
      await answer(`SELECT count(*), count(DISTINCT i.r019), min(a.r003 - a.r002) > 0
        FROM arret_travail a
        JOIN contrat c ON (c.dsn_file, c.dsn_line) = (a.dsn_file, a.dsn_parent_line)
        JOIN individu i ON (i.dsn_file, i.dsn_line) = (c.dsn_file, c.dsn_parent_line)
        JOIN declaration d ON (d.dsn_file, d.dsn_line) = (a.dsn_file, a.dsn_declaration_line)
        WHERE date_trunc('month', a.r002) = d.r005`),
    ).toEqual([[String(leaves), expect.any(String) as string, true]]);
    connection.closeSync();
  });

  it('ends with 3 when a file is cut off, and says so in French', async () => {
    writeFileSync(root('cut.dsn'), january.slice(0, 20_000), 'latin1');
    const { code, stdout } = await project.lakelift(
      '--lang',
      'fr',
      'dsn',
      'cut.dsn',
      'depot/2024/02.dsn',
      '--to',
      'cut',
    );
    expect(code).toBe(3);
    expect(stdout).toContain('tronqué');
    const json = await project.lakelift('dsn', 'cut.dsn', '--to', 'cut', '--json');
    expect(json.code).toBe(3);
    expect(JSON.parse(json.stdout)).toMatchObject({ files: [{ file: 'cut.dsn', isComplete: false, faultCount: 1 }] });
  });

  it('refuses what is not there, and a place it cannot write to', async () => {
    expect(await project.lakelift('dsn', 'nowhere', '--to', 'out')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('FILE_MISSING') as string,
    });
    mkdirSync(root('empty'));
    const none = await project.lakelift('dsn', 'empty', '--to', 'out');
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('NO_FILES') as string });
    writeFileSync(root('taken'), '');
    const { code, stderr } = await project.lakelift('dsn', 'depot', '--to', 'taken');
    expect(code).toBe(1);
    expect(stderr).toContain('DSN_TABLES_NOT_WRITTEN');
  });

  it('reads what is packed by gzip, and says what to do about a zip', async () => {
    writeFileSync(root('packed.dsn.gz'), gzipSync(Buffer.from(january, 'latin1')));
    const { code, stdout } = await project.lakelift('dsn', 'packed.dsn.gz', '--to', 'packed', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ files: [{ isComplete: true, faultCount: 0, declarationCount: 1 }] });
    writeFileSync(root('all.zip'), 'PK\u0003\u0004');
    const zipped = await project.lakelift('dsn', 'all.zip', '--to', 'zipped');
    expect(zipped.stderr).toContain('DSN_PACKED');
    expect(zipped.stderr).toContain('Unpack it');
    expect(zipped.code).toBe(2);
  });

  it('keeps amounts of seventeen digits to the last, for whoever reads the tables', async () => {
    const amounts = ['12345678901234567.891', '-99999999999999999.99', '999999999999.99', '1234567890123456.5'];
    const rubrics = amounts.flatMap((amount) => ["S21.G00.50.001,'28012024'", `S21.G00.50.002,'${amount}'`]);
    const text = rubrics.map((line) => `${line}\n`).join('');
    writeFileSync(root('large.dsn'), text);
    await project.lakelift('dsn', 'large.dsn', '--to', 'large');
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const sql = `SELECT r002 FROM read_json('${root('large/versement_individu.jsonl')}', format = 'newline_delimited', columns = {'r002': 'DECIMAL(20,3)'})`;
    const exact = ['12345678901234567.891', '-99999999999999999.990', '999999999999.990', '1234567890123456.500'];
    expect((await connection.runAndReadAll(sql)).getRowsJson()).toEqual(exact.map((amount) => [amount]));
    connection.closeSync();
  });
});
