import { rulingOnTableEntry } from '../../domain/hidden-name.ts';
import { s3Location } from '../../domain/location.ts';
import { joinKey } from '../../domain/object-key.ts';
import type { SourceStatistics } from '../../domain/column-statistics.ts';
import type { LargeMap } from '../../domain/large-map.ts';
import type { PartitionPlaces, Placement } from '../../domain/partition-placement.ts';
import { partitionItemId, type PartitionItem, type Reason } from '../../domain/plan.ts';
import { addCodecs, codecProblem } from '../../domain/rules/text-codec.ts';
import { fileKind, type FileKind } from '../../domain/rules/storage-format.ts';
import { isSameFormat, OTHER_FORMAT } from '../../domain/rules/partition-schema.ts';
import { targetPartition } from '../../domain/rules/target-definition.ts';
import { targetStatistics } from '../../domain/rules/target-statistics.ts';
import type { Table } from '../../domain/table.ts';
import type { TargetPartition } from '../../domain/target-table.ts';
import { isLakeliftError } from '../../errors.ts';
import type { Located } from './located-partitions.ts';
import type { PartitionFindings } from './partition-findings.ts';
import { addFile, addLeftOut, holdBack, reasonOf, type PlanContext } from './plan-context.ts';
import { stillHolding } from './plan-statistics.ts';
import type { AcceptedTable } from './table-ruling.ts';
import { newerOf, walkFolder, type WalkTotals } from './walk-folder.ts';

interface PlacedPartition extends Located {
  readonly placement: Placement;
  /** Of all partitions of the table. */
  readonly places: PartitionPlaces;
  readonly findings: PartitionFindings;
  /** Folders whose files nobody plans, since the first partition that lies there waits; and what for. */
  readonly waiting: LargeMap<Reason>;
  /** What the source knows of the values in its columns. */
  readonly statistics: readonly SourceStatistics[] | undefined;
}

type PartitionVerdict = Pick<PartitionItem, 'verdict' | 'reason' | 'definition' | 'statistics'>;

