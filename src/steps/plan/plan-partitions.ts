import { foreignLocation } from '../../domain/cluster.ts';
import { rulingOnTableEntry } from '../../domain/hidden-name.ts';
import { parseLocation } from '../../domain/location.ts';
import type { HdfsPath } from '../../domain/names.ts';
import { partitionName } from '../../domain/partition-name.ts';
import { PartitionPlaces } from '../../domain/partition-placement.ts';
import type { Reason } from '../../domain/plan.ts';
import { keptParameters } from '../../domain/rules/table-parameters.ts';
import { vouchedStatistics } from '../../domain/rules/target-statistics.ts';
import type { Partition, Table } from '../../domain/table.ts';
import { LakeliftError } from '../../errors.ts';
import type { Scratch } from '../../ports/scratch.ts';
import { inBatches, mapInOrder } from '../map-in-order.ts';
import { LocatedPartitions, type Located } from './located-partitions.ts';
import type { FormatFindings } from './format-findings.ts';
import { addLeftOut, reasonOf, type PlanContext } from './plan-context.ts';
import { countOddValues, noFindings, partitionNotes } from './partition-findings.ts';
import { addPartition, planPartition } from './plan-partition.ts';
import { PartitionStatistics } from './plan-statistics.ts';
import { SharedFolders } from './shared-folders.ts';
import type { AcceptedTable } from './table-ruling.ts';
import { PlannedProjection } from './plan-projection.ts';
import { walkFolder } from './walk-folder.ts';

/** Partitions planned at once; each lists folders within the limit of the whole plan. */
const WINDOW = 256;

interface PartitionsPlan {
  /** On the table. */
  readonly notes: readonly Reason[];
  /** To be added to those of the table. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Partitions that have column statistics. */
  readonly withStatistics: number;
  /** Of all partitions. */
  readonly formats: FormatFindings;
  /** Keys of which Glue cannot fill an index, by the values in some. */
  readonly unindexableKeys: ReadonlySet<string>;
}

/** Plans the partitions of a table and accounts for what lies in its folder but in none of them. */
export async function planPartitions(context: PlanContext, accepted: AcceptedTable): Promise<PartitionsPlan> {
  const scratch = context.writer.openScratch();
  try {
    return await planLocated(context, accepted, await locatePartitions(context, accepted, scratch));
  } finally {
    scratch.close();
  }
}

/** Those of a table that can be planned, and how they lie to one another. */
interface Partitions {
  readonly located: LocatedPartitions;
  readonly places: PartitionPlaces;
  readonly shared: SharedFolders;
}

async function planLocated(
  context: PlanContext,
  accepted: AcceptedTable,
  { located, places, shared }: Partitions,
): Promise<PartitionsPlan> {
  const findings = noFindings();
  const statistics = new PartitionStatistics(context, accepted);
  const projection = new PlannedProjection(accepted, located.size);
  // Those of the next window come while one is planned.
  const ask = async (window: Located[]) => ({ window, known: await statistics.of(window) });
  for await (const { window, known } of mapInOrder(inBatches(located, WINDOW), 1, ask)) {
    const planned = window.map((one) => {
      const placement = places.place(one);
      countOddValues(accepted.table, one.partition, findings);
      projection.add(one.partition, placement);
      const placed = { ...one, placement, places, findings, shared, projection, known: known.get(one.name) };
      return planPartition(context, accepted, placed);
    });
    await Promise.all(planned);
  }
  await accountForTheRest(context, accepted, places);
  const { notes, parameters } = projection.drawn();
  return {
    notes: [...partitionNotes(findings, accepted), ...statistics.notes, ...notes],
    parameters,
    withStatistics: findings.withStatistics,
    formats: findings.formats,
    unindexableKeys: findings.unindexableKeys,
  };
}

