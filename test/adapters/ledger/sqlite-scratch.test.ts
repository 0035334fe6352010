import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqliteScratch } from '../../../src/adapters/ledger/sqlite-scratch.ts';
import type { LargeMap } from '../../../src/domain/large-map.ts';

const name = (index: number): string => `jour=${String(index).padStart(6, '0')}/clé=%3A é\u{1F600}`;

describe.each([
  ['in memory', 10],
  ['at the size at which it moves to a file', 1000],
  ['just beyond it', 1001],
  ['in a file', 2501],
])('a map of a scratch, %s', (_where, count) => {
  let scratch: SqliteScratch;
  let map: LargeMap<{ place: number; note?: string }>;
  beforeEach(() => {
    scratch = new SqliteScratch();
    map = scratch.newMap();
    // Not in the order of keys.
    for (let step = 0; step < count; step++) {
      const index = (step * 3) % count;
      map.set(name(index), { place: index, ...(index % 2 === 0 ? {} : { note: 'impair' }) });
    }
  });
  afterEach(() => scratch.close());

  it('gives back what was set last, and nothing else', () => {
    map.set(name(3), { place: -3 });
    expect(map.size).toBe(count);
    expect(map.get(name(3))).toEqual({ place: -3 });
    expect(map.get(name(1))).toEqual({ place: 1, note: 'impair' });
    expect(map.get(name(count))).toBeUndefined();
    map.delete(name(0));
    map.delete(name(count));
    expect(map.get(name(0))).toBeUndefined();
    expect(map.size).toBe(count - 1);
  });

  it('lists its entries in the order of keys, also while they are taken away', () => {
    const listed: number[] = [];
    for (const [key, { place }] of map) {
      listed.push(place);
      map.delete(key);
    }
    expect(listed).toEqual(Array.from({ length: count }, (_, index) => index));
    expect([...map]).toEqual([]);
  });

  it('takes the empty key, and keeps apart from other maps', () => {
    const other = scratch.newMap<string>();
    for (const [key] of map) other.set(key, 'autre');
    other.set('', 'vide');
    expect(other.get('')).toBe('vide');
    expect([...other][0]).toEqual(['', 'vide']);
    expect(other.size).toBe(count + 1);
    expect(map.get('')).toBeUndefined();
    expect(map.get(name(2))).toEqual({ place: 2 });
  });
});
