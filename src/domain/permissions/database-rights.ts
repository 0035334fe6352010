import type { Reason } from '../plan.ts';
import type { AccessPolicy, PolicyResource, PrincipalName } from './access-policy.ts';
import { DENIED, allowanceOf, denies } from './denials.ts';
import { principalsOf, subjectOf } from './evaluate-permissions.ts';
import { matchName, reachesEverything } from './name-pattern.ts';
import type { DatabaseRights, PermissionWorld, Withheld } from './rights.ts';

/** Who may make tables in the databases of the target: who may in every source database whose tables go there. */
export function evaluateDatabases(world: PermissionWorld): {
  readonly rights: readonly DatabaseRights[];
  readonly withheld: readonly Withheld[];
} {
  const rights: DatabaseRights[] = [];
  const withheld: Withheld[] = [];
  for (const principal of principalsOf(world)) {
    for (const target of new Set(world.tables.map((table) => table.target.database))) {
      const ruling = databaseRights(world, principal, target);
      rights.push(ruling.rights);
      withheld.push(...ruling.withheld);
    }
  }
  return { rights, withheld };
}

function databaseRights(
  world: PermissionWorld,
  principal: PrincipalName,
  database: string,
): { readonly rights: DatabaseRights; readonly withheld: readonly Withheld[] } {
  const tables = world.tables.filter((table) => table.target.database === database);
  const sources = [...new Set(tables.map(({ name }) => name.database))].sort();
  const subject = subjectOf(world, principal, undefined);
  const policies = world.policies.filter(({ isEnabled }) => isEnabled);
  const allowing = sources.map((source) =>
    policies.filter(
      (policy) =>
        !world.facts.skipped.has(policy.id) &&
        policy.resources.some((resource) => isWholeDatabase(resource, source)) &&
        allowanceOf(policy, subject, 'create').isAllowed,
    ),
  );
  const denying = policies.filter(
    (policy) => sources.some((source) => mayReach(policy, source)) && denies(policy, subject, 'create'),
  );
  const isAllowed = allowing.every((found) => found.length > 0);
  const isRaw = tables.some(({ zone }) => zone === 'raw') && !world.facts.areRawWritesGranted;
  const from = [...new Set(allowing.flat().map(({ id }) => id))].sort();
  const because = (policy: string, reason: Reason): Withheld => ({
    principal,
    subject: sources.join(', '),
    accesses: ['create'],
    policy,
    reason,
  });
  return {
    rights: {
      principal,
      database,
      canCreate: isAllowed && denying.length === 0 && !isRaw,
      isCreateClosed: denying.length > 0,
      from,
    },
    withheld: !isAllowed
      ? []
      : [...denying.map(({ id }) => because(id, DENIED)), ...(isRaw ? from.map((id) => because(id, RAW_CREATE)) : [])],
  };
}

function isWholeDatabase({ database, table, column }: PolicyResource, source: string): boolean {
  return (
    matchName(database, source) === 'yes' &&
    (table === undefined || (reachesEverything(table) && column !== undefined && reachesEverything(column)))
  );
}

/** A policy on tags may reach anything. */
function mayReach({ resources, tags }: AccessPolicy, source: string): boolean {
  return tags.length > 0 || resources.some(({ database }) => matchName(database, source) !== 'no');
}

const RAW_CREATE: Reason = {
  code: 'RAW_IS_READ_ONLY',
  text: 'the zone "raw" holds unmodified bytes: nobody makes tables there but the migration',
  hint: 'Set rawWrites: grant where the source is switched off and writing goes on here.',
};
