import { describe, expect, it } from 'vitest';
import type { PartitionItem, TableItem } from '../../../src/domain/plan.ts';
import type { TargetTable } from '../../../src/domain/target-table.ts';
import type { QueryEngine } from '../../../src/ports/query-engine.ts';
import { readPartitions, rowKey } from '../../../src/steps/reconcile/read-partitions.ts';
import type { ReconcileRequest } from '../../../src/steps/reconcile/reconcile-context.ts';
import { reconcileRows } from '../../../src/steps/reconcile/reconcile-rows.ts';

const engine = (name: QueryEngine['name'], rows: readonly (string | undefined)[][]): QueryEngine => ({
  name,
  query: () => Promise.resolve(rows.map((row) => [...row])),
  close: () => Promise.resolve(),
});
const { signal } = new AbortController();

describe('rows of a partition', () => {
  it.each<[string, string | undefined, string]>([
    ['boolean', 'TRUE', 'p=true'],
    ['char(4)', 'ab', 'p=ab  '],
    ['char(4)', '__HI', 'p=__HIVE_DEFAULT_PARTITION__'],
    ['varchar(9)', '__HIVE_DE', 'p=__HIVE_DEFAULT_PARTITION__'],
    ['string', undefined, 'p=__HIVE_DEFAULT_PARTITION__'],
    ['timestamp', '2024-03-31 02:30:00.250', 'p=2024-03-31 02%3A30%3A00.25'],
    ['decimal(10,2)', '12.50', 'p=12.5'],
  ])('of a key of type %s that an engine prints as "%s" are those of %s', async (type, printed, name) => {
    const keys = [{ name: 'p', type }];
    const reading = { engine: engine('hive', [[printed, '3']]), level: 'rows' } as const;
    const table = { database: 'd', table: 't', keys, columns: [] };
    const partitions = await readPartitions({ ...reading, table }, signal);
    expect(partitions.get(rowKey(keys, name))?.fingerprint.rows).toBe(3n);
  });

  it('a text that only begins like the name of NULL is itself', () => {
    const keys = [{ name: 'p', type: 'varchar(9)' }];
    expect(rowKey(keys, 'p=__HI')).not.toBe(rowKey(keys, 'p=__HIVE_DEFAULT_PARTITION__'));
  });
});

describe('partitions that share a folder', () => {
  const partition = (name: string, folder: string, isShared = false): PartitionItem => ({
    kind: 'partition',
    id: `partition:d.t/${name}`,
    scope: 'd.t',
    verdict: 'copy',
    name,
    table: { database: 'd', name: 't' },
    ...(isShared ? { reason: { code: 'PARTITION_SHARED_FOLDER', text: 'shared' } } : {}),
    definition: { values: [], parameters: {}, storage: { location: folder } as TargetTable['storage'] },
  });
  const items = [partition('p=1', 's3://b/x/'), partition('p=2', 's3://b/x/', true), partition('p=3', 's3://b/y/')];
  const compare = (source: [string, string][], target: [string, string][]) => {
    const request = {
      engines: { source: engine('hive', source), target: engine('trino', target) },
      fresh: { listItems: () => items },
      signal,
    } as unknown as ReconcileRequest;
    const item = { kind: 'table', scope: 'd.t', reconcileLevel: 'rows', source: { database: 'd', table: 't' } };
    const table = {
      database: 'd',
      name: 't',
      partitionKeys: [{ name: 'p', type: 'string' }],
      storage: { columns: [] },
    };
    return reconcileRows(request, item as TableItem, table as unknown as TargetTable);
  };
  const inTarget: [string, string][] = [
    ['1', '5'],
    ['2', '5'],
    ['3', '4'],
  ];

  it('hold its rows each, though Hive counts them for one of them only', async () => {
    const inHive: [string, string][] = [
      ['2', '5'],
      ['3', '4'],
    ];
    const result = await compare(inHive, inTarget);
    expect(result).toMatchObject({ findings: [], totals: { sourceRows: '14', targetRows: '14' } });
  });

  it('differ where rows are missing, and so do those that share nothing', async () => {
    const { findings } = await compare([['2', '6']], inTarget);
    expect(findings.map(({ subject }) => subject)).toEqual(['p=1', 'p=2', 'p=3']);
  });
});
