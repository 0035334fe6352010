import type { AccessPolicy, PolicyResource } from '../../domain/permissions/access-policy.ts';
import type { Reason } from '../../domain/plan.ts';
import { LakeliftError } from '../../errors.ts';
import { rangerExportSchema, type RangerPolicy, type RangerResources } from './ranger-format.ts';
import { filterItem, maskItem, plainItem, unmappedAccesses } from './ranger-items.ts';

/** What an export of Ranger holds on Hive tables, and how many policies were of other services. */
export interface RangerExport {
  readonly policies: readonly AccessPolicy[];
  readonly ignoredServices: ReadonlyMap<string, number>;
}

/** Reads an export of Ranger Admin. Throws `usage` naming what is not as expected; a policy it cannot understand is never passed over. */
export function readRangerExport(json: unknown, file: string): RangerExport {
  const parsed = rangerExportSchema.safeParse(json);
  if (!parsed.success)
    throw notAnExport(file, parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  const { serviceName, policies, tagPolicies } = parsed.data;
  const all = [
    ...policies.map((policy) => withService(policy, serviceName ?? 'hive')),
    ...(tagPolicies?.policies ?? []).map((policy) => ({
      ...withService(policy, tagPolicies?.serviceName ?? 'tag'),
      serviceType: 'tag',
    })),
  ];
  const ignoredServices = new Map<string, number>();
  const kept: AccessPolicy[] = [];
  for (const policy of all) {
    if (isOfHive(policy)) kept.push(accessPolicy(policy, file));
    else ignoredServices.set(policy.service, (ignoredServices.get(policy.service) ?? 0) + 1);
  }
  return { policies: kept, ignoredServices };
}

type ServicePolicy = RangerPolicy & { readonly service: string };

function withService(policy: RangerPolicy, service: string): ServicePolicy {
  return { ...policy, service: policy.service ?? service };
}

/** By the kind of service where the export names it (Ranger 2), else by what the policy is about. */
function isOfHive({ serviceType, resources }: RangerPolicy): boolean {
  if (serviceType === 'tag' || serviceType === 'hive') return true;
  if (serviceType !== null && serviceType !== undefined) return false;
  const names = Object.keys(resources ?? {});
  return ['database', 'tag', 'hiveservice', 'url', 'udf', 'global'].some((name) => names.includes(name));
}

function accessPolicy(policy: ServicePolicy, file: string): AccessPolicy {
  if (policy.id === null || policy.id === undefined)
    throw notAnExport(file, `policy "${policy.name ?? '?'}" has no id`);
  const isConditional = policy.conditions.length > 0 || (policy.validitySchedules ?? []).length > 0;
  const items = (list: RangerPolicy['policyItems']): ReturnType<typeof plainItem>[] =>
    list.map((item) => plainItem(item, isConditional));
  const sets = [policy.resources ?? {}, ...(policy.additionalResources ?? [])];
  return {
    id: `ranger:${policy.service}:${policy.id}`,
    name: policy.name ?? '',
    isEnabled: policy.isEnabled ?? true,
    resources: sets.flatMap(hiveResource),
    tags: sets.flatMap(({ tag }) => tag?.values ?? []),
    allow: items(policy.policyItems),
    allowExceptions: items(policy.allowExceptions),
    deny: items(policy.denyPolicyItems),
    denyExceptions: items(policy.denyExceptions),
    isDenyAllElse: (policy.policyType ?? 0) === 0 && (policy.isDenyAllElse ?? false),
    masks: policy.dataMaskPolicyItems.map((item) => maskItem(item, isConditional)),
    filters: policy.rowFilterPolicyItems.map((item) => filterItem(item, isConditional)),
    zone: textOf(policy.zoneName),
    leftOut: leftOut(policy, sets),
    canonical: canonicalText(policy),
  };
}

function textOf(text: string | null | undefined): string | undefined {
  return text === '' || text === null ? undefined : text;
}

function hiveResource({ database, table, column, udf }: RangerResources): PolicyResource[] {
  if (database === undefined || udf !== undefined) return [];
  const pattern = (level: typeof table): PolicyResource['table'] =>
    level === undefined
      ? undefined
      : { values: level.values.filter((value) => value !== ''), isExcludes: level.isExcludes ?? false };
  return [{ database: pattern(database)!, table: pattern(table), column: pattern(column) }];
}

const NO_COUNTERPART = 'Lake Formation has nothing like it';

function leftOut(policy: ServicePolicy, sets: readonly RangerResources[]): Reason[] {
  const reasons: Reason[] = [];
  const others = new Set(
    sets.flatMap((set) => Object.keys(set)).filter((name) => !['database', 'table', 'column', 'tag'].includes(name)),
  );
  if (others.size > 0)
    reasons.push({ code: 'RESOURCE_KIND', text: `it is about ${[...others].sort().join(', ')}: ${NO_COUNTERPART}` });
  const accesses = unmappedAccesses(policy.policyItems);
  if (accesses.length > 0)
    reasons.push({ code: 'ACCESS_UNKNOWN', text: `it allows ${accesses.join(', ')}: ${NO_COUNTERPART}` });
  if (policy.policyItems.some(({ delegateAdmin }) => delegateAdmin === true))
    reasons.push({
      code: 'DELEGATE_ADMIN',
      text: 'it lets some grant further; nobody may here, since every right comes from this file',
    });
  if ((policy.validitySchedules ?? []).length > 0)
    reasons.push({
      code: 'VALIDITY',
      text: 'it holds at some times only: what it allows is not granted, what it denies is always denied',
    });
  if ((policy.policyPriority ?? 0) > 0)
    reasons.push({ code: 'OVERRIDE', text: 'it overrides other policies; here a denial wins over it all the same' });
  if ((policy.policyType ?? 0) > 2)
    reasons.push({ code: 'POLICY_TYPE', text: `it is of type ${policy.policyType}: ${NO_COUNTERPART}` });
  return reasons;
}

/** Keys in order, without what Ranger counts up or notes by itself; equal text, equal policy. */
function canonicalText(policy: RangerPolicy): string {
  return JSON.stringify(policy, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .filter(([, inner]) => inner !== null && inner !== undefined)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : value,
  );
}

function notAnExport(file: string, why: string): LakeliftError {
  return new LakeliftError(`${file} is no export of Ranger policies: ${why}`, {
    kind: 'usage',
    code: 'RANGER_EXPORT_INVALID',
    subject: file,
    hint: 'Export the policies of the Hive service as JSON in Ranger Admin (Access Manager, Export), or by /service/plugins/policies/exportJson.',
  });
}