/** Plans one partition and its files. */
export async function planPartition(
  context: PlanContext,
  accepted: AcceptedTable,
  placed: PlacedPartition,
): Promise<void> {
  const verdict = await verdictOn(context, accepted, placed);
  holdBack(context, { scope: accepted.scope, partition: placed.name }, verdict);
  addPartition(context, accepted, placed.name, verdict);
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

async function verdictOn(
  context: PlanContext,
  accepted: AcceptedTable,
  placed: PlacedPartition,
): Promise<PartitionVerdict> {
  const { partition, placement, findings } = placed;
  if (placement.kind === 'refused') return { verdict: 'refuse', reason: placement.reason };
  if (placement.note?.code === 'PARTITION_RELOCATED') findings.relocated += 1;
  const prefix = joinKey(accepted.prefix, placement.relativeFolder);
  const ruling = targetPartition(
    partition,
    { ...accepted, source: accepted.table },
    s3Location(accepted.bucket, prefix),
  );
  const problem = problemOf(placed, placement, ruling.problems[0]);
  if (problem !== undefined) return { verdict: 'needs-decision', reason: problem };
  try {
    const found = await addFiles(context, accepted, {
      ...placed,
      prefix,
      isShared: placement.isShared,
      format: fileKind(ruling.definition.storage),
    });
    const differences = differencesFrom(accepted, placed, ruling.definition);
    const reason = joined([...(placement.note === undefined ? [] : [placement.note]), ...differences]);
    const statistics = await statisticsOf(context, accepted, { ...placed, ...ruling, files: found });
    const copied = { verdict: 'copy', definition: ruling.definition, ...statistics } as const;
    if (found === 'missing') return missing(accepted, placed, copied);
    if (found === 'incomplete') return { verdict: 'refuse', reason: INCOMPLETE };
    if (typeof found === 'object' && 'code' in found) return { verdict: 'needs-decision', reason: found };
    return reason === undefined ? copied : { ...copied, reason };
  } catch (error) {
    const reason = reasonOf(error, 'CANNOT_LIST');
    if (reason === undefined) throw error;
    return { verdict: 'refuse', reason };
  }
}

/** Its own, or that of the first partition in its folder, which has the files and was asked before. That one's name may be what must not be said. */
function problemOf(
  { folder, waiting }: PlacedPartition,
  { isShared }: { readonly isShared: boolean },
  own: Reason | undefined,
): Reason | undefined {
  if (isShared || own === undefined) return own ?? (isShared ? waiting.get(folder) : undefined);
  const text = `its files are those of the first partition in its folder, which waits: ${own.text}`;
  waiting.set(folder, { ...own, text });
  return own;
}

interface FilesOf extends PlacedPartition {
  readonly prefix: string;
  readonly isShared: boolean;
  readonly format: FileKind | undefined;
}

/** Its files, unless they are another partition's; a reason: they cannot be read at the target. */
type Found = { readonly totals: WalkTotals } | 'listed elsewhere' | 'missing' | 'incomplete' | Reason;

const INCOMPLETE: Reason = {
  code: 'CANNOT_LIST_ALL',
  text: 'directories below its folder cannot be listed, so that it would be registered without their rows',
  hint: 'The refused directories of the table say why.',
};

async function addFiles(context: PlanContext, accepted: AcceptedTable, partition: FilesOf): Promise<Found> {
  const { scope, bucket, mapping } = accepted;
  const { name, folder, prefix, isShared, format, places, findings } = partition;
  const place = { scope, partition: name, bucket, prefix, arePersonalNamesKnown: mapping.names === 'mask' };
  try {
    const totals = await walkFolder(
      folder,
      {
        rulingOnName: rulingOnTableEntry,
        // A partition inside this one is refused with its own reason.
        shouldEnter: (directory) => !places.has(directory),
        // Of a folder that is another partition's too, files are planned once; what is wrong with them holds for both.
        onFile: isShared ? () => undefined : (file, relative) => addFile(context, place, file, relative),
        onLeftOut: isShared ? () => undefined : (path, ruling) => addLeftOut(context, scope, path, ruling),
      },
      context,
    );
    if (!isShared) accumulate(findings, totals, format);
    if (totals.failures > 0) return 'incomplete';
    const problem = codecProblem(totals.codecs, format);
    return problem ?? (isShared ? 'listed elsewhere' : { totals });
  } catch (error) {
    if (isLakeliftError(error, 'not-found')) return 'missing';
    throw error;
  }
}

interface WalkedPartition extends PlacedPartition {
  readonly definition: TargetPartition;
  readonly files: Found;
}

/** Of a partition whose files are still those that Hive looked at. */
async function statisticsOf(
  context: PlanContext,
  { table, mapping }: AcceptedTable,
  { name, folder, statistics: found, vouched, findings, definition, files }: WalkedPartition,
): Promise<Pick<PartitionItem, 'statistics'>> {
  if (found === undefined || vouched === undefined || typeof files !== 'object' || !('totals' in files)) return {};
  const walked = files.totals;
  const own = await stillHolding(context, { table: table.name, partition: name, folder, vouched, walked, found });
  const { writtenAtSeconds } = vouched;
  const fitting = targetStatistics(own, definition.storage.columns, { mapping, writtenAtSeconds });
  if (fitting.length === 0) return {};
  findings.withStatistics += 1;
  return { statistics: fitting };
}

function accumulate(
  { walked: sum, newest }: PartitionFindings,
  totals: WalkTotals,
  format: FileKind | undefined,
): void {
  sum.files += totals.files;
  sum.emptyFiles += totals.emptyFiles;
  sum.sizeBytes += totals.sizeBytes;
  sum.smallFiles += totals.smallFiles;
  sum.directories += totals.directories;
  sum.failures += totals.failures;
  addCodecs(sum.codecs, totals.codecs);
  const newer = format === undefined ? undefined : newerOf(newest.get(format), totals.newest);
  if (format !== undefined && newer !== undefined) newest.set(format, newer);
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
