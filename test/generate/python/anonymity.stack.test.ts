import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Anonymity } from '../../../src/domain/privacy/dataset.ts';
import { anonymitySql } from '../../../src/domain/privacy/dataset-sql.ts';
import { runPython } from './run-python.ts';

type Row = readonly (string | null)[];
interface Case {
  readonly rule: Anonymity;
  readonly rows: readonly Row[];
}

const COLUMNS = ['id', 'service', 'age', 'matricule', 'site', 'motif'];
const KEPT = `
import json, sys
from lakelift_rules import in_large_classes
columns, cases = json.load(sys.stdin)
print(json.dumps([[row[0] for row in in_large_classes(one["rows"], one["rule"], columns.index)] for one in cases]))
`;

const oneOf = (...values: string[]) => fc.option(fc.constantFrom(...values), { freq: 5 });
const cases: fc.Arbitrary<Case> = fc.record({
  rule: fc.record({
    k: fc.integer({ min: 1, max: 4 }),
    over: fc.constantFrom(['service'], ['service', 'age']),
    of: fc.constantFrom(undefined, ['matricule'], ['matricule', 'site']),
    diversity: fc.option(fc.record({ of: fc.constant('motif'), l: fc.integer({ min: 1, max: 3 }) }), {
      nil: undefined,
    }),
    onFailure: fc.constant('suppress' as const),
  }),
  rows: fc
    .array(fc.tuple(oneOf('a', 'b'), oneOf('1', '2'), oneOf('M1', 'M2', 'M3'), oneOf('s', 't'), oneOf('x', 'y')), {
      minLength: 1,
      maxLength: 12,
    })
    .map((rows) => rows.map((row, at): Row => [String(at), ...row])),
});

async function keptByDuckDb(all: readonly Case[]): Promise<unknown[][]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const kept: unknown[][] = [];
  try {
    for (const { rule, rows } of all) {
      const values = rows.map((row) => `(${row.map((value) => (value === null ? 'NULL' : `'${value}'`)).join(', ')})`);
      const sql = `SELECT id FROM (VALUES ${values.join(', ')}) v(${COLUMNS.join(', ')}) QUALIFY ${anonymitySql(rule)}`;
      kept.push((await connection.runAndReadAll(sql)).getRowsJson().flat().toSorted());
    }
    return kept;
  } finally {
    connection.closeSync();
  }
}

describe('Anonymity of rows in Python', () => {
  it('keeps the rows that DuckDB keeps, by rows and by people', async () => {
    const all = fc.sample(cases, { numRuns: 600, seed: 7 });
    const expected = await keptByDuckDb(all);
    const found = await runPython<string[][]>(KEPT, [COLUMNS, all]);
    expect(found.map((ids) => ids.toSorted())).toEqual(expected);
    for (const people of [undefined, 1, 2]) {
      const some = expected.filter((_, at) => all[at]!.rule.of?.length === people).map((ids) => ids.length > 0);
      expect(new Set(some)).toEqual(new Set([true, false]));
    }
  });
});
