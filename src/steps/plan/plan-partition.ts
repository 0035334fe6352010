import { s3Location } from '../../domain/location.ts';
import { joinKey } from '../../domain/object-key.ts';
import type { PartitionPlaces, Placement } from '../../domain/partition-placement.ts';
import { partitionItemId, type PartitionItem, type Reason } from '../../domain/plan.ts';
import { isSameFormat, OTHER_FORMAT } from '../../domain/rules/partition-schema.ts';
import { listBucketing } from '../../domain/rules/table-kind.ts';
import { targetPartition } from '../../domain/rules/target-definition.ts';
import { targetStatistics } from '../../domain/rules/target-statistics.ts';
import { oldColumns } from '../../domain/writer-marks/writer-marks.ts';
import type { Table } from '../../domain/table.ts';
import type { TargetPartition } from '../../domain/target-table.ts';
import type { Located } from './located-partitions.ts';
import type { PartitionFindings } from './partition-findings.ts';
import { holdBack, reasonOf, type PlanContext } from './plan-context.ts';
import { addPartitionFiles, type FoundFiles } from './partition-files.ts';
import type { PlannedProjection } from './plan-projection.ts';
import { stillHolding, type PartitionKnown } from './plan-statistics.ts';
import type { SharedFolders } from './shared-folders.ts';
import type { AcceptedTable } from './table-ruling.ts';

interface PlacedPartition extends Located {
  readonly placement: Placement;
  /** Of all partitions of the table. */
  readonly places: PartitionPlaces;
  readonly findings: PartitionFindings;
  readonly shared: SharedFolders;
  readonly projection: PlannedProjection;
  /** What the source knows of the values in its columns. */
  readonly known: PartitionKnown | undefined;
}

type PartitionVerdict = Pick<PartitionItem, 'verdict' | 'reason' | 'definition' | 'statistics'>;

/** With `keepsFiles`, each of its files has the verdict that it was planned with. */
type PartitionRuling = PartitionVerdict & { readonly keepsFiles?: true | undefined };

/** Plans one partition and its files. */
export async function planPartition(
  context: PlanContext,
  accepted: AcceptedTable,
  placed: PlacedPartition,
): Promise<void> {
  const { keepsFiles, ...verdict } = await rulingOn(context, accepted, placed).catch(refusalOf);
  // Athena computes projected partitions, and would read one that lacks a file.
  const isHeldBack = keepsFiles !== true || accepted.mapping.partitions.projection === true;
  if (isHeldBack) holdBack(context, { scope: accepted.scope, partition: placed.name }, verdict);
  addPartition(context, accepted, placed.name, verdict);
}

function refusalOf(error: unknown): PartitionRuling {
  const reason = reasonOf(error, 'CANNOT_LIST');
  if (reason === undefined) throw error;
  return { verdict: 'refuse', reason };
}

export function addPartition(
  { writer }: PlanContext,
  { scope, definition }: AcceptedTable,
  name: string,
  verdict: PartitionVerdict,
): void {
  const table = { database: definition.database, name: definition.name };
  writer.add({ kind: 'partition', id: partitionItemId(scope, name), scope, name, table, ...verdict });
}

async function rulingOn(
  context: PlanContext,
  accepted: AcceptedTable,
  placed: PlacedPartition,
): Promise<PartitionRuling> {
  const { partition, placement, findings } = placed;
  if (placement.kind === 'refused') return { verdict: 'refuse', reason: placement.reason };
  const unread = listBucketing(partition.storage);
  if (unread !== undefined) return { verdict: 'refuse', reason: unread };
  if (placement.note?.code === 'PARTITION_RELOCATED') findings.relocated += 1;
  const prefix = joinKey(accepted.prefix, placement.relativeFolder);
  const ruling = targetPartition(
    partition,
    { ...accepted, source: accepted.table },
    s3Location(accepted.bucket, prefix),
  );
  const problem = problemOf(placed, placement, ruling.problems[0]);
  if (problem !== undefined) return { verdict: 'needs-decision', reason: problem };
  // Before anything is awaited: the first in the order of the table is named.
  placed.projection.addStorage(placed.name, ruling.definition.storage);
  const found = await addPartitionFiles(context, accepted, {
    ...placed,
    ...placement,
    prefix,
    storage: ruling.definition.storage,
  });
  const differences = differencesFrom(accepted, placed, ruling.definition);
  const reason = joined([...(placement.note === undefined ? [] : [placement.note]), ...differences]);
  const statistics = await statisticsOf(context, accepted, { ...placed, ...ruling, files: found });
  const copied = { verdict: 'copy', definition: ruling.definition, ...statistics } as const;
  if (found === 'missing') return missing(accepted, placed, copied);
  if (typeof found === 'object' && 'verdict' in found) return found;
  return reason === undefined ? copied : { ...copied, reason };
}

