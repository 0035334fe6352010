import type { ColumnStatistics, SourceStatistics } from '../../domain/column-statistics.ts';
import type { Reason } from '../../domain/plan.ts';
import { targetStatistics, type VouchedStatistics, vouchedStatistics } from '../../domain/rules/target-statistics.ts';
import type { PlanContext } from './plan-context.ts';
import type { AcceptedTable } from './table-ruling.ts';

/** The catalog takes those of one partition at a call: a table with more partitions would be hours in the making. */
const MOST_PARTITIONS = 1000;

interface TableStatistics {
  readonly statistics?: readonly ColumnStatistics[];
  readonly notes: readonly Reason[];
}

/** Column statistics of a table without partitions whose files have `sizeBytes` in all. */
export async function planStatistics(
  { catalog, signal }: PlanContext,
  { table, definition, mapping }: AcceptedTable,
  sizeBytes: number,
): Promise<TableStatistics> {
  const vouched = vouchedStatistics(table.parameters, table.createdAtSeconds);
  if (vouched === undefined) return { notes: [] };
  if (isStale(vouched, sizeBytes)) return { notes: [STALE] };
  const found = await catalog.findStatistics(table.name, vouched.columns, signal);
  const { writtenAtSeconds } = vouched;
  const statistics = targetStatistics(found, definition.storage.columns, { mapping, writtenAtSeconds });
  return statistics.length === 0 ? { notes: [] } : { statistics, notes: [] };
}

/** Files came or went without Hive: what it knows of their values is of other files. */
export function isStale({ sizeBytes: known }: VouchedStatistics, sizeBytes: number): boolean {
  return known !== undefined && known !== sizeBytes;
}

const STALE: Reason = {
  code: 'STATISTICS_STALE',
  text: 'its column statistics are of other files than those in its folder, and are left out',
  hint: 'To have them carried over, compute them anew (ANALYZE TABLE … COMPUTE STATISTICS FOR COLUMNS).',
};

interface VouchedPartition {
  readonly name: string;
  readonly vouched?: VouchedStatistics | undefined;
}

/** Statistics of the partitions of a table, asked for some partitions at a time. */
export class PartitionStatistics {
  readonly #context: PlanContext;
  readonly #accepted: AcceptedTable;
  #asked = 0;

  constructor(context: PlanContext, accepted: AcceptedTable) {
    this.#context = context;
    this.#accepted = accepted;
  }

  /** By name, what the source has of those whose statistics it vouches for. */
  async of(partitions: readonly VouchedPartition[]): Promise<ReadonlyMap<string, readonly SourceStatistics[]>> {
    const worth = partitions.filter(({ vouched }) => vouched !== undefined);
    const names = worth.slice(0, Math.max(0, MOST_PARTITIONS - this.#asked)).map(({ name }) => name);
    this.#asked += worth.length;
    if (names.length === 0) return new Map();
    const columns = [...new Set(worth.flatMap(({ vouched }) => vouched!.columns))];
    const { catalog, signal } = this.#context;
    return catalog.findPartitionStatistics(this.#accepted.table.name, { names, columns }, signal);
  }

  get notes(): readonly Reason[] {
    const beyond = this.#asked - MOST_PARTITIONS;
    if (beyond <= 0) return [];
    const text = `column statistics of ${beyond} partitions are left out: Glue takes them one partition at a call, and they are carried over for ${MOST_PARTITIONS} of a table`;
    return [{ code: 'STATISTICS_MANY', text, hint: 'Have Glue compute them (StartColumnStatisticsTaskRun).' }];
  }
}
