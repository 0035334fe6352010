import { createHash } from 'node:crypto';
import type { PlanItem, PlanSummary, Reason, Verdict } from '../../../src/domain/plan.ts';
import type { UseCaseId } from '../../../src/domain/names.ts';
import { LakeliftError } from '../../../src/errors.ts';
import { SqliteScratch } from '../../../src/adapters/ledger/sqlite-scratch.ts';
import type { HeldBack, PlanWriter } from '../../../src/ports/ledger.ts';
import type { Scratch } from '../../../src/ports/scratch.ts';

/** Keeps the items where a test can look at them. */
export class MemoryPlanWriter implements PlanWriter {
  readonly items = new Map<string, PlanItem>();
  isAbandoned = false;
  readonly #scratch: () => Scratch;

  constructor(scratch: () => Scratch = () => new SqliteScratch()) {
    this.#scratch = scratch;
  }

  add(item: PlanItem): void {
    if (this.items.has(item.id)) {
      throw new LakeliftError(`two sources claim ${item.id}`, {
        kind: 'conflict',
        code: 'PLAN_COLLISION',
        subject: item.id,
      });
    }
    this.items.set(item.id, item);
  }

  holdBack({ scope, partition }: HeldBack, ruling: { readonly verdict: Verdict; readonly reason: Reason }): void {
    for (const [id, item] of this.items) {
      if ((item.kind !== 'file' && item.kind !== 'partition') || item.scope !== scope || item.verdict !== 'copy')
        continue;
      const own = item.kind === 'file' ? item.partition : item.name;
      if (partition === undefined || partition === own) this.items.set(id, { ...item, ...ruling });
    }
  }

  finish(): PlanSummary {
    const hash = createHash('sha256');
    for (const id of [...this.items.keys()].sort()) hash.update(JSON.stringify(this.items.get(id)));
    return { useCase: 'test' as UseCaseId, hash: hash.digest('hex'), createdAtMs: 0, totals: {} };
  }

  abandon(): void {
    this.isAbandoned = true;
  }

  openScratch(): Scratch {
    return this.#scratch();
  }

  /** `verdict CODE` of an item. */
  verdictOf(id: string): string {
    const item = this.items.get(id);
    if (item === undefined) return 'absent';
    return item.reason === undefined ? item.verdict : `${item.verdict} ${item.reason.code}`;
  }

  ids(kind: PlanItem['kind']): string[] {
    return [...this.items.values()]
      .filter((item) => item.kind === kind)
      .map(({ id }) => id)
      .sort();
  }
}
