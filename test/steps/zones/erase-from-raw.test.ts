import { afterAll, describe, expect, it } from 'vitest';
import { crcOf, crcToBase64 } from '../../../src/domain/checksum/crc.ts';
import { s3Key } from '../../../src/domain/names.ts';
import type { Dataset } from '../../../src/domain/privacy/dataset.ts';
import { isLeft } from '../../../src/domain/privacy/erasure.ts';
import { LakeliftError } from '../../../src/errors.ts';
import { findOpenErasure } from '../../../src/steps/zones/erasure-records.ts';
import { aDataset } from '../../domain/privacy/a-dataset.ts';
import { openZonesWorld } from './zones-world.ts';

const lines = ['M1|1', 'M2|2', 'M3|3', 'M4|4', 'M5|5', 'M6|6', 'M10|7'];
const types = { matricule: 'string', jours: 'int' };
const columns = { matricule: { class: 'identifier', treat: 'pseudonymise' }, jours: { class: 'technical' } } as const;
const world = await openZonesWorld({ 'rh.arrets': { types, columns, lines } });
afterAll(() => world.close());

const one: Dataset = aDataset({
  name: 'arrets',
  from: 'rh.arrets',
  target: { zone: 'cleaned', database: 'cleaned_rh', table: 'arrets' },
});
const request = (value: string, more: object = {}) => ({
  ...{ identifiers: [{ field: 'text' as const, value }], datasets: [one], alsoRaw: true },
  ...more,
});
const objectOf = (name: string) => ({ bucket: 'raw', key: s3Key(`rh/arrets/${name}`) });
const textOf = async (name: string): Promise<string> =>
  Buffer.concat(await Array.fromAsync(await world.store.readObject(objectOf(name)))).toString();

async function put(name: string, text: string): Promise<void> {
  const standing = await world.store.findObject(objectOf(name));
  const condition = standing ? ({ kind: 'if-match', etag: standing.etag } as const) : ({ kind: 'if-absent' } as const);
  const body = Buffer.from(text);
  const crc32c = crcToBase64(crcOf('CRC32C').sum(body));
  await world.store.putObject({ address: objectOf(name), body, crc32c, metadata: {}, condition });
}

const failing = (kind: 'unavailable' | 'conflict') =>
  new LakeliftError('the answer was lost', { kind, code: 'S3_LOST', hint: 'Try again.' });

describe('A person who is erased from raw', () => {
  it('is, and a resumed erasure goes on there without being told to', async () => {
    await world.build([one]);
    await put('1', 'M1|8\nM7|9\n');
    world.faults.put = async (key, write) => {
      if (key.endsWith('/1')) throw failing('unavailable');
      return write();
    };
    await expect(world.erase(request('M1'))).rejects.toMatchObject({ code: 'S3_LOST' });
    world.faults.put = undefined;
    expect(await textOf('0')).not.toContain('M1|');
    expect((await findOpenErasure(world.records))!.record).toMatchObject({ alsoRaw: true });
    const { record } = await world.erase(request('M1', { alsoRaw: false }));
    expect(record).toMatchObject({ isDone: true, alsoRaw: true });
    const [table] = record.raw;
    expect(table!.objects.map(({ location, rows }) => [location, rows]).toSorted()).toEqual([
      ['s3://raw/rh/arrets/0', 1],
      ['s3://raw/rh/arrets/1', 1],
    ]);
    expect([await textOf('0'), await textOf('1')]).toEqual(['M2|2\nM3|3\nM4|4\nM5|5\nM6|6\nM10|7\n', 'M7|9\n']);
  });

  it('stays erased where only the answer was lost, and the record says so', async () => {
    world.faults.put = async (key, write) => {
      const done = await write();
      if (key.endsWith('arrets/0')) throw failing('unavailable');
      return done;
    };
    const { record } = await world.erase(request('M2'));
    world.faults.put = undefined;
    expect(record.isDone).toBe(true);
    expect(record.raw[0]!.objects).toMatchObject([{ location: 's3://raw/rh/arrets/0', rows: 1, replaced: {} }]);
  });

  it('is left to the next attempt where somebody writes there meanwhile', async () => {
    world.faults.put = async (key, write) => {
      if (key.endsWith('arrets/0')) {
        world.faults.put = undefined;
        await put('0', `${await textOf('0')}M8|8\n`);
      }
      return write();
    };
    await expect(world.erase(request('M3'))).rejects.toMatchObject({ code: 'RAW_CHANGED', kind: 'conflict' });
    expect(await textOf('0')).toContain('M3|3');
    const { record } = await world.erase(request('M3'));
    expect(record.isDone).toBe(true);
    expect(record.raw[0]!.objects).toHaveLength(1);
    expect(await textOf('0')).toBe('M4|4\nM5|5\nM6|6\nM10|7\nM8|8\n');
  });

  it('is not where their rows cannot be told from others', async () => {
    await put('2', 'M4|1\rM9|2\n');
    const { record } = await world.erase(request('M4'));
    expect(record.isDone).toBe(false);
    expect(record.raw[0]!.objects.find(({ location }) => location.endsWith('/2'))).toMatchObject({
      reason: 'ERASURE_UNSURE',
    });
    expect(await textOf('2')).toBe('M4|1\rM9|2\n');
    await put('2', '');
  });

  it('is named without being named where an object is called so, each time', async () => {
    await put('M5.txt', 'M5|1\n');
    for (const rows of [1, 0]) {
      const { record } = await world.erase(request('M5'));
      expect(isLeft(record)).toBe(true);
      expect(JSON.stringify(record)).not.toContain('M5');
      expect(record.raw[0]!.objects).toContainEqual(
        expect.objectContaining({ location: 's3://raw/rh/arrets/masked', rows, reason: 'NAME_HOLDS_THEM' }),
      );
    }
    // Not of M10 where M1 is looked for.
    expect((await world.erase(request('M1'))).record.isDone).toBe(true);
  });

  it('may be in lists, which is said', async () => {
    const nested = { badges: { class: 'identifier' }, jours: { class: 'technical' } } as const;
    const types = { badges: 'array<string>', jours: 'int' };
    const other = await openZonesWorld({ 'rh.badges': { types, columns: nested, lines: ['M6|1'] } });
    try {
      const { record } = await other.erase({ ...request('M6'), datasets: [] });
      expect(record.raw).toMatchObject([{ table: 'rh.badges', reason: 'NESTED_IDENTIFIER' }]);
      expect(isLeft(record)).toBe(true);
    } finally {
      await other.close();
    }
  });
});
