import { describe, expect, it } from 'vitest';
import { partitionName } from '../../../src/domain/partition-name.ts';
import { ProjectionFit } from '../../../src/domain/rules/partition-projection.ts';

/** Keys are text unless they say otherwise: `n int`. */
const project = (keys: readonly string[], ...values: readonly string[][]) => {
  const columns = keys.map((key) => ({ name: key.split(' ')[0]!, type: key.split(' ')[1] ?? 'string' }));
  const fit = new ProjectionFit(columns);
  for (const one of values) fit.add(one, partitionName(columns, one));
  return fit.projection();
};

describe('partition projection', () => {
  it('is a range of integers with their digits, of days, or a list', () => {
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
    // Trino counts days and hours only.
    expect(project(['y'], ['2023-12'], ['2024-01'])).toMatchObject({
      parameters: { 'projection.y.type': 'enum', 'projection.y.values': '2023-12,2024-01' },
    });
  });

  it.each([
    ['NULL', [['1'], ['__HIVE_DEFAULT_PARTITION__']], /NULL/],
    ['a comma in a list', [['a,b'], ['c']], /cannot stand in a list/],
    ['a value that folders spell otherwise', [['a:b'], ['c']], /cannot stand in a list/],
    ['gaps that are larger than what is there', [['1'], ['2'], ['1000']], /less than half/],
    ['digits of two widths', [['01'], ['002'], ['3']], undefined],
    ['integers that Trino cannot count', [['202401010000'], ['202401010001']], undefined],
    ['the greatest integer, past which Trino does not get', [['2147483646'], ['2147483647']], undefined],
    ['a single day, which Trino takes for no range', [['2024-02-29']], undefined],
    ['the year 0', [['0000-01-01'], ['0000-01-02']], undefined],
  ])('does not take %s for a range', (_what, values, why) => {
    const projection = project(['k'], ...values);
    if (why === undefined) expect(projection).toMatchObject({ parameters: { 'projection.k.type': 'enum' } });
    else expect(projection).toMatchObject({ kind: 'unfit', why: expect.stringMatching(why) as string });
  });

  it.each([
    ['int', ['1', '2'], 'integer'],
    ['bigint', ['01', '02'], 'integer'],
    ['varchar(4)', ['1', '2'], 'integer'],
    ['varchar(10)', ['2024-01-01', '2024-01-02'], 'date'],
    ['varchar(10)', ['a', 'b'], 'enum'],
    ['date', ['2024-01-01', '2024-01-02'], 'date'],
  ])('takes a key of type %s with %j for the type %s', (type, values, projected) => {
    const fitting = project([`k ${type}`], ...values.map((value) => [value]));
    expect(fitting).toMatchObject({ kind: 'fits', parameters: { 'projection.k.type': projected } });
  });

  it.each([
    ['smallint', ['1', '2'], /k is a smallint/],
    ['tinyint', ['1', '2'], /k is a tinyint/],
    ['decimal(4,0)', ['1', '2'], /k is a decimal/],
    ['boolean', ['true', 'false'], /k is a boolean/],
    ['char(1)', ['a', 'b'], /k is a char/],
    ['double', ['1', '2'], /k is a double/],
    ['timestamp', ['2024-01-01 00:00:00', '2024-01-02 00:00:00'], /k is a timestamp/],
    ['int', ['-1', '0'], /make no range/],
    ['int', ['1', '02'], /make no range/],
    ['bigint', ['202401010000', '202401010001'], /make no range/],
    ['date', ['2024-01-01'], /make no range/],
  ])('takes no key of type %s with %j, which Trino refuses', (type, values, why) => {
    const fitting = project([`k ${type}`], ...values.map((value) => [value]));
    expect(fitting).toMatchObject({ kind: 'unfit', why: expect.stringMatching(why) as string });
  });

  it('does not fit where a partition has something of its own that is read by', () => {
    const fit = new ProjectionFit([{ name: 'k', type: 'int' }]);
    for (const value of ['1', '2']) fit.add([value], `k=${value}`);
    fit.addDifference('k=1', 'columns');
    fit.addDifference('k=2', 'a file format');
    expect(fit.projection()).toMatchObject({
      kind: 'unfit',
      why: expect.stringMatching(/^partition k=1 has columns of its own/) as string,
    });
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
