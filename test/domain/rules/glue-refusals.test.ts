import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toPartitionInput, toTableInput } from '../../../src/adapters/glue/glue-table.ts';
import type { TableMapping } from '../../../src/domain/mapping.ts';
import type { UseCaseId } from '../../../src/domain/names.ts';
import { targetPartition, targetTable } from '../../../src/domain/rules/target-definition.ts';
import { targetView } from '../../../src/domain/rules/view-definition.ts';
import type { Table } from '../../../src/domain/table.ts';
import type { TargetTable } from '../../../src/domain/target-table.ts';
import { checkPartition, checkValues, foldTable } from '../../../src/sandbox/glue/glue-rules.ts';
import { ORC, sketchPartition, sketchTable } from '../../../src/sandbox/lake/lake-table.ts';

const mapping: TableMapping = {
  target: { zone: 'raw', database: 'raw_rh', table: 't' },
  storage: 'keep',
  partitions: { offPath: 'relocate', missingFolder: 'register-empty' },
  columns: {},
  reconcile: { level: 'rows' },
};

/** Text as metastores hold it: any script, control characters, halves of surrogates, just below and just above a limit. */
const odd = (limit: number): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.stringMatching(/^[a-z_]{1,12}$/) },
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.constantFrom('', ' ', '\t', '\n', '\u0001', '\u007f', '\ud800', '\uffff', 'été', '日本語😀'),
    fc.integer({ min: limit - 2, max: limit + 2 }).map((length) => 'a'.repeat(length)),
    fc.integer({ min: 0, max: 2 }).map((more) => 'é'.repeat(Math.floor(limit / 2) + more)),
  );
const type = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('int', 'string') },
  fc.constantFrom('int', 'date', 'decimal(10,2)', 'timestamp', 'bigint', 'array<struct<a:int>>', 'uniontype<int>', 'x'),
  odd(255),
);
const column = fc.record({ name: odd(255), type, comment: odd(255) });
const key = fc.record({
  name: fc.constantFrom('k', 'K', 'l', 'm'),
  type: fc.constantFrom('string', 'int', 'date', 'timestamp', 'decimal(5,2)', 'boolean'),
});
const value = fc.oneof(
  fc.constantFrom(
    '1',
    '007',
    '-3',
    '2024-02-29',
    '2024-02-30',
    '2024-01-01 10:00:00',
    '1.5',
    '__HIVE_DEFAULT_PARTITION__',
  ),
  odd(1024),
);
const oddPartition = fc.record({
  values: fc.array(value, { maxLength: 3 }),
  parameters: fc.dictionary(odd(255), odd(100), { maxKeys: 3 }),
});
const plain = sketchTable({ database: 'rh', name: 't', columns: [], format: ORC });
const oddTable: fc.Arbitrary<Table> = fc
  .record({
    columns: fc.array(column, { maxLength: 4 }),
    partitionKeys: fc.array(key, { maxLength: 3 }),
    parameters: fc.dictionary(odd(255), odd(100)),
    serde: fc.dictionary(odd(255), odd(100)),
    comment: odd(2048),
    owner: odd(255),
    location: odd(2000),
  })
  .map(({ columns, partitionKeys, parameters, serde, comment, owner, location }) => ({
    ...plain,
    partitionKeys,
    owner,
    parameters: { ...parameters, comment },
    storage: {
      ...plain.storage,
      columns,
      location: `hdfs://sandbox/${location}`,
      serde: { ...plain.storage.serde, parameters: serde },
    },
  }));

function rule(table: Table, location: string) {
  return targetTable(table, { useCase: 'absences' as UseCaseId, mapping, location });
}

