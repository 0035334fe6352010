import { subjectOf } from '../../domain/item-subject.ts';
import { isGood, type Outcome, type Proof } from '../../domain/outcome.ts';
import type { PlanItem, PlanItemKind } from '../../domain/plan.ts';
import type { Capped } from '../../domain/reconciliation.ts';
import type {
  ReportException,
  ReportExclusion,
  ReportProof,
  ReportStatus,
  ReportTotal,
} from '../../domain/run-report.ts';
import { ScopeTally } from './scope-tally.ts';

/** Exceptions and kinds of exclusion that a report names itself; the list of items has them all. */
const NAMED = 500;
const EXAMPLES = 5;

export interface Settled {
  readonly item: PlanItem;
  readonly outcome: Outcome | undefined;
}

type Writable<Entry> = { -readonly [Name in keyof Entry]: Entry[Name] };

/** Sums up the items of a run in one pass; memory grows with tables and reasons, not with items. */
export class Tally {
  readonly #totals = new Map<string, Writable<ReportTotal>>();
  readonly #proofs = new Map<Proof, Writable<ReportProof>>();
  readonly #exceptions: ReportException[] = [];
  readonly #exclusions = new Map<string, Writable<ReportExclusion> & { examples: string[] }>();
  readonly #byStatus = new Map<ReportStatus, number>();
  readonly scopes = new ScopeTally();

  add({ item, outcome }: Settled): void {
    const status = outcome?.status ?? 'pending';
    const sizeBytes = item.kind === 'file' ? item.source.sizeBytes : 0;
    this.#byStatus.set(status, this.count(status) + 1);
    this.#addTotal(item.kind, status, sizeBytes);
    if (outcome?.proof !== undefined) this.#addProof(outcome.proof, sizeBytes);
    if (status === 'skipped') this.#addExclusion(item, outcome, sizeBytes);
    else if (status === 'pending' || !isGood(status)) this.#addException(item, status, outcome);
    this.scopes.add(item, status, outcome);
  }

  count(status: ReportStatus): number {
    return this.#byStatus.get(status) ?? 0;
  }

  get totals(): ReportTotal[] {
    return sorted(this.#totals.values(), ({ kind, status }) => `${kind} ${status}`);
  }

  get proofs(): ReportProof[] {
    return sorted(this.#proofs.values(), ({ proof }) => proof);
  }

  get exceptions(): Capped<ReportException> {
    const bad = [...this.#byStatus].filter(([status]) => status === 'pending' || !isGood(status));
    return { shown: this.#exceptions, total: bad.reduce((sum, [, count]) => sum + count, 0) };
  }

  /** One entry per scope and reason; `total` counts those entries. */
  get excluded(): Capped<ReportExclusion> {
    const all = sorted(this.#exclusions.values(), ({ scope, kind, code }) => `${scope}\u0000${kind}\u0000${code}`);
    return { shown: all.slice(0, NAMED), total: all.length };
  }

  #addTotal(kind: PlanItemKind, status: ReportStatus, sizeBytes: number): void {
    const total = this.#totals.get(`${kind} ${status}`) ?? { kind, status, count: 0, sizeBytes: 0 };
    this.#totals.set(`${kind} ${status}`, total);
    total.count += 1;
    total.sizeBytes += sizeBytes;
  }

  #addProof(proof: Proof, sizeBytes: number): void {
    const entry = this.#proofs.get(proof) ?? { proof, count: 0, sizeBytes: 0 };
    this.#proofs.set(proof, entry);
    entry.count += 1;
    entry.sizeBytes += sizeBytes;
  }

  #addExclusion(item: PlanItem, outcome: Outcome | undefined, sizeBytes: number): void {
    const { scope, kind, reason } = item;
    const code = reason?.code ?? outcome?.errorCode ?? 'NO_REASON';
    const text = reason?.text ?? outcome?.message ?? 'the plan gives no reason';
    const key = [scope, kind, code, text].join('\u0000');
    const entry = this.#exclusions.get(key) ?? { scope, kind, code, text, count: 0, sizeBytes: 0, examples: [] };
    this.#exclusions.set(key, entry);
    entry.count += 1;
    entry.sizeBytes += sizeBytes;
    if (entry.examples.length < EXAMPLES) entry.examples.push(subjectOf(item));
  }

  #addException(item: PlanItem, status: ReportStatus, outcome: Outcome | undefined): void {
    if (this.#exceptions.length >= NAMED) return;
    const { id: itemId, scope, kind } = item;
    const { errorCode: code, message, hint } = outcome ?? {};
    this.#exceptions.push({ itemId, scope, kind, subject: subjectOf(item), status, code, message, hint });
  }
}

function sorted<Entry>(entries: Iterable<Entry>, keyOf: (entry: Entry) => string): Entry[] {
  return [...entries].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
