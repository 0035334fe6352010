import { describe, expect, it } from 'vitest';
import { diffTable, merged, partitionChanges } from '../../src/domain/catalog-diff.ts';
import { STAMP, type TargetStorage, type TargetTable } from '../../src/domain/target-table.ts';
import { partition, storage, table } from './target-tables.ts';

const stored = (changes: Partial<TargetStorage>): TargetTable => ({ ...table, storage: { ...storage, ...changes } });
const withParameters = (parameters: Record<string, string>): TargetTable => ({
  ...table,
  parameters: { ...table.parameters, ...parameters },
});
const fields = (standing: TargetTable) => {
  const diff = diffTable(table, standing);
  return diff.kind === 'update' ? diff.changes.map(({ field }) => field) : diff.kind;
};

describe('diffTable', () => {
  it('creates what does not stand', () => {
    expect(diffTable(table, undefined)).toEqual({ kind: 'create' });
  });

  it.each<[string, TargetTable]>([
    ['the same table', table],
    ['the run that put it there', withParameters({ [STAMP.runId]: 'another' })],
    ['parameters the catalog or a person added', withParameters({ transient_lastDdlTime: '1', team: 'rh' })],
    ['the case of names', stored({ columns: storage.columns.map((c) => ({ ...c, name: c.name.toUpperCase() })) })],
    ['a missing slash behind the location', stored({ location: 's3://raw/rh/salarie' })],
    ['buckets said to be 0 instead of -1', stored({ bucketCount: 0 })],
  ])('sees no difference in %s', (_, standing) => {
    expect(diffTable(table, standing)).toEqual({ kind: 'unchanged' });
  });

  it.each<[string, TargetTable, string[]]>([
    ['a dropped column', stored({ columns: storage.columns.slice(1) }), ['column nir']],
    [
      'a retyped column',
      stored({ columns: [storage.columns[0]!, { name: 'montant', type: 'double' }] }),
      ['column montant'],
    ],
    ['swapped columns', stored({ columns: [...storage.columns].reverse() }), ['column nir']],
    ['another location', stored({ location: 's3://raw/rh/autre/' }), ['location']],
    ['another SerDe', stored({ serdeLibrary: 'x' }), ['SerDe']],
    [
      'a delimiter',
      stored({ serdeParameters: { 'serialization.format': '1', 'field.delim': ';' } }),
      ['SerDe parameter field.delim'],
    ],
    [
      'a retyped partition key',
      { ...table, partitionKeys: [{ name: 'annee', type: 'string' }] },
      ['partition key annee'],
    ],
    [
      'a parameter that hides rows',
      withParameters({ 'skip.header.line.count': '1' }),
      ['parameter skip.header.line.count'],
    ],
    ['partition projection', withParameters({ 'projection.enabled': 'true' }), ['parameter projection.enabled']],
    ['what lakelift said before', withParameters({ 'lakelift.k-anonymity': '5' }), ['parameter lakelift.k-anonymity']],
    ['another description', { ...table, description: undefined }, ['description']],
  ])('names what changed: %s', (_, standing, expected) => {
    expect(fields(standing)).toEqual(expected);
  });

  it('shows control characters of a delimiter instead of nothing', () => {
    const standing = stored({ serdeParameters: { 'serialization.format': '1', 'field.delim': '\u0001' } });
    expect(diffTable(table, standing)).toMatchObject({ changes: [{ standing: '\\u0001', wanted: '(none)' }] });
  });

  it('refuses a table that lakelift did not make', () => {
    const foreign = { ...table, parameters: { EXTERNAL: 'TRUE' } };
    expect(diffTable(table, foreign)).toMatchObject({ kind: 'conflict', reason: { code: 'FOREIGN_TABLE' } });
  });

  it('refuses a table that was made from another source', () => {
    const diff = diffTable(table, withParameters({ [STAMP.source]: 'other' }));
    expect(diff).toMatchObject({ kind: 'conflict', reason: { code: 'TABLE_OF_OTHER_USE_CASE' } });
  });

  it('shares a table that another use case made from the same source, and leaves changes to that one', () => {
    const shared = withParameters({ [STAMP.useCase]: 'churn' });
    expect(diffTable(table, shared)).toEqual({ kind: 'unchanged', sharedWith: 'churn' });
    const other = { ...shared, description: 'another' };
    expect(diffTable(table, other)).toMatchObject({
      kind: 'conflict',
      reason: { code: 'SHARED_TABLE_DIFFERS', text: expect.stringContaining('description') as string },
    });
  });
});

describe('merged', () => {
  it('keeps what others added, drops what would hide rows, and carries the new stamp', () => {
    const standing = withParameters({ team: 'rh', 'skip.header.line.count': '1', [STAMP.runId]: 'old' });
    const { parameters } = merged(withParameters({ [STAMP.runId]: 'new' }), standing);
    expect(parameters).toEqual({ ...table.parameters, team: 'rh', [STAMP.runId]: 'new' });
  });
});

describe('partitionChanges', () => {
  it('finds another location', () => {
    const moved = partition('2024', { location: 's3://raw/rh/salarie/annee=2023/' });
    expect(partitionChanges(partition('2024'), moved).map(({ field }) => field)).toEqual(['location']);
  });

  it('says nothing of columns that the catalog left out, and compares those it gave', () => {
    expect(partitionChanges(partition('2024'), partition('2024', { columns: [] }))).toEqual([]);
    expect(partitionChanges(partition('2024'), partition('2024', { columns: storage.columns.slice(1) }))).toHaveLength(
      1,
    );
  });
});
