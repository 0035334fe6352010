import { foreignLocation } from '../../domain/cluster.ts';
import { rulingOnTableEntry } from '../../domain/hidden-name.ts';
import { isWithin, parseLocation } from '../../domain/location.ts';
import { hdfsPath, type HdfsPath } from '../../domain/names.ts';
import { DEFAULT_PARTITION, partitionName } from '../../domain/partition-name.ts';
import { placePartitions, type LocatedPartition, type Placement } from '../../domain/partition-placement.ts';
import type { Reason } from '../../domain/plan.ts';
import { keptParameters } from '../../domain/rules/table-parameters.ts';
import type { Partition, Table } from '../../domain/table.ts';
import { addLeftOut, reasonOf, type PlanContext } from './plan-context.ts';
import { addPartition, planPartition, type PartitionFindings } from './plan-partition.ts';
import type { AcceptedTable } from './table-ruling.ts';
import { planProjection } from './plan-projection.ts';
import { noTotals, walkFolder } from './walk-folder.ts';
import { walkNotes } from './walk-notes.ts';

interface Located extends LocatedPartition {
  readonly partition: Partition;
}

/** Partitions planned at once; each lists folders within the limit of the whole plan. */
const WINDOW = 256;

interface PartitionsPlan {
  /** On the table. */
  readonly notes: readonly Reason[];
  /** To be added to those of the table. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Plans the partitions of a table and accounts for what lies in its folder but in none of them. */
export async function planPartitions(context: PlanContext, accepted: AcceptedTable): Promise<PartitionsPlan> {
  const located = await locatePartitions(context, accepted);
  const placements = placePartitions(accepted.folder, located, accepted.mapping.partitions.offPath);
  const findings: PartitionFindings = {
    walked: noTotals(),
    otherColumns: 0,
    otherFormat: 0,
  };
  const folders = new Set<string>(located.map(({ folder }) => folder));
  for (let start = 0; start < located.length; start += WINDOW) {
    const window = located.slice(start, start + WINDOW);
    await Promise.all(
      window.map((one, index) =>
        planPartition(context, accepted, { ...one, placement: placements[start + index]!, folders, findings }),
      ),
    );
  }
  await accountForTheRest(context, accepted, folders);
  const projection = planProjection(accepted, located, placements);
  const notes = [...partitionNotes(accepted.table, located, placements), ...findingNotes(findings, accepted)];
  return { notes: [...notes, ...projection.notes], parameters: projection.parameters };
}

async function locatePartitions(context: PlanContext, accepted: AcceptedTable): Promise<Located[]> {
  const { table } = accepted;
  const located: Located[] = [];
  const share = sharingWith(table);
  for await (const partition of context.catalog.listPartitions(table, context.signal)) {
    const name = partitionName(table.partitionKeys, partition.values);
    const location = parseLocation(partition.storage.location ?? '');
    const foreign =
      partition.storage.location === undefined ? NO_LOCATION : foreignLocation(location, context.clusterAuthorities);
    if (foreign !== undefined) addPartition(context, accepted, name, { verdict: 'refuse', reason: foreign });
    else located.push({ name, folder: location.path, partition: share(partition) });
  }
  return located;
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
  folders: ReadonlySet<string>,
): Promise<void> {
  if (folders.has(folder)) return;
  const above = foldersAbove(folder, folders);
  const leaveOut = (path: HdfsPath) => addLeftOut(context, scope, path, { verdict: 'skip', reason: UNREGISTERED });
  const shouldEnter = (path: HdfsPath) => {
    if (!folders.has(path) && !above.has(path)) leaveOut(path);
    return above.has(path) && !folders.has(path);
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

function foldersAbove(root: HdfsPath, folders: ReadonlySet<string>): Set<string> {
  const above = new Set<string>();
  for (const folder of folders) {
    if (!isWithin(root, hdfsPath(folder))) continue;
    for (let end = folder.lastIndexOf('/'); end > root.length; end = folder.lastIndexOf('/', end - 1)) {
      above.add(folder.slice(0, end));
    }
  }
  return above;
}

function partitionNotes(table: Table, located: readonly Located[], placements: readonly Placement[]): Reason[] {
  const isText = table.partitionKeys.map(({ type }) => /^(string|varchar|char)/.test(type));
  const isNull = (isTextKey: boolean) => (value: string, index: number) =>
    value === DEFAULT_PARTITION && isText[index] === isTextKey;
  const [nulls, textNulls] = [false, true].map(
    (isTextKey) => located.filter(({ partition }) => partition.values.some(isNull(isTextKey))).length,
  ) as [number, number];
  const moved = placements.filter(
    (place) => place.kind === 'placed' && place.note?.code === 'PARTITION_RELOCATED',
  ).length;
  return [
    ...(moved === 0
      ? []
      : [{ code: 'PARTITIONS_RELOCATED', text: `${moved} partitions from outside its folder are moved below it` }]),
    ...(textNulls === 0
      ? []
      : [
          {
            code: 'DEFAULT_PARTITION_TEXT',
            text: `${textNulls} partitions with a NULL value in a key of text: Hive shows and finds it as ${DEFAULT_PARTITION}, Athena as NULL`,
          },
        ]),
    ...(nulls === 0
      ? []
      : [
          {
            code: 'DEFAULT_PARTITION_TYPED',
            text: `${nulls} partitions with a NULL value in a key that is not text: some readers fail on them`,
          },
        ]),
  ];
}

function findingNotes(findings: PartitionFindings, { definition }: AcceptedTable): Reason[] {
  const { otherColumns, otherFormat, walked } = findings;
  return [
    ...(otherColumns === 0
      ? []
      : [{ code: 'PARTITIONS_OTHER_COLUMNS', text: `${otherColumns} partitions have columns other than the table's` }]),
    ...(otherFormat === 0
      ? []
      : [
          {
            code: 'PARTITIONS_OTHER_FORMAT',
            text: `${otherFormat} partitions have another file format; Athena wants one per table`,
          },
        ]),
    ...walkNotes(walked, definition.parameters),
  ];
}
