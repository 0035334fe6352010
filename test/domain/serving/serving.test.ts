import { describe, expect, it } from 'vitest';
import { itemOf, objectionToType } from '../../../src/domain/serving/dynamodb-item.ts';
import { keyOf, type Serving } from '../../../src/domain/serving/serving.ts';

const SERVING: Serving = {
  key: { partition: 'P#{id}', sort: '{jour}' },
  indexes: { lieu: { partition: 'L#{lieu}', sort: 'P#{id}' } },
};
const TYPES = { id: 'string', jour: 'date', lieu: 'string', montant: 'decimal(10,2)', actif: 'boolean' };

describe('An item', () => {
  it('has its keys, numbers as they are written, and nothing for NULL', () => {
    const row = { id: 'a', jour: '2024-01-31', lieu: '75', montant: '12.50', actif: 'false' };
    expect(itemOf('visites', SERVING, row, TYPES).Item).toEqual({
      dataset: { S: 'visites' },
      id: { S: 'a' },
      jour: { S: '2024-01-31' },
      lieu: { S: '75' },
      montant: { N: '12.50' },
      actif: { BOOL: false },
      pk: { S: 'P#a' },
      sk: { S: '2024-01-31' },
      lieu_pk: { S: 'L#75' },
      lieu_sk: { S: 'P#a' },
    });
    const bare = itemOf('visites', SERVING, { ...row, lieu: undefined, montant: undefined }, TYPES).Item;
    expect(Object.keys(bare)).toEqual(['dataset', 'id', 'jour', 'actif', 'pk', 'sk']);
  });

  it('never has the key of another one because of what a value holds', () => {
    const key = { partition: '{a}#{b}', sort: 'x' };
    const keys = [
      ['1#2', '3'],
      ['1', '2#3'],
      ['1%232', '3'],
    ].map(([a, b]) => keyOf(key, { a, b })!.partition);
    expect(new Set(keys).size).toBe(3);
  });

  it.each([
    ['a row without its key', { id: undefined, jour: '2024-01-31' }],
    ['a row with an empty key', { id: '', jour: '2024-01-31' }],
    ['a key that is too long', { id: 'é'.repeat(1100), jour: '2024-01-31' }],
    ['an item that is too large', { id: 'a', jour: '2024-01-31', lieu: undefined, note: 'x'.repeat(410_000) }],
    ['a number that is none', { id: 'a', jour: '2024-01-31', montant: 'NaN' }],
  ])('is refused of %s, without its value', (_, row) => {
    expect(() => itemOf('visites', SERVING, row, { ...TYPES, note: 'string' })).toThrow(RangeError);
    expect(() => itemOf('visites', SERVING, row, { ...TYPES, note: 'string' })).toThrow(/^(a|an|montant) .{5,40}$/);
  });

  it('has no attribute of a nested type', () => {
    expect(objectionToType('array<string>')).toContain('array<string>');
    for (const type of [...Object.values(TYPES), 'bigint', 'varchar(10)', 'timestamp', 'double'])
      expect(objectionToType(type)).toBeUndefined();
  });
});