describe('what the rules let through', () => {
  it('is a table that Glue takes, and partitions that it takes', () => {
    let letThrough = 0;
    fc.assert(
      fc.property(oddTable, oddPartition, odd(2000), (table, { values, parameters }, folder) => {
        const { definition, problems } = rule(table, `s3://raw/${folder}/`);
        if (problems.length > 0) return;
        letThrough += 1;
        expect(() => foldTable(toTableInput(definition))).not.toThrow();
        const source = { source: table, definition, mapping };
        const own = { ...sketchPartition(table, values, '/p'), parameters };
        const partition = targetPartition(own, source, `s3://raw/${folder}/p/`);
        if (partition.problems.length > 0) return;
        const keys = definition.partitionKeys.map(({ name, type: keyType }) => ({ Name: name, Type: keyType }));
        expect(() => checkValues(checkPartition(toPartitionInput(partition.definition)), keys)).not.toThrow();
      }),
      { numRuns: 2000 },
    );
    expect(letThrough).toBeGreaterThan(50);
  });

  type Change = Readonly<{
    table?: Partial<Table>;
    storage?: Partial<Table['storage']>;
    target?: Partial<TableMapping['target']>;
    location?: string;
  }>;
  const serde = ORC.serde;
  const many = (count: number, bytes: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `c${index}`, type: `struct<${'f'.repeat(bytes)}:int>` }));

  /** What the real service refuses and emulators take: names, sizes and patterns of TableInput (Glue API reference), one by one. */
  it.each<[string, Change, string]>([
    ['a database whose name has 256 bytes', { target: { database: 'd'.repeat(256) } }, 'GLUE_LIMIT'],
    ['a table whose name has 256 bytes', { target: { table: 't'.repeat(256) } }, 'GLUE_LIMIT'],
    ['an owner of 256 bytes', { table: { owner: 'o'.repeat(256) } }, 'GLUE_LIMIT'],
    ['an owner of two lines', { table: { owner: 'a\nb' } }, 'GLUE_NAME'],
    ['a column without a name', { storage: { columns: [{ name: '', type: 'int' }] } }, 'GLUE_NAME'],
    [
      'a column whose name has 256 bytes',
      { storage: { columns: [{ name: 'é'.repeat(128), type: 'int' }] } },
      'GLUE_LIMIT',
    ],
    ['a column whose name has a line end', { storage: { columns: [{ name: 'a\nb', type: 'int' }] } }, 'GLUE_NAME'],
    ['a column whose type has 131,073 bytes', { storage: { columns: many(1, 131_062) } }, 'GLUE_LIMIT'],
    [
      'a column of a type that it does not know',
      { storage: { columns: [{ name: 'a', type: 'uniontype<int>' }] } },
      'TYPE_UNION',
    ],
    [
      'columns that are one once case is folded',
      {
        storage: {
          columns: [
            { name: 'a', type: 'int' },
            { name: 'A', type: 'int' },
          ],
        },
      },
      'COLUMN_TWICE',
    ],
    [
      'a partition key that repeats a column',
      { table: { partitionKeys: [{ name: 'A', type: 'int' }] } },
      'COLUMN_TWICE',
    ],
    [
      'a partition key whose name has 256 bytes',
      { table: { partitionKeys: [{ name: 'k'.repeat(256), type: 'int' }] } },
      'GLUE_LIMIT',
    ],
    ['a location of 2057 bytes', { location: `s3://raw/${'l'.repeat(2047)}/` }, 'GLUE_LIMIT'],
    ['a location with a control character', { location: 's3://raw/a\u0001b/' }, 'GLUE_NAME'],
    ['an input format of 129 bytes', { storage: { inputFormat: 'i'.repeat(129) } }, 'GLUE_LIMIT'],
    ['an output format of 129 bytes', { storage: { inputFormat: 'x', outputFormat: 'o'.repeat(129) } }, 'GLUE_LIMIT'],
    ['a SerDe whose name has 256 bytes', { storage: { serde: { ...serde, library: 's'.repeat(256) } } }, 'GLUE_LIMIT'],
    [
      'a property of the SerDe whose name has 256 bytes',
      { storage: { serde: { ...serde, parameters: { ['k'.repeat(256)]: '' } } } },
      'GLUE_LIMIT',
    ],
    ['a parameter without a name', { table: { parameters: { '': 'v' } } }, 'GLUE_NAME'],
    ['a parameter whose name has 256 bytes', { table: { parameters: { ['k'.repeat(256)]: '' } } }, 'GLUE_LIMIT'],
    ['a parameter whose name has a line end', { table: { parameters: { 'a\nb': '' } } }, 'GLUE_NAME'],
    ['a parameter of 512,001 bytes', { table: { parameters: { k: 'v'.repeat(512_001) } } }, 'GLUE_LIMIT'],
    [
      'a whole of more than a megabyte, of which every part fits',
      { storage: { columns: many(10, 110_000) } },
      'GLUE_LIMIT',
    ],
  ])('is never %s', (_what, { table: changes, storage, target, location = 's3://raw/t/' }, code) => {
    const base = sketchTable({ database: 'rh', name: 't', columns: ['a string'], format: ORC });
    const table = { ...base, ...changes, storage: { ...base.storage, ...storage } };
    const own = { ...mapping, target: { ...mapping.target, ...target } };
    const { problems } = targetTable(table, { useCase: 'absences' as UseCaseId, mapping: own, location });
    expect(problems.map((problem) => problem.code)).toContain(code);
  });

  it.each<[string, (table: Table) => Table, (text: TargetTable) => string | undefined]>([
    [
      'a comment of a table',
      (table) => ({ ...table, parameters: { comment: 'é'.repeat(1025) } }),
      ({ description }) => description,
    ],
    [
      'a comment of a table with control characters',
      (table) => ({ ...table, parameters: { comment: 'a\u0001b' } }),
      ({ description }) => description,
    ],
    [
      'a comment of a column',
      (table) => ({
        ...table,
        storage: { ...table.storage, columns: [{ name: 'a', type: 'int', comment: `${'é'.repeat(127)}😀\n` }] },
      }),
      ({ storage }) => storage.columns[0]?.comment,
    ],
  ])('is cut to what fits, and said: %s', (_what, change, textOf) => {
    const { definition, notes, problems } = rule(
      change(sketchTable({ database: 'rh', name: 't', columns: ['a int'], format: ORC })),
      's3://raw/t/',
    );
    expect(problems).toEqual([]);
    expect(notes.map(({ code }) => code)).toContain('COMMENT_CUT');
    expect(() => foldTable(toTableInput(definition))).not.toThrow();
    expect(textOf(definition)?.isWellFormed()).toBe(true);
  });

  type Odd = Readonly<{ values?: readonly string[]; location?: string; parameters?: Readonly<Record<string, string>> }>;
  it.each<[string, Odd, string]>([
    ['with another number of values than keys', { values: ['1', '2'] }, 'PARTITION_VALUE'],
    ['with a value of 1025 bytes', { values: ['1'.repeat(1025)] }, 'GLUE_LIMIT'],
    ['with a value that is not of the type of its key', { values: ['douze'] }, 'PARTITION_VALUE'],
    ['at a location of 2057 bytes', { location: `s3://raw/${'l'.repeat(2047)}/` }, 'GLUE_LIMIT'],
    ['with a parameter of 512,001 bytes', { parameters: { k: 'v'.repeat(512_001) } }, 'GLUE_LIMIT'],
    ['with a parameter whose name has 256 bytes', { parameters: { ['k'.repeat(256)]: '' } }, 'GLUE_LIMIT'],
  ])('is never a partition %s', (_what, { values = ['1'], location = 's3://raw/t/k=1/', parameters = {} }, code) => {
    const table = sketchTable({
      database: 'rh',
      name: 't',
      columns: ['a string'],
      partitionKeys: ['k int'],
      format: ORC,
    });
    const { definition } = rule(table, 's3://raw/t/');
    const partition = targetPartition(
      { ...sketchPartition(table, values, '/p'), parameters },
      { source: table, definition, mapping },
      location,
    );
    expect(partition.problems.map((problem) => problem.code)).toContain(code);
  });

  it('is never a view whose text has more than 409,600 bytes', () => {
    const view = sketchTable({
      database: 'rh',
      name: 'v',
      columns: ['a string'],
      format: ORC,
      type: 'VIRTUAL_VIEW',
      viewText: 'x',
    });
    const { problems } = targetView(
      view,
      { useCase: 'absences' as UseCaseId, mapping },
      `SELECT '${'x'.repeat(310_000)}'`,
    );
    expect(problems.map(({ code }) => code)).toContain('GLUE_LIMIT');
  });
});
