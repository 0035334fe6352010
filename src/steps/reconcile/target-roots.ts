import { isWithin, relativePath } from '../../domain/location.ts';
import { hdfsPath } from '../../domain/names.ts';
import type { FileItem, PathItem, PlanItem, TableItem } from '../../domain/plan.ts';
import type { Ledger } from '../../ports/ledger.ts';
import type { TargetRoot } from './pair-files.ts';

type Items = Pick<Ledger, 'listItems'>;

/** Where the tables and paths of a plan lie at the target: below these prefixes nothing else may stand. */
export function targetRoots(plan: Items): TargetRoot[] {
  const roots: TargetRoot[] = [];
  for (const item of plan.listItems({ kind: 'table', verdict: 'copy' })) roots.push(...rootOfTable(item as TableItem));
  for (const item of plan.listItems({ kind: 'path', verdict: 'copy' }))
    roots.push(...rootOfPath(plan, item as PathItem));
  return roots;
}

function rootOfTable({ scope, definition }: TableItem): TargetRoot[] {
  const match = /^s3:\/\/([^/]+)\/(.*)$/s.exec(definition?.storage.location ?? '');
  return match === null ? [] : [{ scope, bucket: match[1]!, prefix: match[2]! }];
}

/** The plan gives a path no prefix of its own; that of its files tells. A path without files has no place at the target. */
function rootOfPath(plan: Items, { scope, path }: PathItem): TargetRoot[] {
  const first = firstOf(plan.listItems({ kind: 'file', verdict: 'copy', scope }));
  if (first?.kind !== 'file' || !isWithin(hdfsPath(path), first.source.path)) return [];
  const prefix = prefixOf(first, relativePath(hdfsPath(path), first.source.path));
  // A single file that is mapped by itself is its own place, and has no surroundings to watch.
  return prefix === undefined ? [] : [{ scope, bucket: first.target.bucket, prefix }];
}

function prefixOf({ target }: FileItem, relative: string): string | undefined {
  return relative !== '' && target.key.endsWith(relative) ? target.key.slice(0, -relative.length) : undefined;
}

function firstOf(items: Iterable<PlanItem>): PlanItem | undefined {
  for (const item of items) return item;
  return undefined;
}
