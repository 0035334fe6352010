import { SqliteLedger } from '../../src/adapters/ledger/sqlite-ledger.ts';
import { s3Key, type UseCaseId } from '../../src/domain/names.ts';
import type { Outcome, OutcomeStatus } from '../../src/domain/outcome.ts';
import type { PartitionItem, PlanItem, TableItem } from '../../src/domain/plan.ts';
import { STAMP, type TargetTable } from '../../src/domain/target-table.ts';
import {
  encodePrestoView,
  PRESTO_VIEW_EXPANDED_TEXT,
  PRESTO_VIEW_PARAMETERS,
} from '../../src/domain/view-sql/presto-view.ts';
import type { TargetCatalog } from '../../src/ports/target-catalog.ts';
import { registerTables } from '../../src/steps/register/register-tables.ts';
import { storage, table } from '../domain/target-tables.ts';
import { fileItem, runId } from './ledger.ts';

const RUN = runId('r1');
/** Databases outlive a test on a real server. */
const DATABASE = `reg_${Date.now()}`;

export function definitionOf(scope: string, changes: Partial<TargetTable> = {}): TargetTable {
  const name = scope.split('.')[1]!;
  return {
    ...table,
    database: DATABASE,
    name,
    storage: { ...storage, location: `s3://raw/${scope}/` },
    parameters: { ...table.parameters, [STAMP.source]: scope },
    ...changes,
  };
}

export function tableItem(scope: string, changes: Partial<TargetTable> = {}): TableItem {
  const [database = '', name = ''] = scope.split('.');
  const source = { database, table: name };
  const definition = definitionOf(scope, changes);
  const item = { kind: 'table', id: `table:${scope}`, scope, verdict: 'copy', source, definition } as const;
  return { ...item, reconcileLevel: 'files', notes: [] };
}

/** A view over others of the plan. */
export function viewItem(scope: string, reads: readonly string[], changes: Partial<TargetTable> = {}): TableItem {
  const columns = [{ name: 'id', type: 'int' }];
  const definition: Partial<TargetTable> = {
    type: 'VIRTUAL_VIEW',
    partitionKeys: [],
    storage: {
      columns,
      location: undefined,
      inputFormat: undefined,
      outputFormat: undefined,
      serdeLibrary: undefined,
      serdeParameters: {},
      isCompressed: false,
      bucketCount: 0,
      bucketColumns: [],
      sortColumns: [],
    },
    parameters: { ...PRESTO_VIEW_PARAMETERS, [STAMP.useCase]: 'absences', [STAMP.source]: scope },
    viewOriginalText: encodePrestoView({ sql: 'SELECT 1 AS id', database: DATABASE, columns }),
    viewExpandedText: PRESTO_VIEW_EXPANDED_TEXT,
    ...changes,
  };
  const item = tableItem(scope, definition);
  return { ...item, kind: 'view', id: `view:${scope}`, view: { sql: 'SELECT 1 AS id', changes: [], reads } };
}

export function partitionItems(scope: string, values: readonly string[]): PartitionItem[] {
  const { database, name, storage: own } = definitionOf(scope);
  return values.map((value) => ({
    kind: 'partition',
    id: `partition:${scope}/annee=${value}`,
    scope,
    verdict: 'copy',
    name: `annee=${value}`,
    table: { database, name },
    definition: { values: [value], parameters: {}, storage: { ...own, location: `${own.location!}annee=${value}/` } },
  }));
}

export function oneTable(scope: string, values: readonly string[], changes: Partial<TargetTable> = {}): PlanItem[] {
  return [tableItem(scope, changes), ...partitionItems(scope, values)];
}

/** A file of a partition, with what became of it. */
export function partitionFile(scope: string, value: string): PlanItem {
  const key = `${scope}/annee=${value}/000000_0`;
  const target = { bucket: 'raw', key: s3Key(key) };
  return fileItem(key, { scope, partition: `annee=${value}`, target });
}

/** Registers a plan under a new ledger; `files` says what became of each file. */
export async function registerPlan(
  catalog: TargetCatalog,
  items: readonly PlanItem[],
  files: (item: PlanItem) => OutcomeStatus = () => 'verified',
) {
  const ledger = new SqliteLedger(':memory:', 'absences' as UseCaseId);
  try {
    const writer = ledger.writePlan();
    for (const item of items) writer.add(item);
    writer.finish();
    for (const item of items.filter(({ kind, verdict }) => kind === 'file' && verdict === 'copy')) {
      ledger.recordOutcome(RUN, { itemId: item.id, status: files(item) });
    }
    const { signal } = new AbortController();
    const notes: string[] = [];
    const totals = await registerTables({
      ledger,
      runId: RUN,
      useCase: 'absences' as UseCaseId,
      catalog,
      signal,
      progress: (event) => void (event.kind === 'note' && notes.push(event.message)),
    });
    const outcomes = new Map<string, Outcome | undefined>();
    for (const { item, outcome } of ledger.listOutcomes(RUN, {})) outcomes.set(item.id, outcome);
    return { totals, outcomes, notes };
  } finally {
    ledger.close();
  }
}
