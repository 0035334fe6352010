import { describe, expect, it } from 'vitest';
import {
  partitionKeyNotes,
  partitionKeyProblems,
  partitionValueProblems,
} from '../../../src/domain/rules/partition-value.ts';

describe('values of partition keys', () => {
  it.each([
    ['int', '2024'],
    ['int', '007'],
    ['int', '-2147483648'],
    ['bigint', '9223372036854775807'],
    ['decimal(5,2)', '123.45'],
    ['decimal(5,2)', '0123.450'],
    ['date', '2024-02-29'],
    ['date', '0004-02-29'],
    ['timestamp', '2024-02-29 10:11:12.5'],
    ['boolean', 'TRUE'],
    ['double', '1e3'],
    ['string', 'a/b'],
    ['int', '__HIVE_DEFAULT_PARTITION__'],
  ])('%s takes "%s"', (type, value) => {
    expect(partitionValueProblems([{ name: 'p', type }], [value])).toEqual([]);
  });

  it.each([
    ['int', 'abc'],
    ['int', '2147483648'],
    ['int', '1.0'],
    ['tinyint', '128'],
    ['bigint', ''],
    ['decimal(5,2)', '1234.5'],
    ['decimal(5,2)', '1.234'],
    ['decimal(5,2)', '.'],
    ['date', '2024-2-9'],
    ['date', '2024-02-30'],
    ['date', '20240209'],
    ['timestamp', '2024-02-29'],
    ['boolean', 'yes'],
    ['double', 'x'],
  ])('%s does not take "%s"', (type, value) => {
    expect(partitionValueProblems([{ name: 'p', type }], [value])).toMatchObject([{ code: 'PARTITION_VALUE' }]);
  });

  it('there must be one for each key', () => {
    expect(partitionValueProblems([{ name: 'p', type: 'string' }], ['a', 'b'])).toMatchObject([
      { code: 'PARTITION_VALUE' },
    ]);
  });

  it('keys that Glue cannot filter by are named', () => {
    const keys = ['string', 'double', 'decimal(3,1)', 'binary'].map((type, index) => ({ name: `k${index}`, type }));
    expect(partitionKeyNotes(keys)).toMatchObject([
      { code: 'PARTITION_KEY_UNFILTERED', text: expect.stringContaining('k1 double, k3 binary') as string },
    ]);
    expect(partitionKeyNotes(keys.slice(0, 1))).toEqual([]);
  });

  it('keys of bytes need a decision', () => {
    const keys = ['string', 'binary'].map((type, index) => ({ name: `k${index}`, type }));
    expect(partitionKeyProblems(keys)).toMatchObject([
      {
        code: 'PARTITION_KEY_BINARY',
        hint: expect.stringContaining('"type: string" for k1') as string,
      },
    ]);
  });
});
