import { describe, expect, it } from 'vitest';
import { partitionName } from '../../../src/domain/partition-name.ts';
import { ProjectionFit } from '../../../src/domain/rules/partition-projection.ts';

const project = (keys: readonly string[], ...values: readonly string[][]) => {
  const columns = keys.map((name) => ({ name, type: 'string' }));
  const fit = new ProjectionFit(columns);
  for (const one of values) fit.add(one, partitionName(columns, one));
  return fit.projection();
};

describe('partition projection', () => {
  it('is a range of integers with their digits, of days, of months, or a list', () => {
    const months = ['01', '02', '12'].map((month) => ['2023', month, '2024-02-28', '2023-12', 'Île 1']);
    const others = ['01', '02', '12'].map((month) => ['2024', month, '2024-03-01', '2024-01', 'b']);
    const all = ['a', 'b'].flatMap((p) => ['1', '2'].map((n) => [n, p]));
    expect(project(['n', 'p'], ...all)).toEqual({
      kind: 'fits',
      text: 'n 1 to 2, p one of 2 values',
      parameters: {
        'projection.enabled': 'true',
        'projection.n.type': 'integer',
        'projection.n.range': '1,2',
        'projection.p.type': 'enum',
        'projection.p.values': 'a,b',
      },
    });
    expect(project(['a', 'm', 'd', 'y', 'e'], ...months, ...others)).toMatchObject({ kind: 'unfit' });
    expect(project(['m'], ['01'], ['02'], ['03'])).toMatchObject({
      parameters: { 'projection.m.range': '1,3', 'projection.m.digits': '2' },
    });
    expect(project(['d'], ['2024-02-28'], ['2024-03-01'])).toMatchObject({
      parameters: { 'projection.d.range': '2024-02-28,2024-03-01', 'projection.d.interval.unit': 'DAYS' },
    });
    expect(project(['y'], ['2023-12'], ['2024-01'])).toMatchObject({
      parameters: { 'projection.y.format': 'yyyy-MM', 'projection.y.interval.unit': 'MONTHS' },
    });
  });

  it.each([
    ['NULL', [['1'], ['__HIVE_DEFAULT_PARTITION__']], /NULL/],
    ['a comma in a list', [['a,b'], ['c']], /cannot stand in a list/],
    ['a value that folders spell otherwise', [['a:b'], ['c']], /cannot stand in a list/],
    ['gaps that are larger than what is there', [['1'], ['2'], ['1000']], /less than half/],
    ['digits of two widths', [['01'], ['002'], ['3']], undefined],
  ])('does not take %s for a range', (_what, values, why) => {
    const projection = project(['k'], ...values);
    if (why === undefined) expect(projection).toMatchObject({ parameters: { 'projection.k.type': 'enum' } });
    else expect(projection).toMatchObject({ kind: 'unfit', why: expect.stringMatching(why) as string });
  });

  it('does not fit partitions in folders of other names, nor long lists', () => {
    const fit = new ProjectionFit([{ name: 'k', type: 'int' }]);
    fit.add(['1'], 'old/1');
    expect(fit.projection()).toMatchObject({
      kind: 'unfit',
      why: expect.stringMatching(/another name/) as string,
    });
    const many = Array.from({ length: 101 }, (_, index) => [`v${index}`]);
    expect(project(['k'], ...many)).toMatchObject({ kind: 'unfit', why: 'k has more than 100 values without order' });
  });
});
