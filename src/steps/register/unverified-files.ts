import { isGood } from '../../domain/outcome.ts';
import type { FileItem } from '../../domain/plan.ts';
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

export function findUnverifiedFiles(ledger: Ledger, runId: RunId, scope: string): UnverifiedFiles {
  const folders = new Set<string>();
  let count = 0;
  let example: string | undefined;
  for (const { item, outcome } of ledger.listOutcomes(runId, { kind: 'file', scope })) {
    if (item.kind !== 'file' || item.verdict === 'skip') continue;
    if (outcome !== undefined && isGood(outcome.status)) continue;
    count += 1;
    example ??= item.source.path;
    for (const folder of foldersOf(item)) folders.add(folder);
  }
  return { count, example, isBelow: (location) => folders.has(location.replace(/\/*$/, '/')) };
}

function* foldersOf({ target }: FileItem): Generator<string> {
  const uri = `s3://${target.bucket}/${target.key}`;
  for (let end = uri.lastIndexOf('/'); end > 's3://'.length; end = uri.lastIndexOf('/', end - 1)) {
    yield uri.slice(0, end + 1);
  }
}
