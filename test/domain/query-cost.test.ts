import { describe, expect, it } from 'vitest';
import { estimateScan, usdOfScan } from '../../src/domain/query-cost.ts';
import type { TargetTable } from '../../src/domain/target-table.ts';

const table = (serdeLibrary: string, ...types: string[]) =>
  ({ storage: { serdeLibrary, columns: types.map((type) => ({ name: 'c', type })) } }) as unknown as TargetTable;
const TEN_MEGABYTES = 10 * 1024 ** 2;
const GIGABYTE = 1024 ** 3;

describe('estimateScan', () => {
  it('counts of columnar files cost the least there is, of text the whole', () => {
    expect(estimateScan(table('a.ParquetHiveSerDe', 'int'), 'rows', GIGABYTE)).toBe(TEN_MEGABYTES);
    expect(estimateScan(table('a.LazySimpleSerDe', 'int'), 'rows', GIGABYTE)).toBe(GIGABYTE);
  });

  it('values are read whole, once more for each collection', () => {
    const nested = table('a.OrcSerde', 'int', 'array<struct<a:map<string,int>>>');
    expect(estimateScan(nested, 'content', GIGABYTE)).toBe(3 * GIGABYTE);
    expect(estimateScan(nested, 'content', 1)).toBe(3 * TEN_MEGABYTES);
  });

  it('is priced by the terabyte', () => {
    expect(usdOfScan(1024 ** 4)).toBe(5);
  });
});
