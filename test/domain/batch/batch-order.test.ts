import { describe, expect, it } from 'vitest';
import { inBatchOrder, nextToBegin, targetPlaces, type BatchMember } from '../../../src/domain/batch/batch-order.ts';
import type { Mapping } from '../../../src/domain/mapping.ts';

const member = (id: string, wave: number, ...places: string[]): BatchMember => ({ id, wave, places });

describe('the order of a batch', () => {
  it('is by wave, then by name', () => {
    const members = [member('b', 2), member('c', 1), member('a', 2)];
    expect(inBatchOrder(members).map(({ id }) => id)).toEqual(['c', 'a', 'b']);
  });

  it('lets a wave begin once the one before has ended', () => {
    const [first, second] = [member('a', 1), member('b', 2)];
    expect(nextToBegin([second], [first])).toBeUndefined();
    expect(nextToBegin([second], [])).toBe(second);
  });

  it('lets one whose views read what another of its wave brings come after it, and others pass meanwhile', () => {
    const views = { ...member('a', 1, 'table:raw.v/'), reads: ['table:raw.clients/', 'table:raw.elsewhere/'] };
    const [tables, other] = [member('b', 1, 'table:raw.clients/'), member('c', 1)];
    expect(nextToBegin([views, tables, other], [])).toBe(tables);
    expect(nextToBegin([views, other], [tables])).toBe(other);
    expect(nextToBegin([views], [tables])).toBeUndefined();
    expect(nextToBegin([views], [other])).toBe(views);
    // Of another wave, it has ended or has not begun.
    expect(nextToBegin([views, { ...tables, wave: 2 }], [])).toBe(views);
  });

  it('begins with the first where two need each other, once nothing else runs', () => {
    const one = { ...member('a', 1, 'table:raw.a/'), reads: ['table:raw.b/'] };
    const two = { ...member('b', 1, 'table:raw.b/'), reads: ['table:raw.a/'] };
    expect(nextToBegin([one, two], [member('c', 1)])).toBeUndefined();
    expect(nextToBegin([one, two], [])).toBe(one);
    expect(nextToBegin([two], [one])).toBeUndefined();
    expect(nextToBegin([two], [])).toBe(two);
  });

  it('lets two that write to one table take turns, and others pass meanwhile', () => {
    const running = [member('a', 1, 'table:raw.clients/', 'table:raw.contrats/')];
    const shared = member('b', 1, 'table:raw.clients/');
    const other = member('c', 1, 'table:raw.clients_pro/');
    expect(nextToBegin([shared], running)).toBeUndefined();
    expect(nextToBegin([shared, other], running)).toBe(other);
  });

  it('takes a folder inside another for the same place', () => {
    const running = [member('a', 1, 'path:raw/data/')];
    expect(nextToBegin([member('b', 1, 'path:raw/data/dsn/')], running)).toBeUndefined();
    expect(nextToBegin([member('b', 1, 'path:cleaned/data/dsn/')], running)).toBeDefined();
  });

  it('knows the places of a mapping, without what it skips', () => {
    const partitions = { offPath: 'relocate', missingFolder: 'register-empty' } as const;
    const table = { storage: 'keep', partitions, columns: {}, reconcile: { level: 'files' } } as const;
    const mapping = {
      useCase: 'a',
      tables: {
        'rh.sites': { ...table, target: { zone: 'raw', database: 'raw_rh', table: 'sites' } },
        'rh.old': { ...table, target: { zone: 'raw', database: 'raw_rh', table: 'old' }, skip: 'archive' },
      },
      paths: { '/data/dsn': { target: { zone: 'raw', prefix: 'data/dsn' } } },
    } as unknown as Mapping;
    expect(targetPlaces(mapping)).toEqual(['table:raw_rh.sites/', 'path:raw/data/dsn/']);
  });
});
