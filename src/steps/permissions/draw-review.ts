import { createHash } from 'node:crypto';
import { formatTableName } from '../../domain/names.ts';
import type { AccessPolicy, PrincipalName } from '../../domain/permissions/access-policy.ts';
import { evaluateDatabases } from '../../domain/permissions/database-rights.ts';
import { evaluatePermissions, principalsOf } from '../../domain/permissions/evaluate-permissions.ts';
import { policiesOn, type GovernedTable } from '../../domain/permissions/governed-table.ts';
import { matchName, reachesBeyond } from '../../domain/permissions/name-pattern.ts';
import type { PermissionDecisions } from '../../domain/permissions/permission-review.ts';
import type { DatabaseRights, PermissionWorld, TableRights, Withheld } from '../../domain/permissions/rights.ts';
import type { Reason } from '../../domain/plan.ts';

/** A policy that speaks of the use case, as it is shown for review. */
export interface ReviewedPolicy {
  readonly policy: AccessPolicy;
  /** Over what it says and what it reaches: a table that joins the use case under a wildcard changes it too. */
  readonly digest: string;
  readonly reaches: readonly string[];
  readonly leftOut: readonly Reason[];
}

export interface PermissionReview {
  readonly policies: readonly ReviewedPolicy[];
  /** Policies that say nothing about the use case. */
  readonly elsewhere: number;
  readonly principals: readonly PrincipalName[];
  readonly tags: readonly string[];
  readonly tables: readonly TableRights[];
  readonly databases: readonly DatabaseRights[];
  readonly withheld: readonly Withheld[];
  /** Tables whose columns may be others than the review has. */
  readonly doubts: readonly Doubt[];
}

export interface Doubt {
  /** `database.table`. */
  readonly table: string;
  readonly reason: Reason;
}

/** What the policies of the source mean for the tables of a use case, under what people decided. Pure: the same input gives the same review. */
export function drawReview(
  policies: readonly AccessPolicy[],
  tables: readonly GovernedTable[],
  decisions: PermissionDecisions,
): PermissionReview {
  const ordered = [...policies].sort((a, b) => compareIds(a.id, b.id));
  const tagged = new Map(Object.entries(decisions.tags).map(([tag, { on }]) => [tag, on ?? []]));
  const reviewed = ordered.map((policy) => reviewedPolicy(policy, tables, tagged));
  const near = reviewed.filter(({ policy, reaches }) => reaches.length > 0 || policy.tags.length > 0);
  const world: PermissionWorld = {
    policies: near.map(({ policy }) => policy),
    tables,
    facts: {
      tagged,
      apartFrom: apartness(decisions),
      skipped: new Set(
        Object.entries(decisions.policies).flatMap(([id, { skip }]) => (skip === undefined ? [] : [id])),
      ),
      areRawWritesGranted: decisions.rawWrites === 'grant',
    },
  };
  const onTables = evaluatePermissions(world);
  const onDatabases = evaluateDatabases(world);
  return {
    policies: near,
    elsewhere: ordered.length - near.length,
    principals: principalsOf(world),
    tags: [...new Set(near.flatMap(({ policy }) => (policy.isEnabled ? policy.tags : [])))].sort(),
    tables: onTables.rights,
    databases: onDatabases.rights,
    withheld: [...onTables.withheld, ...onDatabases.withheld],
    doubts: tables.flatMap(({ name, columnsDoubt: reason }) =>
      reason === undefined ? [] : [{ table: formatTableName(name), reason }],
    ),
  };
}

/** Nobody is both: true for both once either says so. */
function apartness({ principals }: PermissionDecisions): Map<PrincipalName, Set<PrincipalName>> {
  const apart = new Map<PrincipalName, Set<PrincipalName>>();
  const add = (one: PrincipalName, other: PrincipalName): void =>
    void apart.set(one, (apart.get(one) ?? new Set()).add(other));
  for (const [name, { apartFrom }] of Object.entries(principals))
    for (const other of apartFrom) {
      add(name, other);
      add(other, name);
    }
  return apart;
}

function reviewedPolicy(
  policy: AccessPolicy,
  tables: readonly GovernedTable[],
  tagged: ReadonlyMap<string, readonly string[]>,
): ReviewedPolicy {
  const reaches = tables.flatMap((table) => {
    // Disabled ones are shown with what they would reach.
    const [found] = policiesOn(table, [{ ...policy, isEnabled: true }], tagged);
    if (found === undefined) return [];
    const name = formatTableName(table.name);
    return [found.possible.isWhole ? name : `${name} (${[...found.possible.columns].sort().join(', ')})`];
  });
  const databases = databasesReached(policy, tables);
  const all = [...reaches, ...databases];
  const owners = tables.map(({ name, owner }) => [formatTableName(name), owner ?? '']);
  const usesOwner = policy.canonical.includes('{OWNER}');
  const digest = digestOf(JSON.stringify([policy.canonical, all, usesOwner ? owners : []]));
  return { policy, digest, reaches: all, leftOut: [...policy.leftOut, ...beyond(policy, tables)] };
}

/** A policy on a database alone decides who may make tables in it. */
function databasesReached(policy: AccessPolicy, tables: readonly GovernedTable[]): string[] {
  const names = [...new Set(tables.map(({ name }) => name.database))].sort();
  return names.filter((database) =>
    policy.resources.some(
      (resource) => resource.table === undefined && matchName(resource.database, database) !== 'no',
    ),
  );
}

function beyond({ resources }: AccessPolicy, tables: readonly GovernedTable[]): Reason[] {
  const databases = new Set(tables.map(({ name }) => name.database));
  const names = new Set(tables.map(({ name }) => name.table));
  const isBeyond = resources.some(
    ({ database, table }) => reachesBeyond(database, databases) || (table !== undefined && reachesBeyond(table, names)),
  );
  return isBeyond ? [BEYOND] : [];
}

const BEYOND: Reason = {
  code: 'BEYOND_USE_CASE',
  text: 'it also reaches what is not in this use case; only tables of the use case are granted',
};

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** `ranger:x:9` before `ranger:x:10`. */
function compareIds(a: string, b: string): number {
  const padded = (id: string): string => id.replace(/\d+/g, (digits) => digits.padStart(12, '0'));
  return padded(a) < padded(b) ? -1 : padded(a) > padded(b) ? 1 : 0;
}
