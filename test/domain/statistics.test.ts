import { describe, expect, it } from 'vitest';
import { claimsOf, compareClaims } from '../../src/domain/statistics.ts';

describe('statistics of a catalog', () => {
  it('are what Hive and Spark claim, and nothing that says "not known"', () => {
    expect(claimsOf({ numRows: '-1', 'skip.header.line.count': '1', rawDataSize: '9' })).toBeUndefined();
    expect(claimsOf({ numRows: '3', 'spark.sql.statistics.totalSize': '80', numFiles: '' })).toEqual({
      numRows: '3',
      'spark.sql.statistics.totalSize': '80',
    });
  });

  it('are compared as far as somebody counted', () => {
    const claims = { numRows: '3', numFiles: '2', totalSize: '80', 'spark.sql.statistics.totalSize': '81' };
    expect(compareClaims(claims, { files: '2', bytes: '80' })).toEqual({
      compared: 3,
      untrue: [{ name: 'spark.sql.statistics.totalSize', claimed: '81', held: '80' }],
    });
    expect(compareClaims(claims, { rows: '4' }).untrue).toEqual([{ name: 'numRows', claimed: '3', held: '4' }]);
  });
});
