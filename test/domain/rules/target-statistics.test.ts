import { describe, expect, it } from 'vitest';
import { differingStatistics, type SourceStatistics } from '../../../src/domain/column-statistics.ts';
import type { ColumnClass, TableMapping } from '../../../src/domain/mapping.ts';
import { targetStatistics, vouchedStatistics } from '../../../src/domain/rules/target-statistics.ts';
import { bytesOfUnscaled, unscaledOf } from '../../../src/domain/unscaled-value.ts';

const mappingOf = (classes: Readonly<Record<string, ColumnClass>> = {}): TableMapping => ({
  target: { zone: 'raw', database: 'raw_rh', table: 't' },
  storage: 'keep',
  partitions: { offPath: 'relocate', missingFolder: 'register-empty' },
  columns: Object.fromEntries(Object.entries(classes).map(([name, kind]) => [name, { class: kind }])),
  reconcile: { level: 'rows' },
});
const long = (column: string): SourceStatistics => ({
  column,
  values: { kind: 'long', least: 1, greatest: 9, nulls: 0, distinct: 5 },
});

describe('statistics that still hold', () => {
  const accurate = '{"BASIC_STATS":"true","COLUMN_STATS":{"Id":"true","age":"false"}}';

  it('are those of the columns that Hive names, over the files that it counted', () => {
    const parameters = { COLUMN_STATS_ACCURATE: accurate, totalSize: '120', transient_lastDdlTime: '1717200000' };
    expect(vouchedStatistics(parameters, 5)).toEqual({
      columns: ['id'],
      sizeBytes: 120,
      writtenAtSeconds: 1_717_200_000,
    });
    expect(vouchedStatistics({ COLUMN_STATS_ACCURATE: accurate }, 5)).toMatchObject({
      sizeBytes: undefined,
      writtenAtSeconds: 5,
    });
  });

  it('are of any column where Hive 1 speaks of rows alone: when they were computed decides', () => {
    const parameters = { COLUMN_STATS_ACCURATE: 'true', totalSize: '120', transient_lastDdlTime: '7' };
    expect(vouchedStatistics(parameters, 5)).toEqual({ columns: undefined, sizeBytes: 120, writtenAtSeconds: 7 });
  });

  it.each([
    ['of Hive 1 after a load', 'false'],
    ['after a write', '{"BASIC_STATS":"true"}'],
    ['that cannot be read', '{"COLUMN_STATS":'],
    ['of nobody', undefined],
  ])('are none by a word %s', (_, word) => {
    expect(vouchedStatistics(word === undefined ? {} : { COLUMN_STATS_ACCURATE: word }, 5)).toBeUndefined();
  });
});

describe('statistics of the target', () => {
  const columns = [
    { name: 'id', type: 'bigint' },
    { name: 'at', type: 'timestamp' },
    { name: 'motif', type: 'varchar(10)' },
  ];
  const text: SourceStatistics = {
    column: 'motif',
    values: { kind: 'string', longestBytes: 8, averageBytes: 4.5, nulls: 1, distinct: 3 },
  };

  it('are those of the kind that the type has there', () => {
    const found = targetStatistics([long('id'), long('at'), long('motif'), long('gone'), text], columns, {
      mapping: mappingOf(),
      writtenAtSeconds: 7,
    });
    expect(found).toEqual([
      { ...long('id'), type: 'bigint', analyzedAtSeconds: 7 },
      { ...text, type: 'varchar(10)', analyzedAtSeconds: 7 },
    ]);
  });

  it('hold no bound of a personal column, since that is a value of somebody', () => {
    const mapping = mappingOf({ id: 'quasi-identifier', motif: 'sensitive' });
    const found = targetStatistics([long('id'), text], columns, { mapping, writtenAtSeconds: 7 });
    expect(found.map(({ column }) => column)).toEqual(['motif']);
  });

  it('differ by their values and type, not by when they were computed', () => {
    const wanted = [{ ...long('id'), type: 'bigint', analyzedAtSeconds: 7 }];
    expect(differingStatistics(wanted, [{ ...wanted[0]!, analyzedAtSeconds: 8 }])).toEqual([]);
    expect(differingStatistics(wanted, [{ ...wanted[0]!, type: 'int' }])).toEqual(wanted);
    expect(differingStatistics(wanted, [])).toEqual(wanted);
  });
});

it.each([0n, 1n, -1n, 127n, 128n, -128n, -129n, 10n ** 37n, -(10n ** 38n) + 1n])('%s survives its bytes', (value) => {
  expect(unscaledOf(bytesOfUnscaled(value))).toBe(value);
});
