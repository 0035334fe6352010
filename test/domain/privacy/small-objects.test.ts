import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  isSmallFileFormat,
  LARGEST_SMALL_OBJECT_BYTES,
  objectionToName,
  SMALL_FILE_SERDES,
  smallFilesWay,
  smallFolder,
} from '../../../src/domain/privacy/small-objects.ts';
import type { TargetStorage, TargetTable } from '../../../src/domain/target-table.ts';

const python = (name: string): string =>
  readFileSync(new URL(`../../../src/generate/python/${name}.py`, import.meta.url), 'utf8');

function table(storage: Partial<TargetStorage>): TargetTable {
  return {
    ...{ database: 'raw_rh', name: 't', type: 'EXTERNAL_TABLE', description: undefined, owner: undefined },
    ...{ partitionKeys: [{ name: 'Annee', type: 'int' }], parameters: {} },
    storage: {
      ...{ columns: [], location: 's3://raw/rh/t', outputFormat: undefined, serdeParameters: {} },
      ...{ isCompressed: false, bucketCount: 0, bucketColumns: [], sortColumns: [] },
      inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
      serdeLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
      ...storage,
    },
  };
}

describe('objects for a function', () => {
  it('are of the formats and the size that it takes', () => {
    const readers = /^_READERS = \{(.*)\}$/m.exec(python('lakelift_rows'))![1]!;
    expect([...readers.matchAll(/"(\w+)"/g)].map(([, name]) => name)).toEqual(SMALL_FILE_SERDES);
    const largest = /^LARGEST_BYTES = ([\d *]+)$/m.exec(python('lakelift_small_files'))![1]!;
    expect(largest.split('*').reduce((product, factor) => product * Number(factor), 1)).toBe(
      LARGEST_SMALL_OBJECT_BYTES,
    );
    expect(isSmallFileFormat(table({}))).toBe(true);
    expect(isSmallFileFormat(table({ serdeLibrary: 'org.apache.hadoop.hive.serde2.OpenCSVSerde' }))).toBe(true);
    expect(isSmallFileFormat(table({ serdeLibrary: 'org.apache.hadoop.hive.ql.io.orc.OrcSerde' }))).toBe(false);
    expect(isSmallFileFormat(table({ serdeLibrary: undefined }))).toBe(false);
    // Lines within blocks that only Hadoop reads.
    expect(isSmallFileFormat(table({ inputFormat: 'org.apache.hadoop.mapred.SequenceFileInputFormat' }))).toBe(false);
  });

  it.each([
    ['s3://raw/rh/t/annee=2024/000000_0', undefined],
    ['s3://raw/rh/t/Annee=2024/000000_0.gz', undefined],
    ['s3://raw/rh/t/annee=2024/000000_0.bz2', 'format'],
    ['s3://raw/rh/t/annee=2024/_SUCCESS', 'hidden'],
    ['s3://raw/rh/t/_temporary/annee=2024', 'hidden'],
    ['s3://raw/rh/t/annee=2024/a.lzo.index', 'hidden'],
    ['s3://raw/rh/t/000000_0', 'elsewhere'],
    ['s3://raw/rh/t/annee=2024/HIVE_UNION_SUBDIR_1/000000_0', 'elsewhere'],
    ['s3://raw/rh/t/mois=1/000000_0', 'elsewhere'],
    ['s3://raw/rh/tt/annee=2024/000000_0', 'elsewhere'],
  ])('of a table lie in its folders: %s', (uri, why) => {
    expect(objectionToName(uri, smallFolder(table({}))!)).toBe(why);
  });

  it('of DSN files lie in any folder', () => {
    const folder = { location: 's3://raw/data/rh/dsn/', partitionKeys: undefined };
    expect(objectionToName('s3://raw/data/rh/dsn/2024/01/a n°1.dsn', folder)).toBe(undefined);
    expect(objectionToName('s3://raw/data/rh/dsn/2024/_recu.csv', folder)).toBe('hidden');
  });

  it('are none of what has no place', () => {
    expect(smallFolder(table({ location: undefined }))).toBe(undefined);
  });
});

describe('a dataset that has a function', () => {
  const fresh = { isBuilt: false, hasSmallFiles: false, isBelow: false, isNamed: true, objects: 2, leftOut: {} };

  it.each([
    ['with objects to take', {}, 'functions'],
    ['with objects that nobody reads', { leftOut: { hidden: 1, changed: 1 } }, 'functions'],
    ['that is not named', { isNamed: false }, { byJob: 'not-named' }],
    ['without objects', { objects: 0 }, { byJob: 'nothing' }],
    ['that others are made of', { isBelow: true }, { byJob: 'below' }],
    ['with objects that its function would leave out', { leftOut: { 'too-large': 1 } }, { byJob: 'unreadable' }],
  ])('is made, the first time, as far as a function can: one %s', (_, state, way) => {
    expect(smallFilesWay({ ...fresh, ...state })).toEqual(way);
  });

  it.each([{ isBuilt: true }, { hasSmallFiles: true }])('is made by no job once rows of it stand: %o', (stands) => {
    expect(smallFilesWay({ ...fresh, ...stands, leftOut: { format: 1 } })).toBe('functions');
    expect(smallFilesWay({ ...fresh, ...stands, isBelow: true })).toBe('functions');
    expect(smallFilesWay({ ...fresh, ...stands, objects: 0 })).toBe(undefined);
    expect(smallFilesWay({ ...fresh, ...stands, isNamed: false })).toBe(undefined);
  });
});
