import { describe, expect, it } from 'vitest';
import { partitionSchemaProblems } from '../../../src/domain/rules/partition-schema.ts';
import type { Column } from '../../../src/domain/table.ts';
import type { TargetTable } from '../../../src/domain/target-table.ts';

const columns = (text: string): Column[] =>
  text.split('; ').map((column) => {
    const [name = '', type = ''] = column.split(' ');
    return { name, type };
  });
const table = (text: string, classification: string) =>
  ({ parameters: { classification }, storage: { columns: columns(text) } }) as unknown as TargetTable;

describe('columns of a partition beside those of its table', () => {
  it.each([
    ['int', 'bigint'],
    ['tinyint', 'int'],
    ['float', 'double'],
    ['int', 'string'],
    ['varchar(10)', 'string'],
    ['string', 'char(3)'],
    ['decimal(10,2)', 'decimal(12,2)'],
    ['decimal(10,2)', 'decimal(12,4)'],
    ['struct<a:int>', 'struct<a:int,b:int>'],
    ['date', 'date'],
  ])('%s is read as %s', (from, to) => {
    expect(partitionSchemaProblems(columns(`a ${from}`), table(`a ${to}`, 'orc'))).toEqual([]);
  });

  it.each([
    ['bigint', 'int'],
    ['double', 'float'],
    ['string', 'date'],
    ['decimal(10,2)', 'decimal(10,4)'],
    ['decimal(10,2)', 'decimal(9,2)'],
    ['int', 'decimal(10,0)'],
    ['array<int>', 'array<string>'],
    ['int', 'struct<a:int>'],
  ])('%s is not read as %s', (from, to) => {
    expect(partitionSchemaProblems(columns(`a ${from}`), table(`a ${to}`, 'orc'))).toMatchObject([
      { code: 'PARTITION_SCHEMA_MISMATCH', text: expect.stringContaining(`a (${from}, in the table ${to})`) as string },
    ]);
  });

  it('are matched by place, over Parquet by name; missing ones and others at the end do no harm', () => {
    const [own, theirs] = [columns('b date; a int'), 'a int; b date; c string'];
    expect(partitionSchemaProblems(own, table(theirs, 'csv'))).toHaveLength(1);
    expect(partitionSchemaProblems(own, table(theirs, 'parquet'))).toEqual([]);
    expect(partitionSchemaProblems(columns('a int; x date; y int; z int'), table(theirs, 'csv'))).toHaveLength(0);
  });
});
