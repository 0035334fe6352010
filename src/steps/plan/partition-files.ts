import { rulingOnTableEntry } from '../../domain/hidden-name.ts';
import type { PartitionPlaces } from '../../domain/partition-placement.ts';
import type { Reason } from '../../domain/plan.ts';
import { fileKind } from '../../domain/rules/storage-format.ts';
import { addCodecs, codecProblem } from '../../domain/rules/text-codec.ts';
import type { SourceFile } from '../../domain/source-file.ts';
import type { TargetStorage } from '../../domain/target-table.ts';
import { isLakeliftError } from '../../errors.ts';
import { FilesLeftOut, type LeftOut } from './files-left-out.ts';
import type { Located } from './located-partitions.ts';
import type { PartitionFindings } from './partition-findings.ts';
import { addFile, addLeftOut, reasonOf, type PlanContext } from './plan-context.ts';
import type { SharedFinding, SharedFolders, WalkedFolder } from './shared-folders.ts';
import type { AcceptedTable } from './table-ruling.ts';
import { walkFolder, type WalkTotals } from './walk-folder.ts';

interface FilesOf extends Located {
  readonly prefix: string;
  readonly isShared: boolean;
  readonly hasSharers: boolean;
  readonly storage: TargetStorage;
  readonly places: PartitionPlaces;
  readonly findings: PartitionFindings;
  readonly shared: SharedFolders;
}

interface Stopped extends LeftOut {
  /** Its other files are copied all the same: whatever becomes of those left out, they stay as they are. */
  readonly keepsFiles?: true | undefined;
}

/** Its files, unless they are another partition's; or why they are not taken as they are. */
export type FoundFiles = { readonly totals: WalkTotals } | 'listed elsewhere' | 'missing' | Stopped;

/** Plans the files of a partition. Of a folder that is another partition's too they are planned once; what is wrong with them holds for both. */
export async function addPartitionFiles(
  context: PlanContext,
  accepted: AcceptedTable,
  partition: FilesOf,
): Promise<FoundFiles> {
  const { folder, isShared, hasSharers, storage, shared } = partition;
  const known = isShared ? await shared.find(folder) : undefined;
  if (known !== undefined) return stopOf(known, storage) ?? 'listed elsewhere';
  const start = (): Promise<WalkedFolder> => walkPartition(context, accepted, partition);
  const walked = await (isShared || hasSharers ? shared.walk(folder, start) : start());
  const stop = stopOf(walked, storage);
  if (stop !== undefined || walked.kind !== 'walked') return stop ?? 'missing';
  return isShared ? 'listed elsewhere' : { totals: walked.totals };
}

function stopOf(walked: SharedFinding, storage: TargetStorage): 'missing' | Stopped | undefined {
  if (walked.kind === 'missing') return 'missing';
  if (walked.kind === 'refused') return { verdict: 'refuse', reason: walked.reason };
  if (walked.totals.failures > 0) return { verdict: 'refuse', reason: INCOMPLETE };
  const reason = codecProblem(walked.totals.codecs, fileKind(storage));
  if (reason !== undefined) return { verdict: 'needs-decision', reason };
  const { leftOut } = walked;
  return leftOut && { ...leftOut, keepsFiles: true };
}

const INCOMPLETE: Reason = {
  code: 'CANNOT_LIST_ALL',
  text: 'directories below its folder cannot be listed, so that it would be registered without their rows',
  hint: 'The refused directories of the table say why.',
};

async function walkPartition(
  context: PlanContext,
  { scope, bucket, mapping }: AcceptedTable,
  { name, folder, prefix, isShared, storage, places, findings }: FilesOf,
): Promise<WalkedFolder> {
  const place = { scope, partition: name, bucket, prefix, arePersonalNamesKnown: mapping.names === 'mask' };
  const leftOut = new FilesLeftOut();
  const visitor = {
    rulingOnName: rulingOnTableEntry,
    // A partition inside this one is refused with its own reason.
    shouldEnter: (directory: typeof folder) => !places.has(directory),
    onFile: (file: SourceFile, relative: string) => {
      findings.formats.addFile(storage, file, name);
      leftOut.add(addFile(context, place, file, relative));
    },
    onLeftOut: (path: string, ruling: Parameters<typeof addLeftOut>[3]) => addLeftOut(context, scope, path, ruling),
  };
  const silent = isShared ? { onFile: () => undefined, onLeftOut: () => undefined } : {};
  try {
    const totals = await walkFolder(folder, { ...visitor, ...silent }, context);
    if (!isShared) accumulate(findings, totals);
    return { kind: 'walked', totals, leftOut: leftOut.ruling };
  } catch (error) {
    if (isLakeliftError(error, 'not-found')) return { kind: 'missing' };
    const reason = reasonOf(error, 'CANNOT_LIST');
    if (reason === undefined) throw error;
    return { kind: 'refused', reason };
  }
}

function accumulate({ walked: sum }: PartitionFindings, totals: WalkTotals): void {
  sum.files += totals.files;
  sum.emptyFiles += totals.emptyFiles;
  sum.sizeBytes += totals.sizeBytes;
  sum.smallFiles += totals.smallFiles;
  sum.directories += totals.directories;
  sum.failures += totals.failures;
  addCodecs(sum.codecs, totals.codecs);
}
