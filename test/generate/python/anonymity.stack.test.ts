import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Anonymity } from '../../../src/domain/privacy/dataset.ts';
import { anonymitySql, blankedSql, IS_LARGE } from '../../../src/domain/privacy/dataset-sql.ts';
import { runPython } from './run-python.ts';

type Row = readonly (string | null)[];
interface Case {
  readonly rule: Anonymity;
  readonly rows: readonly Row[];
}

const COLUMNS = ['id', 'service', 'age', 'matricule', 'site', 'motif'];
const KEPT = `
import json, sys
from lakelift_rules import anonymous
columns, cases = json.load(sys.stdin)
print(json.dumps([anonymous(one["rows"], one["rule"], columns.index) for one in cases]))
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
    blank: fc.constantFrom(undefined, ['service']),
    onFailure: fc.constant('suppress' as const),
  }),
  rows: fc
    .array(fc.tuple(oneOf('a', 'b'), oneOf('1', '2'), oneOf('M1', 'M2', 'M3'), oneOf('s', 't'), oneOf('x', 'y')), {
      minLength: 1,
      maxLength: 12,
    })
    .map((rows) => rows.map((row, at): Row => [String(at), ...row])),
});

interface Kept {
  readonly rows: readonly Row[];
  readonly blankedRows: number;
  readonly blankedCells: number;
}

async function keptByDuckDb(all: readonly Case[]): Promise<Kept[]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const kept: Kept[] = [];
  try {
    for (const { rule, rows } of all) {
      const values = rows.map((row) => `(${row.map((value) => (value === null ? 'NULL' : `'${value}'`)).join(', ')})`);
      const dataset = `WITH dataset AS (FROM (VALUES ${values.join(', ')}) v(${COLUMNS.join(', ')}))`;
      const { blank, over } = rule;
      const sql =
        blank === undefined
          ? `SELECT *, 0 FROM dataset QUALIFY ${anonymitySql(rule)}`
          : `SELECT * EXCLUDE (${IS_LARGE}) FROM (${blankedSql(rule, blank)}) QUALIFY ${anonymitySql({ ...rule, over: [...over, IS_LARGE] })}`;
      const found = (await connection.runAndReadAll(`${dataset} ${sql}`)).getRowsJson() as [...string[], number][];
      const cells = found.map((row) => Number(row.at(-1)));
      kept.push({
        rows: sorted(found.map((row) => row.slice(0, -1) as Row)),
        blankedRows: cells.filter((count) => count > 0).length,
        blankedCells: cells.reduce((sum, count) => sum + count, 0),
      });
    }
    return kept;
  } finally {
    connection.closeSync();
  }
}

function sorted(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => Number(a[0]) - Number(b[0]));
}

/** By the definition, of what a reader sees. */
function isAnonymous({ rule: { over, of, k } }: Case, { rows }: Kept): boolean {
  const valuesOf = (names: readonly string[], row: Row) => names.map((name) => row[COLUMNS.indexOf(name)]!);
  const classes = Map.groupBy(rows, (row) => JSON.stringify(valuesOf(over, row)));
  return [...classes.values()].every((members) => {
    if (of === undefined) return members.length >= k;
    const people = members.map((row) => valuesOf(of, row)).filter((person) => person.every((name) => name !== null));
    return new Set(people.map(String)).size >= k;
  });
}

describe('Anonymity of rows in Python', () => {
  it('keeps the rows and empties the cells that DuckDB does, by rows and by people', async () => {
    const all = fc.sample(cases, { numRuns: 800, seed: 7 });
    const expected = await keptByDuckDb(all);
    const found = await runPython<[Row[], number, number][]>(KEPT, [COLUMNS, all]);
    expect(
      found.map(([rows, blankedRows, blankedCells]): Kept => ({ rows: sorted(rows), blankedRows, blankedCells })),
    ).toEqual(expected);
    for (const people of [undefined, 1, 2]) {
      const those = expected.filter((_, at) => all[at]!.rule.of?.length === people);
      expect(new Set(those.map(({ rows }) => rows.length > 0))).toEqual(new Set([true, false]));
      expect(those.some(({ blankedCells }) => blankedCells > 0)).toBe(true);
    }
    expect(expected.filter((kept, at) => !isAnonymous(all[at]!, kept))).toEqual([]);
  });
});
