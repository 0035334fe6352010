import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DuckDbSession } from '../../../src/adapters/duckdb/duckdb-session.ts';

const before = process.env['TMPDIR'];
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lakelift-session-'));
  process.env['TMPDIR'] = root;
});
afterEach(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  rmSync(root, { recursive: true, force: true });
});

it('a session leaves no rows of people: neither its own, nor those of a process that was killed', async () => {
  const killed = join(root, `lakelift-duckdb-${spawnSync('true').pid}-abc`);
  const running = join(root, `lakelift-duckdb-${process.ppid}-abc`);
  for (const folder of [killed, running]) {
    mkdirSync(folder);
    writeFileSync(join(folder, 'rh.salaries.0'), 'M00001|Martin');
  }
  const session = await DuckDbSession.open({ findTable: () => Promise.resolve(undefined) });
  expect(existsSync(killed)).toBe(false);
  expect(existsSync(running)).toBe(true);
  // More than its memory: what is spilled goes into its own folder, not into that of whoever called.
  await session.connection.run("SET memory_limit = '60MB'");
  await session.connection.run('CREATE TABLE t AS SELECT range AS a, hash(range) AS b FROM range(3000000)');
  await session.connection.run('SELECT count(*) FROM (SELECT a, b FROM t ORDER BY b, a LIMIT 2900000)');
  expect(existsSync('.tmp')).toBe(false);
  await session.close();
  expect(readdirSync(root)).toEqual([`lakelift-duckdb-${process.ppid}-abc`]);
});

it('shows instants in UTC, whatever the clock of the machine', () => {
  const program = `
    const { DuckDbSession } = await import(${JSON.stringify(import.meta.resolve('../../../src/adapters/duckdb/duckdb-session.ts'))});
    const session = await DuckDbSession.open({ findTable: () => Promise.resolve(undefined) });
    const shown = "CAST(CAST(TIMESTAMPTZ '2024-07-01 10:00:00+00' AS TIMESTAMP) AS VARCHAR)";
    console.log((await session.connection.runAndReadAll('SELECT ' + shown)).getRows()[0][0]);
    await session.close();`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    env: { ...process.env, TZ: 'Europe/Paris' },
    encoding: 'utf8',
  });
  expect([stdout, stderr]).toEqual(['2024-07-01 10:00:00\n', '']);
});

it('repeats no value that cannot be converted', async () => {
  const session = await DuckDbSession.open({ findTable: () => Promise.resolve(undefined) });
  const sql = 'SELECT CAST(v AS DATE) FROM t';
  await session.connection.run("CREATE TABLE t AS SELECT 'M00001 Martin' AS v");
  const refused = await session.guarded(sql, () => session.connection.run(sql)).catch((error: unknown) => error);
  await session.close();
  expect(refused).toMatchObject({ code: 'DUCKDB_REFUSED' });
  expect(String(refused)).not.toContain('Martin');
});
