import { formatTableName } from '../../domain/names.ts';
import type { PermissionDecisions, PrincipalDecision } from '../../domain/permissions/permission-review.ts';
import type { DatabaseRights, TableRights, Withheld } from '../../domain/permissions/rights.ts';
import type { Reason } from '../../domain/plan.ts';
import type { Doubt, PermissionReview, ReviewedPolicy } from './draw-review.ts';
import { gonePolicies } from './undecided.ts';

/** The review file's content: what people decided, and what follows from the policies. Empty decisions stand as null, for people to fill in. */
export function reviewContent(useCase: string, review: PermissionReview, decisions: PermissionDecisions): object {
  const principals = [...new Set([...review.principals, ...Object.keys(decisions.principals)])].sort();
  return {
    useCase,
    doubts: review.doubts.length > 0 ? review.doubts.map(doubtLine) : undefined,
    rawWrites: decisions.rawWrites,
    tags: Object.fromEntries(review.tags.map((tag) => [tag, { on: decisions.tags[tag]?.on ?? null }])),
    principals: Object.fromEntries(principals.map((name) => [name, principalContent(name, review, decisions)])),
    policies: Object.fromEntries([
      ...review.policies.map((policy) => [policy.policy.id, policyContent(policy, decisions)] as const),
      ...gonePolicies(review, decisions).map((id) => [id, { ...decisions.policies[id], status: 'gone' }] as const),
    ]),
  };
}

function principalContent(name: string, review: PermissionReview, decisions: PermissionDecisions): object {
  const { target, skip, apartFrom = [] }: Partial<PrincipalDecision> = decisions.principals[name] ?? {};
  const isOurs = ({ principal }: { principal: string }): boolean => principal === name;
  const may = [
    ...review.databases.filter(isOurs).flatMap(databaseLines),
    ...review.tables.filter(isOurs).flatMap(tableLines),
  ];
  return {
    target: target ?? null,
    skip,
    apartFrom: apartFrom.length > 0 ? apartFrom : undefined,
    may,
    withheld: [...new Set(review.withheld.filter(isOurs).map(withheldLine))],
  };
}

function tableLines({ table, select, accesses, from }: TableRights): string[] {
  if (select === undefined && accesses.length === 0) return [];
  const rights = [...(select === undefined ? [] : [selectText(select)]), ...accesses];
  return [`${formatTableName(table.name)}: ${rights.join('; ')} [${from.join(', ')}]`];
}

function selectText({ columns, filter }: NonNullable<TableRights['select']>): string {
  const rows = filter === undefined ? '' : ` where ${filter}`;
  return `select${columns === 'all' ? '' : ` (${columns.join(', ')})`}${rows}`;
}

function databaseLines({ database, canCreate, from }: DatabaseRights): string[] {
  return canCreate ? [`${database}: create tables [${from.join(', ')}]`] : [];
}

/** `rh.dsn: select (nir) [ranger:hive:7] MASKED: ...`. */
export function withheldLine({ subject, accesses, columns, policy, reason }: Omit<Withheld, 'principal'>): string {
  const what = `${accesses.join(', ')}${columns === undefined ? '' : ` (${columns.join(', ')})`}`;
  return `${subject}: ${what} [${policy}] ${reasonText(reason)}`;
}

/** `rh.absences: AVRO_SCHEMA_URL: ...`. */
function doubtLine({ table, reason }: Doubt): string {
  return `${table}: ${reasonText(reason)}`;
}

function policyContent({ policy, digest, reaches, leftOut }: ReviewedPolicy, decisions: PermissionDecisions): object {
  const { reviewed, skip } = decisions.policies[policy.id] ?? {};
  return {
    name: policy.name,
    digest,
    reviewed: reviewed ?? null,
    skip,
    status: policy.isEnabled ? undefined : 'disabled',
    reaches,
    leftOut: leftOut.length > 0 ? leftOut.map(reasonText) : undefined,
  };
}

function reasonText({ code, text, hint }: Reason): string {
  return `${code}: ${text}${hint === undefined ? '' : `. ${hint}`}`;
}
