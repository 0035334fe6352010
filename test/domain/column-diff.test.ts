import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffColumns } from '../../src/domain/column-diff.ts';
import type { Column } from '../../src/domain/table.ts';

const columns = (...specs: string[]): Column[] =>
  specs.map((spec) => {
    const [name = '', type = 'int', comment] = spec.split(':');
    return { name, type, comment };
  });
const statuses = (wanted: Column[], standing: Column[]) =>
  diffColumns(wanted, standing).map(({ name, status }) => `${name} ${status}`);

describe('diffColumns', () => {
  it.each([
    ['equal columns whatever the case of their names', ['a', 'B'], ['A', 'b'], ['a same', 'b same']],
    ['a lost column, and not those behind it', ['a', 'b', 'c'], ['a', 'c'], ['a same', 'b missing', 'c same']],
    ['a column too many', ['a'], ['x', 'a'], ['a same', 'x unexpected']],
    [
      'the one column that moved',
      ['a', 'b', 'c', 'd'],
      ['b', 'c', 'd', 'a'],
      ['a moved', 'b same', 'c same', 'd same'],
    ],
    ['another type', ['a:bigint'], ['a:int'], ['a type-differs']],
    ['another comment', ['a:int:old'], ['a:int:new'], ['a comment-differs']],
    ['a doubled column', ['a'], ['a', 'a'], ['a same', 'a unexpected']],
    ['an absent comment as an empty one', ['a:int:'], ['a:int'], ['a same']],
  ])('shows %s', (_, wanted, standing, expected) => {
    expect(statuses(columns(...wanted), columns(...standing))).toEqual(expected);
  });

  it('names every column of both sides once, and finds nothing only where the lists are equal', () => {
    const list = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'));
    fc.assert(
      fc.property(list, list, (wanted, standing) => {
        const rows = diffColumns(columns(...wanted), columns(...standing));
        expect(rows.map(({ name }) => name).sort()).toEqual([...new Set([...wanted, ...standing])].sort());
        expect(rows.every(({ status }) => status === 'same')).toBe(wanted.join() === standing.join());
      }),
    );
  });
});
