import {
  ACCESSES,
  type Access,
  type FilterItem,
  type MaskItem,
  type PolicyItem,
  type PrincipalName,
} from '../../domain/permissions/access-policy.ts';
import type { RangerItem } from './ranger-format.ts';

/** Access types of Ranger's Hive service that Lake Formation has something for. Hive asks for `update` at INSERT, UPDATE, DELETE, LOAD and TRUNCATE. */
const ACCESS_OF: Readonly<Record<string, readonly Access[]>> = {
  select: ['select'],
  update: ['insert', 'delete'],
  create: ['create'],
  alter: ['alter'],
  drop: ['drop'],
  all: ACCESSES,
};

export function plainItem(item: RangerItem, isPolicyConditional: boolean): PolicyItem {
  return {
    principals: principalsOf(item),
    accesses: [...new Set(allowedTypes(item).flatMap((type) => ACCESS_OF[type] ?? []))],
    isConditional: isPolicyConditional || item.conditions.length > 0,
  };
}

export function maskItem(item: RangerItem, isPolicyConditional: boolean): MaskItem {
  const { dataMaskType, conditionExpr } = item.dataMaskInfo ?? {};
  const plain = plainItem(item, isPolicyConditional || (conditionExpr ?? '') !== '');
  return { ...plain, mask: dataMaskType ?? 'UNKNOWN' };
}

export function filterItem(item: RangerItem, isPolicyConditional: boolean): FilterItem {
  return { ...plainItem(item, isPolicyConditional), expression: item.rowFilterInfo?.filterExpr ?? '' };
}

/** Access types without counterpart, as the policy names them. */
export function unmappedAccesses(items: readonly RangerItem[]): string[] {
  return [...new Set(items.flatMap(allowedTypes).filter((type) => ACCESS_OF[type] === undefined))].sort();
}

/** Policies on tags name the service too: `hive:select`. Those of other services say nothing about tables. */
function allowedTypes({ accesses }: RangerItem): string[] {
  return accesses
    .filter(({ isAllowed }) => isAllowed !== false)
    .map(({ type }) => type.toLowerCase())
    .filter((type) => !type.includes(':') || type.startsWith('hive:'))
    .map((type) => type.replace(/^hive:/, ''));
}

/** Ranger completes {OWNER} and {USER} at every request: the latter is whoever asks. */
function principalsOf({ users, groups, roles }: RangerItem): PrincipalName[] {
  return [
    ...users.map((user) => (user === '{OWNER}' ? 'owner:' : user === '{USER}' ? 'group:public' : `user:${user}`)),
    ...groups.map((group) => `group:${group}`),
    ...roles.map((role) => `role:${role}`),
  ];
}
