import type { Reason } from '../plan.ts';
import type { Access, AccessPolicy, PolicyItem } from './access-policy.ts';
import { coversPrincipal, mayTouchPrincipal, namesPrincipal, type Subject } from './principal-match.ts';

/**
 * What a policy says to one principal about one access, sure of what it gives and suspicious of what it takes: an allow must name the principal and be
 * free of conditions; an exception or a denial counts as soon as it may touch somebody in it.
 */
export function allowanceOf(
  policy: AccessPolicy,
  subject: Subject,
  access: Access,
): { readonly isAllowed: boolean; readonly withheld?: Reason | undefined } {
  const items = policy.allow.filter((item) => item.accesses.includes(access) && namesPrincipal(item, subject));
  if (items.length === 0) return { isAllowed: false };
  if (items.every(({ isConditional }) => isConditional)) return { isAllowed: false, withheld: CONDITIONAL };
  const isExcepted = policy.allowExceptions.some(
    (item) => item.accesses.includes(access) && mayTouchPrincipal(item, subject),
  );
  return isExcepted ? { isAllowed: false, withheld: EXCEPTED } : { isAllowed: true };
}

/** A denial counts whatever its conditions; it is lifted only for whom an exception surely covers. */
export function denies(policy: AccessPolicy, subject: Subject, access: Access): boolean {
  const isDenied = policy.deny.some((item) => item.accesses.includes(access) && mayTouchPrincipal(item, subject));
  if (isDenied && !isCovered(policy.denyExceptions, subject, access)) return true;
  return policy.isDenyAllElse && !isCovered(policy.allow, subject, access);
}

function isCovered(items: readonly PolicyItem[], subject: Subject, access: Access): boolean {
  return items.some((item) => !item.isConditional && item.accesses.includes(access) && coversPrincipal(item, subject));
}

const CONDITIONAL: Reason = {
  code: 'CONDITIONAL',
  text: 'it holds only at some times or under a condition, which Lake Formation cannot check',
  hint: 'Grant it by hand for as long as it is right, or skip the policy.',
};

const EXCEPTED: Reason = {
  code: 'ALLOW_EXCEPTION',
  text: 'the policy makes an exception for somebody who may be in this principal; Lake Formation knows no exceptions',
  hint: 'Say under apartFrom that nobody is both, if that is so.',
};

export const DENIED: Reason = {
  code: 'DENIED',
  text: 'a policy denies it to this principal, or to somebody who may be in it; Lake Formation cannot deny',
  hint: 'Say under apartFrom that nobody is both, if that is so; else split the group.',
};
