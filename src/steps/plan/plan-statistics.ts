import type { ColumnStatistics, SourceStatistics } from '../../domain/column-statistics.ts';
import type { Reason } from '../../domain/plan.ts';
import { targetStatistics, type VouchedStatistics, vouchedStatistics } from '../../domain/rules/target-statistics.ts';
import type { HdfsPath, TableName } from '../../domain/names.ts';
import { hasNumericDays } from '../../domain/rules/storage-format.ts';
import { columnsWithDays } from '../../domain/rules/written-days.ts';
import { oldColumns } from '../../domain/writer-marks/writer-marks.ts';
import type { Located } from './located-partitions.ts';
import type { PlanContext } from './plan-context.ts';
import type { AcceptedTable } from './table-ruling.ts';
import type { WalkTotals } from './walk-folder.ts';

/** The catalog takes those of one partition at a call: a table with more partitions would be hours in the making, unless somebody wants that. */
const MOST_PARTITIONS = 1000;

interface TableStatistics {
  readonly statistics?: readonly ColumnStatistics[];
  readonly notes: readonly Reason[];
  /** Columns in which Hive found days or times before 15 October 1582. */
  readonly oldColumns: readonly string[];
}

/** Column statistics of a table without partitions whose files were walked. */
export async function planStatistics(
  context: PlanContext,
  accepted: AcceptedTable,
  walked: Walked,
): Promise<TableStatistics> {
  const { table, folder, definition, mapping } = accepted;
  const vouched = vouchedStatistics(table.parameters, table.createdAtSeconds);
  if (vouched === undefined) return { notes: [], oldColumns: [] };
  if (vouched.columns !== undefined && isStale(vouched, walked.sizeBytes)) return { notes: [STALE], oldColumns: [] };
  const columns = vouched.columns ?? namesOf(accepted);
  const found = await context.catalog.findStatistics(table.name, columns, context.signal);
  const holding = await stillHolding(context, { table: table.name, folder, vouched, walked, found });
  const { writtenAtSeconds } = vouched;
  const statistics = targetStatistics(holding, definition.storage.columns, { mapping, writtenAtSeconds });
  const notes = holding.length === 0 && found.length > 0 ? [STALE] : [];
  const old = oldColumns(table.storage.columns, holding);
  return { ...(statistics.length === 0 ? {} : { statistics }), notes, oldColumns: old };
}

type Walked = Pick<WalkTotals, 'sizeBytes' | 'changedAtMs'>;

interface FoundStatistics {
  readonly table: TableName;
  readonly partition?: string | undefined;
  /** Of the table or partition. */
  readonly folder: HdfsPath;
  readonly vouched: VouchedStatistics;
  readonly walked: Walked;
  readonly found: readonly SourceStatistics[];
}

/** Those that Hive vouches for; where it does not say for which, those that were computed after the last change of files, folders and definition. */
export async function stillHolding(
  { catalog, source, signal }: PlanContext,
  { table, partition, folder, vouched, walked, found }: FoundStatistics,
): Promise<readonly SourceStatistics[]> {
  if (found.length === 0 || isStale(vouched, walked.sizeBytes)) return [];
  const { columns, writtenAtSeconds } = vouched;
  if (columns !== undefined) return found.filter(({ column }) => columns.includes(column));
  const entry = await source.findEntry(folder, signal);
  const folderChangedAtMs = entry?.kind === 'directory' ? entry.directory.modifiedAtMs : Infinity;
  const changedAtSeconds = Math.max(writtenAtSeconds, Math.max(folderChangedAtMs, walked.changedAtMs) / 1000);
  const asked = { columns: found.map(({ column }) => column), partition };
  const times = await catalog.findAnalysisTimes(table, asked, signal);
  return found.filter(({ column }) => (times.get(column) ?? 0) > changedAtSeconds);
}

function namesOf({ table }: AcceptedTable): string[] {
  return table.storage.columns.map(({ name }) => name);
}

