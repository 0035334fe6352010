import { diffTable, type TableDiff } from '../../domain/catalog-diff.ts';
import type { PartitionItem, TableItem } from '../../domain/plan.ts';
import type { Ledger } from '../../ports/ledger.ts';
import type { TargetCatalog } from '../../ports/target-catalog.ts';
import { StandingPartitions } from '../standing-partitions.ts';

export interface PartitionCounts {
  readonly create: number;
  readonly update: number;
  readonly unchanged: number;
  /** Stand at the target without being planned; never removed. */
  readonly extra: number;
}

/** What registering one table would do. */
export interface CatalogChange {
  readonly scope: string;
  /** `database.table` at the target. */
  readonly target: string;
  readonly diff: TableDiff;
  /** undefined for tables without partitions and where the table is a conflict. */
  readonly partitions?: PartitionCounts | undefined;
}

type PlanReader = Pick<Ledger, 'listItems' | 'findItem' | 'openScratch'>;

/** Shows what registering a plan would do to the catalog, table by table. Writes nothing. */
export async function* diffCatalog(
  ledger: PlanReader,
  catalog: TargetCatalog,
  signal: AbortSignal,
): AsyncGenerator<CatalogChange> {
  for (const kind of ['table', 'view'] as const) {
    for (const item of ledger.listItems({ kind, verdict: 'copy' })) {
      yield await changeOfTable(ledger, item as TableItem, { catalog, signal });
    }
  }
}

async function changeOfTable(
  ledger: PlanReader,
  { scope, definition, id }: TableItem,
  { catalog, signal }: { readonly catalog: TargetCatalog; readonly signal: AbortSignal },
): Promise<CatalogChange> {
  if (definition === undefined) throw new RangeError(`${id} is to be registered, and the plan does not say how`);
  const known = await catalog.findTable(definition, signal);
  const diff = diffTable(definition, known?.table);
  const change = { scope, target: `${definition.database}.${definition.name}`, diff };
  if (definition.partitionKeys.length === 0 || diff.kind === 'conflict') return change;
  const scratch = ledger.openScratch();
  try {
    const reading = { newMap: scratch.newMap, signal };
    const standing = known && (await StandingPartitions.read(catalog, definition, reading));
    return { ...change, partitions: countPartitions(ledger, scope, standing) };
  } finally {
    scratch.close();
  }
}

function countPartitions(ledger: PlanReader, scope: string, standing: StandingPartitions | undefined): PartitionCounts {
  const counts = { create: 0, update: 0, unchanged: 0, extra: 0 };
  for (const item of ledger.listItems({ kind: 'partition', verdict: 'copy', scope })) {
    const { name, definition: wanted } = item as PartitionItem;
    counts[standing === undefined || wanted === undefined ? 'create' : standing.compare(name, wanted).kind] += 1;
  }
  const extra = standing?.listExtra(ledger, scope);
  while (extra !== undefined && extra.next().done !== true) counts.extra += 1;
  return counts;
}
