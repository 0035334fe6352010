import { isGood } from '../../domain/outcome.ts';
import type { TableItem } from '../../domain/plan.ts';
import type { RegisterContext } from './register-context.ts';

/** Views in such an order that each comes after those it reads: Athena must find them to accept it. */
export function viewsInOrder(views: readonly TableItem[]): TableItem[] {
  const waiting = new Map(views.map((view) => [view.scope, view]));
  const ordered: TableItem[] = [];
  const place = (view: TableItem): void => {
    if (!waiting.delete(view.scope)) return;
    for (const scope of view.view?.reads ?? []) {
      const read = waiting.get(scope);
      if (read !== undefined) place(read);
    }
    ordered.push(view);
  };
  views.forEach(place);
  return ordered;
}

/** The first of what a view reads that does not stand at the target as planned; undefined when all does. */
export function unregisteredRead({ ledger, runId }: RegisterContext, { view }: TableItem): string | undefined {
  return view?.reads.find((scope) => {
    const outcome = ledger.findOutcome(runId, `table:${scope}`) ?? ledger.findOutcome(runId, `view:${scope}`);
    return outcome === undefined || !isGood(outcome.status);
  });
}
