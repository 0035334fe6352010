import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { HiveServer2Engine } from '../../../src/adapters/hiveserver2/hiveserver2-engine.ts';
import { hiveLiteral } from '../../../src/adapters/hiveserver2/hive-sql.ts';

const stack = inject('stack');

describe.skipIf(stack === undefined)('HiveServer2Engine on the stack', () => {
  if (stack === undefined) return;
  const engine = new HiveServer2Engine({ ...stack.hiveServer2, user: stack.hdfsUser });
  afterAll(() => engine.close());

  it('rounds no BIGINT and no DECIMAL', async () => {
    const sql = `select 9223372036854775807, cast('-9223372036854775808' as bigint),
      cast('12345678901234567890123456789012.345678' as decimal(38,6)), cast('0.10' as decimal(5,3))`;
    expect(await engine.query(sql)).toEqual([
      ['9223372036854775807', '-9223372036854775808', '12345678901234567890123456789012.345678', '0.100'],
    ]);
  });

  it('keeps NULL, the empty text and the text NULL apart, in every type of column', async () => {
    const sql = `select cast(null as string), '', 'NULL', cast(null as int), cast(null as bigint), cast(null as boolean),
      cast(null as double), true, cast(1.5 as double), date'2024-02-29', cast(null as decimal(3,1))`;
    expect(await engine.query(sql)).toEqual([
      [undefined, '', 'NULL', undefined, undefined, undefined, undefined, 'true', '1.5', '2024-02-29', undefined],
    ]);
  });

  it('keeps columns of one label apart', async () => {
    expect(await engine.query('select t.a, u.a from (select 1 a) t join (select 2 a) u')).toEqual([['1', '2']]);
  });

  it('finds the NULLs among many rows, fetch after fetch', async () => {
    const sql = `select if(pos % 3 = 0, null, cast(pos as bigint) * 1000000000000001) from
      (select posexplode(split(space(4999), ' ')) as (pos, x)) t`;
    const rows = await engine.query(sql);
    const expected = Array.from({ length: 5000 }, (_, i) => [
      i % 3 === 0 ? undefined : String(BigInt(i) * 1000000000000001n),
    ]);
    expect(rows).toEqual(expected);
  });

  it('carries any text, quoted by hiveLiteral', async () => {
    const text = 'a\'b"c\\d\té東京😀%_ `x`';
    expect(await engine.query(`select ${hiveLiteral(text)}`)).toEqual([[text]]);
  });

  it('says what is wrong with the SQL', async () => {
    await expect(engine.query('selec 1')).rejects.toMatchObject({ kind: 'usage', code: 'HIVE_SQL' });
    await expect(engine.query('select * from no_such_table')).rejects.toMatchObject({ kind: 'usage' });
    await expect(engine.query("select reflect('java.lang.Integer', 'parseInt', 'x')")).resolves.toEqual([[undefined]]);
  });

  it('stops a statement when told to, and goes on working', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const slow = engine.query(
      "select count(*) from (select reflect('java.lang.Thread', 'sleep', 20000L)) t",
      abort.signal,
    );
    setTimeout(() => abort.abort(reason), 300);
    const started = Date.now();
    await expect(slow).rejects.toBe(reason);
    expect(Date.now() - started).toBeLessThan(15_000);
    expect(await engine.query('select 1')).toEqual([['1']]);
  });

  it('opens another session after the connection broke', async () => {
    const sockets = new Set<Socket>();
    const proxy = createServer((near) => {
      const far = connect(stack.hiveServer2.port, stack.hiveServer2.host);
      for (const socket of [near, far]) sockets.add(socket.on('error', () => undefined));
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    const through = new HiveServer2Engine({ host: '127.0.0.1', port, user: stack.hdfsUser });
    expect(await through.query('select 1')).toEqual([['1']]);
    for (const socket of sockets) socket.destroy();
    expect(await through.query('select 2')).toEqual([['2']]);
    const cut = through.query("select reflect('java.lang.Thread', 'sleep', 3000L)");
    proxy.close();
    setTimeout(() => sockets.forEach((socket) => socket.destroy()), 300);
    await expect(cut).rejects.toMatchObject({ kind: 'unavailable' });
    await through.close();
  });
});
