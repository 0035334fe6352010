import { describe, expect, inject, it } from 'vitest';
import { TrinoEngine } from '../../../src/adapters/trino/trino-engine.ts';

const stack = inject('stack');

describe.skipIf(stack === undefined)('TrinoEngine on the stack', () => {
  if (stack === undefined) return;
  const { trinoUrl: url, trinoCatalog: catalog } = stack;
  const engine = new TrinoEngine({ url, user: 'lakelift', catalog });

  it('rounds no number and no timestamp', async () => {
    const sql = `select 9223372036854775807, -9223372036854775808, decimal '12345678901234567890123456789012.345678',
      timestamp '2024-02-29 23:59:59.999999999', cast(0.1 as double), nan(), true, date '0001-01-01'`;
    expect(await engine.query(sql)).toEqual([
      [
        '9223372036854775807',
        '-9223372036854775808',
        '12345678901234567890123456789012.345678',
        '2024-02-29 23:59:59.999999999',
        '0.1',
        'NaN',
        'true',
        '0001-01-01',
      ],
    ]);
  });

  it('keeps NULL, the empty text and the text null apart', async () => {
    expect(await engine.query(`select null, '', 'null', cast(null as bigint)`)).toEqual([
      [undefined, '', 'null', undefined],
    ]);
  });

  it('keeps numbers and texts apart within arrays and maps, and their digits', async () => {
    const sql = `select array[9007199254740993], array['9007199254740993'], map(array['k'], array[9223372036854775807])`;
    expect(await engine.query(sql)).toEqual([
      ['[9007199254740993]', '["9007199254740993"]', '{"k":9223372036854775807}'],
    ]);
  });

  it('reads results of many pages', async () => {
    const sql = `select a * 1000 + b, rpad('x', 200, 'é') from unnest(sequence(0, 99)) t(a) cross join unnest(sequence(0, 999)) u(b)`;
    const rows = await engine.query(sql);
    expect(new Set(rows.map(([number]) => number)).size).toBe(100_000);
  });

  it('says what is wrong with the SQL', async () => {
    await expect(engine.query('selec 1')).rejects.toMatchObject({ kind: 'usage', code: 'TRINO_SYNTAX_ERROR' });
    await expect(engine.query('select * from nowhere.t')).rejects.toMatchObject({ kind: 'usage' });
  });

  it('cancels the statement at the server when told to stop', async () => {
    const mark = `marked ${Date.now()}`;
    const abort = new AbortController();
    const reason = new Error('enough');
    const slow = engine.query(
      `select count(*) /* ${mark} */ from unnest(sequence(1, 9999)) a(x) cross join unnest(sequence(1, 9999)) b(y)
       cross join unnest(sequence(1, 9999)) c(z) where x * y % 7 = z`,
      abort.signal,
    );
    setTimeout(() => abort.abort(reason), 1000);
    await expect(slow).rejects.toBe(reason);
    const states = await engine.query(
      `select distinct state from system.runtime.queries where query like '%/* ${mark} */ from unnest%' and query not like '%runtime%'`,
    );
    expect(states).toEqual([['FAILED']]);
  });
});
