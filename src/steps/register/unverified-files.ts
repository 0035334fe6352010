import { isGood } from '../../domain/outcome.ts';
import { partitionItemId, type FileItem } from '../../domain/plan.ts';
import type { RunId } from '../../domain/names.ts';
import type { Ledger } from '../../ports/ledger.ts';

/** Files of one table or path that are not proven to be at the target in this run. Memory grows with the folders that hold them only. */
export interface UnverifiedFiles {
  readonly count: number;
  /** The first of them, to name one. */
  readonly example: string | undefined;
  /** True when one of them would be read by whoever reads `location` (`s3://bucket/prefix/`). */
  isBelow(location: string): boolean;
}

/** Files of partitions that the plan does not register are no matter of the table's: they wait, or are left out, with their partition. */
export function findUnverifiedFiles(ledger: Ledger, runId: RunId, scope: string): UnverifiedFiles {
  const isRegistered = registeredPartitions(ledger, scope);
  const folders = new Set<string>();
  let count = 0;
  let example: string | undefined;
  for (const { item, outcome } of ledger.listOutcomes(runId, { kind: 'file', scope })) {
    if (item.kind !== 'file' || item.verdict === 'skip') continue;
    if (outcome !== undefined && isGood(outcome.status)) continue;
    if (item.partition !== undefined && !isRegistered(item.partition)) continue;
    count += 1;
    example ??= item.source.path;
    for (const folder of foldersOf(item)) folders.add(folder);
  }
  return { count, example, isBelow: (location) => folders.has(location.replace(/\/*$/, '/')) };
}

/** Files come by folder: one partition is asked for once, mostly. */
function registeredPartitions(ledger: Ledger, scope: string): (partition: string) => boolean {
  let last: { readonly partition: string; readonly isRegistered: boolean } | undefined;
  return (partition) => {
    if (last?.partition !== partition) {
      const verdict = ledger.findItem(partitionItemId(scope, partition))?.verdict;
      last = { partition, isRegistered: verdict === undefined || verdict === 'copy' };
    }
    return last.isRegistered;
  };
}

function* foldersOf({ target }: FileItem): Generator<string> {
  const uri = `s3://${target.bucket}/${target.key}`;
  for (let end = uri.lastIndexOf('/'); end > 's3://'.length; end = uri.lastIndexOf('/', end - 1)) {
    yield uri.slice(0, end + 1);
  }
}
