import { describe, expect, it } from 'vitest';
import type { FileItem, PartitionItem, TableItem } from '../../../src/domain/plan.ts';
import type { TargetTable } from '../../../src/domain/target-table.ts';
import type { QueryEngine } from '../../../src/ports/query-engine.ts';
import type { ReconcileRequest } from '../../../src/steps/reconcile/reconcile-context.ts';
import { reconcileRows } from '../../../src/steps/reconcile/reconcile-rows.ts';

const engine = (name: QueryEngine['name'], rows: readonly string[][]): QueryEngine => ({
  name,
  query: () => Promise.resolve(rows.map((row) => [...row])),
  close: () => Promise.resolve(),
});
const partition = (name: string, verdict: 'copy' | 'needs-decision') => ({
  kind: 'partition',
  scope: 'd.t',
  name,
  verdict,
});
const file = (partitionOf: string) => ({
  kind: 'file',
  scope: 'd.t',
  partition: partitionOf,
  source: { sizeBytes: 9 },
});

/** What the target engine reads of a table whose partitions each have a file that is copied and five rows at the source. */
function readBack(partitions: readonly ReturnType<typeof partition>[], inTarget: readonly string[][]) {
  const items = { partition: partitions, file: partitions.map(({ name }) => file(name)) };
  const request = {
    engines: {
      source: engine(
        'hive',
        partitions.map(({ name }) => [name.slice(2), '5']),
      ),
      target: engine('trino', inTarget),
    },
    fresh: {
      listItems: ({ kind }: { kind: 'partition' | 'file' }) => items[kind] as unknown as (PartitionItem | FileItem)[],
    },
    signal: new AbortController().signal,
  } as unknown as ReconcileRequest;
  const item = { kind: 'table', scope: 'd.t', reconcileLevel: 'files', source: { database: 'd', table: 't' } };
  const table = { database: 'd', name: 't', partitionKeys: [{ name: 'p', type: 'string' }], storage: { columns: [] } };
  return reconcileRows(request, item as TableItem, table as unknown as TargetTable);
}

describe('what the target engine reads back', () => {
  it('deviates in a registered partition that has files and gives no row', async () => {
    const { findings } = await readBack([partition('p=1', 'copy'), partition('p=2', 'copy')], [['1', '5']]);
    expect(findings).toMatchObject([{ check: 'read-back', subject: 'p=2', kind: 'missing', weight: 'difference' }]);
  });

  it('says nothing of one that waits, though some of its files were copied', async () => {
    const { findings } = await readBack([partition('p=1', 'copy'), partition('p=2', 'needs-decision')], [['1', '5']]);
    expect(findings).toEqual([]);
  });
});
