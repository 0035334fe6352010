import { z } from 'zod';

/**
 * The JSON of Ranger Admin's export (`/service/plugins/policies/exportJson`: metaDataInfo and policies), of a policy cache or download
 * (`serviceName`, `policies`, `tagPolicies`) and of a bare list of policies. Field names as in org.apache.ranger.plugin.model.RangerPolicy; what this
 * schema does not name is let through unread.
 */
const names = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);
const conditions = z
  .array(z.object({ type: z.string().nullish(), values: names }))
  .nullish()
  .transform((list) => list ?? []);

const resource = z.object({
  values: names,
  isExcludes: z.boolean().nullish(),
  isRecursive: z.boolean().nullish(),
});

const item = z.object({
  accesses: z
    .array(z.object({ type: z.string(), isAllowed: z.boolean().nullish() }))
    .nullish()
    .transform((list) => list ?? []),
  users: names,
  groups: names,
  roles: names,
  conditions,
  delegateAdmin: z.boolean().nullish(),
  dataMaskInfo: z
    .object({
      dataMaskType: z.string().nullish(),
      conditionExpr: z.string().nullish(),
      valueExpr: z.string().nullish(),
    })
    .nullish(),
  rowFilterInfo: z.object({ filterExpr: z.string().nullish() }).nullish(),
});
const items = z
  .array(item)
  .nullish()
  .transform((list) => list ?? []);

const policy = z.object({
  id: z.union([z.number(), z.string()]).nullish(),
  guid: z.string().nullish(),
  name: z.string().nullish(),
  service: z.string().nullish(),
  serviceType: z.string().nullish(),
  isEnabled: z.boolean().nullish(),
  policyType: z.number().nullish(),
  policyPriority: z.number().nullish(),
  resources: z.record(z.string(), resource).nullish(),
  additionalResources: z.array(z.record(z.string(), resource)).nullish(),
  conditions,
  policyItems: items,
  denyPolicyItems: items,
  allowExceptions: items,
  denyExceptions: items,
  dataMaskPolicyItems: items,
  rowFilterPolicyItems: items,
  validitySchedules: z.array(z.unknown()).nullish(),
  zoneName: z.string().nullish(),
  isDenyAllElse: z.boolean().nullish(),
});
const policies = z.array(policy);

export const rangerExportSchema = z.union([
  z.object({
    serviceName: z.string().nullish(),
    policies,
    tagPolicies: z.object({ serviceName: z.string().nullish(), policies: policies.nullish() }).nullish(),
  }),
  policies.transform((list) => ({ serviceName: undefined, policies: list, tagPolicies: undefined })),
]);

export type RangerPolicy = z.output<typeof policy>;
export type RangerItem = z.output<typeof item>;
export type RangerResources = Readonly<Record<string, z.output<typeof resource>>>;