/** Its own, or that of the first partition in its folder, which has the files and was asked before. */
function problemOf(
  { folder, shared }: PlacedPartition,
  { isShared, hasSharers }: { readonly isShared: boolean; readonly hasSharers: boolean },
  own: Reason | undefined,
): Reason | undefined {
  if (own !== undefined && hasSharers) shared.setWaiting(folder, own);
  return own ?? (isShared ? shared.findWaiting(folder) : undefined);
}

interface WalkedPartition extends PlacedPartition {
  readonly definition: TargetPartition;
  readonly files: FoundFiles;
}

/** Of a partition whose files are still those that Hive looked at. */
async function statisticsOf(
  context: PlanContext,
  { table, mapping }: AcceptedTable,
  { name, folder, known, vouched, findings, definition, files }: WalkedPartition,
): Promise<Pick<PartitionItem, 'statistics'>> {
  if (known === undefined || vouched === undefined || typeof files !== 'object' || !('totals' in files)) return {};
  const walked = files.totals;
  const own = await stillHolding(context, {
    table: table.name,
    partition: name,
    folder,
    vouched,
    walked,
    found: known.found,
  });
  findings.formats.addOldColumns(definition.storage, oldColumns(table.storage.columns, own), name);
  if (!known.isCarriedOver) return {};
  const { writtenAtSeconds } = vouched;
  const fitting = targetStatistics(own, definition.storage.columns, { mapping, writtenAtSeconds });
  if (fitting.length === 0) return {};
  findings.withStatistics += 1;
  return { statistics: fitting };
}

function missing({ mapping }: AcceptedTable, { folder }: PlacedPartition, copied: PartitionVerdict): PartitionVerdict {
  const text = `its folder ${folder} does not exist`;
  const hint = 'Drop the partition in Hive, or change "partitions: { missingFolder: … }" in the mapping.';
  const rule = mapping.partitions.missingFolder;
  if (rule !== 'register-empty') return { verdict: rule, reason: { code: 'FOLDER_MISSING', text, hint } };
  return { ...copied, reason: { code: 'FOLDER_MISSING', text: `${text}; it is registered without files` } };
}

function differencesFrom(
  { table, definition }: AcceptedTable,
  { partition, findings }: PlacedPartition,
  { storage }: TargetPartition,
): Reason[] {
  const differences: Reason[] = [];
  const isSameShape =
    partition.storage.columns === table.storage.columns ||
    shapeOf(partition.storage.columns) === shapeOf(table.storage.columns);
  if (!isSameShape) {
    findings.otherColumns += 1;
    differences.push({
      code: 'PARTITION_OTHER_COLUMNS',
      text: "its columns differ from the table's and are registered as they are",
    });
  }
  if (!isSameFormat(storage, definition.storage)) {
    findings.otherFormat += 1;
    differences.push({ code: OTHER_FORMAT.code, text: OTHER_FORMAT.text });
  }
  return differences;
}

/** Comments do not count. */
function shapeOf(columns: Table['storage']['columns']): string {
  return columns.map(({ name, type }) => `${name.toLowerCase()}\u0000${type}`).join('\u0000');
}

function joined(reasons: readonly Reason[]): Reason | undefined {
  if (reasons.length === 0) return undefined;
  return { code: reasons[0]!.code, text: reasons.map(({ text }) => text).join('; ') };
}