/** Files came or went without Hive: what it knows of their values is of other files. */
function isStale({ sizeBytes: known }: VouchedStatistics, sizeBytes: number): boolean {
  return known !== undefined && known !== sizeBytes;
}

const STALE: Reason = {
  code: 'STATISTICS_STALE',
  text: 'its column statistics are of other files than those in its folder, and are left out',
  hint: 'To have them carried over, compute them anew (ANALYZE TABLE … COMPUTE STATISTICS FOR COLUMNS).',
};

type VouchedPartition = Pick<Located, 'name' | 'vouched' | 'partition'>;

/** What the source has of one partition. */
export interface PartitionKnown {
  readonly found: readonly SourceStatistics[];
  /** False where they only tell of days before 15 October 1582. */
  readonly isCarriedOver: boolean;
}

/** Statistics of the partitions of a table, asked for some partitions at a time. */
export class PartitionStatistics {
  readonly #context: PlanContext;
  readonly #accepted: AcceptedTable;
  readonly #days: readonly string[];
  readonly #most: number;
  #asked = 0;
  #hasSome = false;

  constructor(context: PlanContext, accepted: AcceptedTable) {
    this.#context = context;
    this.#accepted = accepted;
    this.#days = columnsWithDays(accepted.table.storage.columns);
    this.#most = accepted.mapping.partitions.statistics === 'all' ? Infinity : MOST_PARTITIONS;
  }

  /** By name, of those whose statistics the source vouches for. Beyond those that are carried over, what tells of days before 15 October 1582. */
  async of(partitions: readonly VouchedPartition[]): Promise<ReadonlyMap<string, PartitionKnown>> {
    const worth = partitions.filter(({ vouched }) => vouched !== undefined);
    const carried = worth.slice(0, Math.max(0, this.#most - this.#asked));
    this.#asked += worth.length;
    const columns = [...new Set(carried.flatMap(({ vouched }) => vouched!.columns ?? namesOf(this.#accepted)))];
    const [whole, old] = await Promise.all([this.#find(carried, columns), this.#findOld(worth.slice(carried.length))]);
    this.#hasSome ||= whole.size > 0;
    const known = new Map<string, PartitionKnown>();
    for (const [name, found] of whole) known.set(name, { found, isCarriedOver: true });
    for (const [name, found] of old) known.set(name, { found, isCarriedOver: false });
    return known;
  }

  get notes(): readonly Reason[] {
    const beyond = this.#asked - this.#most;
    if (beyond <= 0 || !this.#hasSome) return [];
    const text = `column statistics of ${beyond} partitions are left out: Glue takes them one partition at a call, and they are carried over for ${MOST_PARTITIONS} of a table`;
    const hint =
      'To have all of them carried over, say "partitions: { statistics: all }"; or have Glue compute them (StartColumnStatisticsTaskRun).';
    return [{ code: 'STATISTICS_MANY', text, hint }];
  }

  async #find(partitions: readonly VouchedPartition[], columns: readonly string[]): Promise<FoundByName> {
    if (partitions.length === 0 || columns.length === 0) return new Map();
    const { catalog, signal } = this.#context;
    const names = partitions.map(({ name }) => name);
    return catalog.findPartitionStatistics(this.#accepted.table.name, { names, columns }, signal);
  }

  /** Only where days are numbers, of which a calendar must be known. */
  async #findOld(partitions: readonly VouchedPartition[]): Promise<FoundByName> {
    const asked = partitions.filter(
      ({ vouched, partition: { storage } }) =>
        hasNumericDays({ inputFormat: storage.inputFormat, serdeLibrary: storage.serde.library }) &&
        (vouched!.columns === undefined || this.#days.some((name) => vouched!.columns!.includes(name))),
    );
    const { columns } = this.#accepted.table.storage;
    const found = await this.#find(asked, this.#days);
    return new Map([...found].filter(([, own]) => oldColumns(columns, own).length > 0));
  }
}

type FoundByName = ReadonlyMap<string, readonly SourceStatistics[]>;