async function locatePartitions(
  context: PlanContext,
  accepted: AcceptedTable,
  { newMap }: Scratch,
): Promise<Partitions> {
  const { table, folder: tableFolder, mapping } = accepted;
  const located = new LocatedPartitions(table, tableFolder, newMap());
  const findFolder = (name: string) => located.findFolder(name);
  const places = new PartitionPlaces(tableFolder, { offPath: mapping.partitions.offPath, findFolder, newMap });
  const share = sharingWith(table);
  let count = 0;
  for await (const partition of context.catalog.listPartitions(table, context.signal)) {
    const name = partitionName(table.partitionKeys, partition.values);
    const location = parseLocation(partition.storage.location ?? '');
    const foreign =
      partition.storage.location === undefined ? NO_LOCATION : foreignLocation(location, context.clusterAuthorities);
    if (foreign !== undefined) {
      addPartition(context, accepted, name, { verdict: 'refuse', reason: foreign });
      continue;
    }
    const vouched = vouchedStatistics(partition.parameters, table.createdAtSeconds);
    const one = { name, folder: location.path, partition: share(partition), vouched };
    located.add(one);
    places.add(one);
    count += 1;
  }
  if (located.size !== count) throw listedTwice(accepted, count - located.size);
  return { located, places, shared: new SharedFolders(newMap) };
}

/** Nothing may hide behind another of its name. */
function listedTwice({ scope }: AcceptedTable, count: number): LakeliftError {
  return new LakeliftError(`the metastore lists ${count} partitions of ${scope} twice`, {
    kind: 'conflict',
    code: 'PARTITION_LISTED_TWICE',
    subject: scope,
    hint: 'Plan again. If it stays, compare SHOW PARTITIONS with the rows of PARTITIONS in the metastore database.',
  });
}

const NO_LOCATION: Reason = {
  code: 'LOCATION_MISSING',
  text: 'the metastore names no folder for it',
  hint: 'Set its location in Hive (ALTER TABLE … PARTITION … SET LOCATION), or drop it.',
};

/** Nearly every partition repeats its table's columns and SerDe; one copy of them keeps 100,000 partitions in little memory. */
function sharingWith({ storage: { columns, serde } }: Table): (partition: Partition) => Partition {
  const isSameColumns = equalTo(columns);
  const isSameSerde = equalTo(serde);
  return (partition) => {
    const own = partition.storage;
    const shared = {
      columns: isSameColumns(own.columns) ? columns : own.columns,
      serde: isSameSerde(own.serde) ? serde : own.serde,
    };
    return { ...partition, parameters: keptOf(partition), storage: { ...own, ...shared } };
  };
}

const NO_PARAMETERS = {};

/** Statistics and dates of the source fall away later anyway. */
function keptOf({ parameters }: Partition): Partition['parameters'] {
  const kept = keptParameters(parameters);
  return Object.keys(kept).length === 0 ? NO_PARAMETERS : kept;
}

/** Catalogs that give one object again and again are compared once. */
function equalTo<Value extends object>(wanted: Value): (other: Value) => boolean {
  const text = JSON.stringify(wanted);
  const known = new WeakMap<Value, boolean>([[wanted, true]]);
  return (other) => {
    const isKnown = known.get(other);
    if (isKnown !== undefined) return isKnown;
    const isEqual = JSON.stringify(other) === text;
    known.set(other, isEqual);
    return isEqual;
  };
}

/** Lists the table's own folder for files and folders that no partition claims: Hive does not read them, so they are left out by name. */
async function accountForTheRest(
  context: PlanContext,
  { scope, folder }: AcceptedTable,
  places: PartitionPlaces,
): Promise<void> {
  if (places.has(folder)) return;
  const leaveOut = (path: HdfsPath) => addLeftOut(context, scope, path, { verdict: 'skip', reason: UNREGISTERED });
  const shouldEnter = (path: HdfsPath) => {
    const isPartition = places.has(path);
    const isAbove = !isPartition && places.isAbove(path);
    if (!isPartition && !isAbove) leaveOut(path);
    return isAbove;
  };
  try {
    await walkFolder(
      folder,
      {
        rulingOnName: rulingOnTableEntry,
        shouldEnter,
        onFile: ({ path }) => leaveOut(path),
        onLeftOut: (path, ruling) => addLeftOut(context, scope, path, ruling),
      },
      context,
    );
  } catch (error) {
    const reason = reasonOf(error, 'CANNOT_LIST');
    if (reason === undefined) throw error;
    // A table whose partitions all lie elsewhere may well have no folder of its own.
    if ((error as { kind?: string }).kind !== 'not-found')
      addLeftOut(context, scope, folder, { verdict: 'refuse', reason });
  }
}

const UNREGISTERED: Reason = {
  code: 'NOT_IN_A_PARTITION',
  text: 'in the folder of the table but in none of its partitions: Hive does not read it',
  hint: 'If it is data, register it (MSCK REPAIR TABLE …) and plan again, or map it under "paths".',
};
