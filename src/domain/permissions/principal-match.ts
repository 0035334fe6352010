import { OWNER, PUBLIC, type PolicyItem, type PrincipalName } from './access-policy.ts';

/** Who is asked about, on which table, and of whom a person vouches that nobody is both. */
export interface Subject {
  readonly principal: PrincipalName;
  /** `user:hive`; undefined where the catalog names no owner. */
  readonly owner: PrincipalName | undefined;
  readonly apartFrom: ReadonlySet<PrincipalName>;
}

/** The item surely speaks of the principal itself. */
export function namesPrincipal(item: PolicyItem, { principal, owner }: Subject): boolean {
  return item.principals.some((listed) => listed === principal || (listed === OWNER && owner === principal));
}

/** The item speaks of everyone who is in the principal. */
export function coversPrincipal(item: PolicyItem, subject: Subject): boolean {
  return item.principals.includes(PUBLIC) || namesPrincipal(item, subject);
}

/**
 * The item may speak of somebody who is in the principal. Who is in which group or role is not in any export, so two principals overlap unless
 * both are users, or a person said otherwise.
 */
export function mayTouchPrincipal(item: PolicyItem, subject: Subject): boolean {
  return item.principals.some((listed) => {
    const other = listed === OWNER ? (subject.owner ?? OWNER) : listed;
    if (other === PUBLIC || subject.principal === PUBLIC || other === subject.principal) return true;
    if (isUser(other) && isUser(subject.principal)) return false;
    return !subject.apartFrom.has(other);
  });
}

function isUser(principal: PrincipalName): boolean {
  return principal.startsWith('user:');
}
