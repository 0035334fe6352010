import { describe, expect, it } from 'vitest';
import { differenceFromTable, partitionSchemaProblems } from '../../../src/domain/rules/partition-schema.ts';
import type { Column } from '../../../src/domain/table.ts';
import type { TargetStorage, TargetTable } from '../../../src/domain/target-table.ts';

const columns = (text: string): Column[] =>
  text.split('; ').map((column) => {
    const [name = '', type = ''] = column.split(' ');
    return { name, type };
  });
const table = (text: string, classification: string) =>
  ({
    parameters: { classification },
    storage: { columns: columns(text), serdeParameters: {} },
  }) as unknown as TargetTable;

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
    ['struct<a:int,b:int>', 'struct<a:bigint>'],
    ['array<struct<a:int>>', 'array<struct<a:int,b:date>>'],
    ['array<int>', 'array<string>'],
    ['map<int,struct<a:decimal(4,2)>>', 'map<bigint,struct<a:decimal(6,2),b:array<int>>>'],
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
    ['struct<a:string>', 'struct<a:int>'],
    ['struct<a:int,b:int>', 'struct<b:int,a:int>'],
    ['struct<b:int>', 'struct<a:int,b:int>'],
    ['array<struct<a:string>>', 'array<struct<a:int>>'],
    ['map<string,int>', 'map<string,date>'],
    ['map<string,int>', 'struct<a:int>'],
    ['array<int>', 'map<int,int>'],
    ['array<string>', 'string'],
    ['struct<a:int', 'struct<a:int>'],
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

describe('what a partition has of its own', () => {
  const stored = (text: string, parameters: Record<string, string> = {}, serdeLibrary = 'a') =>
    ({
      columns: columns(text),
      serdeParameters: parameters,
      serdeLibrary,
      inputFormat: 'i',
    }) as unknown as TargetStorage;
  const differs = (own: TargetStorage, wanted: TargetStorage, classification: string) =>
    differenceFromTable(own, { parameters: { classification }, storage: wanted } as unknown as TargetTable);

  const own: readonly [string, TargetStorage, TargetStorage, readonly [string, string]][] = [
    ['its SerDe', stored('a int', {}, 'b'), stored('a int'), ['csv', 'a file format']],
    [
      'a delimiter',
      stored('a int', { 'field.delim': ';' }),
      stored('a int'),
      ['csv', 'the SerDe parameter field.delim'],
    ],
    [
      'a format',
      stored('a int', { 'serialization.format': ';' }),
      stored('a int'),
      ['csv', 'the SerDe parameter serialization.format'],
    ],
    ['a type', stored('a int'), stored('a bigint'), ['csv', 'columns']],
    ['one column less', stored('a int'), stored('a int; b int'), ['parquet', 'columns']],
    ['another name', stored('b int'), stored('a int'), ['parquet', 'columns']],
    ['another name', stored('b int'), stored('a int'), ['json', 'columns']],
  ];
  it.each(own)('is %s', (_what, partition, wanted, [classification, difference]) => {
    expect(differs(partition, wanted, classification)).toBe(difference);
  });

  it.each([
    ['nothing', stored('a int', { x: 'y' }), stored('a int', { x: 'y' }), 'csv'],
    ['what Parquet does not look at', stored('a int'), stored('a int', { 'serialization.format': '1' }), 'parquet'],
    ['the place that Spark notes', stored('a int', { path: 's3://b/1/' }), stored('a int', { path: 's3://b/' }), 'orc'],
    ['another name in text', stored('b int'), stored('a int'), 'csv'],
    ['a column behind', stored('a int; b int'), stored('a int'), 'csv'],
  ])('is nothing of consequence: %s', (_what, own, wanted, classification) => {
    expect(differs(own, wanted, classification)).toBeUndefined();
  });
});
