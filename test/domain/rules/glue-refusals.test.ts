import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toPartitionInput, toTableInput } from '../../../src/adapters/glue/glue-table.ts';
import type { TableMapping } from '../../../src/domain/mapping.ts';
import type { UseCaseId } from '../../../src/domain/names.ts';
import { targetPartition, targetTable } from '../../../src/domain/rules/target-definition.ts';
import type { Table } from '../../../src/domain/table.ts';
import { foldPartition, foldTable } from '../../../src/sandbox/glue/glue-rules.ts';
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
      fc.property(oddTable, fc.array(value, { maxLength: 3 }), odd(2000), (table, values, folder) => {
        const { definition, problems } = rule(table, `s3://raw/${folder}/`);
        if (problems.length > 0) return;
        letThrough += 1;
        expect(() => foldTable(toTableInput(definition))).not.toThrow();
        const source = { source: table, definition, mapping };
        const partition = targetPartition(sketchPartition(table, values, '/p'), source, `s3://raw/${folder}/p/`);
        if (partition.problems.length > 0) return;
        const keys = definition.partitionKeys.map(({ name, type: keyType }) => ({ Name: name, Type: keyType }));
        expect(() => foldPartition(toPartitionInput(partition.definition), keys)).not.toThrow();
      }),
      { numRuns: 2000 },
    );
    expect(letThrough).toBeGreaterThan(50);
  });

  it.each<[string, Partial<Table>, string]>([
    ['an owner of 256 bytes', { owner: 'o'.repeat(256) }, 'GLUE_LIMIT'],
    ['an owner of two lines', { owner: 'a\nb' }, 'GLUE_NAME'],
    ['a parameter whose name has 256 bytes', { parameters: { ['k'.repeat(256)]: '' } }, 'GLUE_LIMIT'],
    ['a parameter of 512,001 bytes', { parameters: { k: 'v'.repeat(512_001) } }, 'GLUE_LIMIT'],
    ['a partition key that repeats a column', { partitionKeys: [{ name: 'A', type: 'int' }] }, 'COLUMN_TWICE'],
  ])('is never %s', (_what, changes, code) => {
    const table = { ...sketchTable({ database: 'rh', name: 't', columns: ['a string'], format: ORC }), ...changes };
    expect(rule(table, 's3://raw/t/').problems.map((problem) => problem.code)).toContain(code);
  });

  it.each([
    ['a name of 256 bytes', `${'é'.repeat(128)} int`, 'GLUE_LIMIT'],
    ['a name with a line end', 'a\nb int', 'GLUE_NAME'],
    ['a type of 131,073 bytes', `a struct<${'é'.repeat(65_540)}:int>`, 'GLUE_LIMIT'],
  ])('is never a column with %s', (_what, text, code) => {
    const table = sketchTable({ database: 'rh', name: 't', columns: [text], format: ORC });
    expect(rule(table, 's3://raw/t/').problems.map((problem) => problem.code)).toContain(code);
  });

  it('is never a location with a control character', () => {
    expect(rule(plain, 's3://raw/a\u0001b/').problems.map(({ code }) => code)).toContain('GLUE_NAME');
  });
});
