import { isGood, type Outcome } from '../../domain/outcome.ts';
import type { FileItem, PlanItem, TableItem } from '../../domain/plan.ts';
import type { Reconciliation, ScopeReconciliation } from '../../domain/reconciliation.ts';
import type { ReportPartition, ReportScope, ReportStatus } from '../../domain/run-report.ts';

/** Partitions that a report names, over all tables. */
const NAMED = 100_000;

interface Counts {
  readonly files: { count: number; sizeBytes: number; good: number; bad: number };
  /** The first partitions met, with what is known of them so far. */
  readonly partitions: Map<string, { status: ReportStatus; files: number; sizeBytes: number }>;
  partitionCount: number;
  /** Of a path: the prefix that its files show. */
  location?: string | undefined;
  head?: { readonly item: PlanItem; readonly status: ReportStatus; readonly outcome: Outcome | undefined };
}

/** Sums up the items of each table and path. */
export class ScopeTally {
  readonly #scopes = new Map<string, Counts>();
  #named = 0;

  add(item: PlanItem, status: ReportStatus, outcome: Outcome | undefined): void {
    // Nothing lies in a function: it is named among what is left out.
    if (item.kind === 'function') return;
    const counts = this.#of(item.scope);
    if (item.kind === 'file') this.#addFile(counts, item, status);
    else if (item.kind === 'partition') {
      counts.partitionCount += 1;
      const partition = this.#partition(counts, item.name);
      if (partition !== undefined) partition.status = status;
    } else if (item.kind !== 'path' || item.path === item.scope) counts.head = { item, status, outcome };
  }

  list(reconciliation: Reconciliation | undefined): ReportScope[] {
    const compared = new Map(reconciliation?.scopes.map((scope) => [scope.scope, scope]));
    const names = [...this.#scopes.keys()].sort();
    return names.flatMap((name) => scopeOf(name, this.#scopes.get(name)!, compared.get(name)) ?? []);
  }

  #of(scope: string): Counts {
    const counts = this.#scopes.get(scope) ?? {
      files: { count: 0, sizeBytes: 0, good: 0, bad: 0 },
      partitions: new Map(),
      partitionCount: 0,
    };
    this.#scopes.set(scope, counts);
    return counts;
  }

  #addFile(counts: Counts, item: FileItem, status: ReportStatus): void {
    if (item.verdict === 'skip') return;
    const { sizeBytes } = item.source;
    counts.files.count += 1;
    counts.files.sizeBytes += sizeBytes;
    counts.files[status !== 'pending' && isGood(status) ? 'good' : 'bad'] += 1;
    counts.location ??= prefixOf(item);
    const partition = item.partition === undefined ? undefined : this.#partition(counts, item.partition);
    if (partition === undefined) return;
    partition.files += 1;
    partition.sizeBytes += sizeBytes;
  }

  #partition({ partitions }: Counts, name: string) {
    const known = partitions.get(name);
    if (known !== undefined || this.#named >= NAMED) return known;
    this.#named += 1;
    const partition = { status: 'pending' as ReportStatus, files: 0, sizeBytes: 0 };
    partitions.set(name, partition);
    return partition;
  }
}

function prefixOf({ scope, source, target }: FileItem): string | undefined {
  const relative = source.path.startsWith(`${scope}/`) ? source.path.slice(scope.length + 1) : undefined;
  if (relative === undefined || !target.key.endsWith(relative)) return undefined;
  return `s3://${target.bucket}/${target.key.slice(0, -relative.length)}`;
}

function scopeOf(
  scope: string,
  { files, partitions, partitionCount, location: prefix, head }: Counts,
  reconciliation: ScopeReconciliation | undefined,
): ReportScope | undefined {
  if (
    head === undefined ||
    head.item.kind === 'file' ||
    head.item.kind === 'partition' ||
    head.item.kind === 'function'
  )
    return undefined;
  const { definition, notes = [] } = head.item as Partial<TableItem>;
  const location = definition?.storage.location ?? (head.item.kind === 'path' ? prefix : undefined);
  const named: ReportPartition[] = [...partitions].map(([name, partition]) => ({ name, ...partition }));
  return {
    scope,
    kind: head.item.kind,
    ...(definition === undefined ? {} : { target: `${definition.database}.${definition.name}` }),
    ...(location === undefined ? {} : { location }),
    status: head.status,
    ...(head.outcome?.message === undefined ? {} : { message: head.outcome.message }),
    notes,
    files,
    partitions: { shown: named.sort((a, b) => (a.name < b.name ? -1 : 1)), total: partitionCount },
    ...(reconciliation === undefined ? {} : { reconciliation }),
  };
}
