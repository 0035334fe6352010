import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { duckType } from '../../../src/adapters/duckdb/duck-type.ts';
import { hiveType } from '../../../src/adapters/duckdb/hive-type.ts';
import { parseHiveType } from '../../../src/domain/rules/hive-type.ts';

it.each([
  'array<string>',
  'decimal(12,2)',
  'map<string,int>',
  'map<int,array<struct<a:date,select:decimal(38,9)>>>',
  'struct<ville:string,rangs:array<int>,de:struct<x:map<string,double>>>',
  'array<map<string,array<boolean>>>',
])('%s is the same once DuckDB has said what it is', async (type) => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    const sql = `DESCRIBE SELECT CAST(NULL AS ${duckType(parseHiveType(type))}) AS c`;
    const [[, said]] = (await connection.runAndReadAll(sql)).getRows() as [unknown[]];
    expect(hiveType(String(said))).toBe(type);
  } finally {
    connection.closeSync();
  }
});

it.each([
  'STRUCT("a b" INTEGER)',
  'STRUCT("a,b" INTEGER, c VARCHAR)',
  'UUID',
  'INTEGER[3]',
  'UNION(a INTEGER)',
  'MAP(UUID, INTEGER)',
])('%s has no equal', (type) =>
  expect(() => hiveType(type)).toThrow(expect.objectContaining({ code: 'DATASET_TYPE' })),
);
