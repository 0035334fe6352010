import type { Reason } from '../plan.ts';
import type { AccessPolicy, PolicyItem } from './access-policy.ts';
import type { GovernedTable, PolicyOnTable } from './governed-table.ts';
import { coversPrincipal, mayTouchPrincipal, type Subject } from './principal-match.ts';
import { toRowFilter } from './row-filter.ts';

export interface MaskedColumns {
  readonly policy: string;
  readonly columns: ReadonlySet<string>;
}

/** Columns that a principal, or somebody who may be in it, sees only masked. */
export function maskedColumns(policies: readonly PolicyOnTable[], subject: Subject): MaskedColumns[] {
  return policies.flatMap(({ policy, possible }) =>
    isMasked(policy, subject) ? [{ policy: policy.id, columns: possible.columns }] : [],
  );
}

/** Items count in their order, as in Ranger: the first that speaks of a person decides. */
function isMasked(policy: AccessPolicy, subject: Subject): boolean {
  for (const item of policy.masks) {
    if (!item.accesses.includes('select')) continue;
    if (item.mask !== 'MASK_NONE' && mayTouchPrincipal(item, subject)) return true;
    if (item.mask === 'MASK_NONE' && surely(item, subject)) return false;
  }
  return false;
}

export type FilterRuling =
  | { readonly isExpressible: true; readonly expression: string | undefined }
  | { readonly isExpressible: false; readonly policy: string; readonly reason: Reason };

/** The rows a principal sees: filters of several policies are joined by AND. */
export function rowFilterFor(policies: readonly PolicyOnTable[], table: GovernedTable, subject: Subject): FilterRuling {
  const expressions: string[] = [];
  for (const { policy } of policies) {
    const ruling = filterOfPolicy(policy, table, subject);
    if (!ruling.isExpressible) return ruling;
    if (ruling.expression !== undefined) expressions.push(ruling.expression);
  }
  if (expressions.length < 2) return { isExpressible: true, expression: expressions[0] };
  return { isExpressible: true, expression: expressions.map((text) => `(${text})`).join(' AND ') };
}

function filterOfPolicy(policy: AccessPolicy, table: GovernedTable, subject: Subject): FilterRuling {
  for (const item of policy.filters) {
    if (!item.accesses.includes('select') || !mayTouchPrincipal(item, subject)) continue;
    if (!surely(item, subject)) return { isExpressible: false, policy: policy.id, reason: UNKNOWN_FILTER };
    if (item.expression.trim() === '') return { isExpressible: true, expression: undefined };
    if (table.isView) return { isExpressible: false, policy: policy.id, reason: VIEW_FILTER };
    const ruling = toRowFilter(item.expression, table);
    if (!ruling.isSupported) return { isExpressible: false, policy: policy.id, reason: ruling.reason };
    return { isExpressible: true, expression: ruling.expression };
  }
  return { isExpressible: true, expression: undefined };
}

function surely(item: PolicyItem, subject: Subject): boolean {
  return !item.isConditional && coversPrincipal(item, subject);
}

export const MASKED: Reason = {
  code: 'MASKED',
  text: 'Ranger shows these columns masked; Lake Formation has no masks, so they are left out',
  hint: 'Read the pseudonymised columns from the zone "cleaned", or make a view that masks.',
};

const UNKNOWN_FILTER: Reason = {
  code: 'ROW_FILTER_MAY_APPLY',
  text: 'a row filter holds for somebody who may be in this principal',
  hint: 'Say under apartFrom that nobody is both, if that is so.',
};

const VIEW_FILTER: Reason = {
  code: 'ROW_FILTER_ON_VIEW',
  text: 'Lake Formation filters no rows of views',
  hint: 'Put the filter into the view, at the target.',
};
