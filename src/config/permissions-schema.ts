import { z } from 'zod';

const text = z.string().trim().min(1);
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined);

/**
 * IAM roles, users and SAML groups, or users and groups of the Identity Center, by ARN. `IAM_ALLOWED_PRINCIPALS`, which means everybody, is no ARN and
 * so is refused.
 */
const target = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:(iam::\d{12}:(role|user|saml-provider)\/\S+|identitystore:::(group|user)\/[\w-]+)$/,
    'must be the ARN of an IAM role or user, or of an Identity Center group (arn:aws:identitystore:::group/…)',
  );

const principal = z.strictObject({
  target: optional(target),
  skip: optional(text),
  apartFrom: optional(z.array(z.string())).transform((list) => list ?? []),
  may: z.unknown().optional(),
  withheld: z.unknown().optional(),
});

const policy = z.strictObject({
  name: optional(z.string()),
  digest: optional(z.string()),
  reviewed: optional(z.string()),
  skip: optional(text),
  status: z.unknown().optional(),
  reaches: z.unknown().optional(),
  leftOut: z.unknown().optional(),
});

const tag = z.strictObject({
  on: optional(z.array(z.string().regex(/^[^.\s]+\.[^.\s]+(\.[^.\s]+)?$/, 'must be "db.table" or "db.table.column"'))),
});

/** Everything `mappings/permissions/<use-case>.yaml` may hold; what is generated in it is not read. */
export const permissionsSchema = z.strictObject({
  useCase: z.string(),
  doubts: z.unknown().optional(),
  rawWrites: z.enum(['withhold', 'grant']).default('withhold'),
  tags: z
    .record(z.string(), tag)
    .nullish()
    .transform((value) => value ?? {}),
  principals: z
    .record(z.string(), principal)
    .nullish()
    .transform((value) => value ?? {}),
  policies: z
    .record(z.string(), policy)
    .nullish()
    .transform((value) => value ?? {}),
});
