import { z } from 'zod';
import { MEASURE_FORMS, parseMeasure } from '../domain/privacy/aggregate.ts';
import { objectionToPattern } from '../domain/privacy/check.ts';
import { FILTER_OPERATORS } from '../domain/privacy/filter.ts';
import { LEGAL_BASES } from '../domain/privacy/legal-basis.ts';
import { parseReading, READING_FORMS } from '../domain/privacy/reading.ts';
import { objectionsToDatasets } from './datasets-objections.ts';

const version = z.number().int().min(1);
const isFalling = (numbers: readonly number[]): boolean =>
  numbers.every((number, index) => index === 0 || number < numbers[index - 1]!);
const name = z.string().regex(/^[a-z][a-z0-9_]{0,127}$/, 'must be lower-case letters, digits and _');
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined);
const list = <Schema extends z.ZodType>(schema: Schema) => schema.array().default([]);

const reading = z
  .string()
  .refine((text) => parseReading(text) !== undefined, `must be ${READING_FORMS}`)
  .describe(`What its texts are read as: ${READING_FORMS}.`);
const column = z
  .strictObject({
    type: optional(reading),
    unreadable: optional(z.enum(['refuse', 'warn'])),
    treat: optional(z.string().min(1)),
    as: optional(name),
    because: optional(z.string().trim().min(10, 'must give purpose and legal basis')),
  })
  .refine(({ type, unreadable }) => type !== undefined || unreadable === undefined, '"unreadable" needs a "type"');
const columns = optional(z.record(z.string(), column.nullable())).transform((record) =>
  Object.fromEntries(Object.entries(record ?? {}).map(([key, value]) => [key, value ?? {}])),
);

const fact = z.string().trim().min(1);

const scalar = z.union([z.string(), z.number(), z.boolean()], 'must be a text, a number, true or false');
const filter = z
  .strictObject({
    column: z.string().min(1),
    is: z.enum(FILTER_OPERATORS),
    value: scalar.or(scalar.array().min(1)).optional(),
  })
  .superRefine(({ is, value }, context) => {
    const wanted = is === 'in' ? 'a list' : is.endsWith('null') ? 'none' : 'one value';
    const given = value === undefined ? 'none' : Array.isArray(value) ? 'a list' : 'one value';
    if (given !== wanted)
      context.addIssue({ code: 'custom', path: ['value'], message: `"${is}" takes ${wanted}, and has ${given}` });
  })
  .transform(({ value, ...rest }) => ({ ...rest, values: value === undefined ? [] : [value].flat() }));

const from = z
  .string()
  .regex(
    /^([^.\s]+\.[^.\s]+|[a-z][a-z0-9_]*)$/,
    'must be a table of the mapping, "database.table", or a dataset of this file',
  );

const join = z.strictObject({
  with: from,
  kind: z.enum(['inner', 'left']).default('inner'),
  on: z
    .record(z.string(), z.string().min(1))
    .refine((on) => Object.keys(on).length > 0, 'must name columns: {here: there}'),
  where: list(filter),
  columns,
});

const anonymity = z.strictObject({
  // No default: how many are enough is the use case's decision.
  k: z.number().int().min(2),
  over: z.array(name).min(1),
  of: optional(z.array(name).min(1)),
  diversity: optional(z.strictObject({ of: name, l: z.number().int().min(2) })),
  except: optional(z.record(name, z.string().trim().min(10, 'must say why, and what protects people instead'))),
  blank: optional(z.array(name).min(1)),
  onFailure: z.enum(['refuse', 'suppress']).default('refuse'),
});

const measure = z.string().refine((text) => parseMeasure(text) !== undefined, `must be ${MEASURE_FORMS}`);
const aggregate = z.strictObject({ by: z.array(name).min(1), measures: z.record(name, measure) });

const severity = z.enum(['refuse', 'warn']).default('refuse');
const bounds = { min: optional(z.number()), max: optional(z.number()) };
const hasBound = ({ min, max }: { min?: number | undefined; max?: number | undefined }) =>
  (min !== undefined || max !== undefined) && (min ?? -Infinity) <= (max ?? Infinity);
const pattern = z.string().superRefine((text, context) => {
  const objection = objectionToPattern(text);
  if (objection !== undefined) context.addIssue({ code: 'custom', message: objection });
});
const check = z.discriminatedUnion('rule', [
  z.strictObject({ rule: z.literal('not-null'), column: name, severity }),
  z.strictObject({ rule: z.literal('unique'), columns: z.array(name).min(1), severity }),
  z
    .strictObject({ rule: z.literal('between'), column: name, ...bounds, severity })
    .refine(hasBound, 'needs min, max or both'),
  z.strictObject({ rule: z.literal('in'), column: name, values: z.array(z.coerce.string()).min(1), severity }),
  z.strictObject({ rule: z.literal('matches'), column: name, pattern, severity }),
  z.strictObject({ rule: z.literal('row-count'), ...bounds, severity }).refine(hasBound, 'needs min, max or both'),
]);

const keyText = z
  .string()
  .regex(/^[^{}]*(\{[a-z][a-z0-9_]*\}[^{}]*)*$/, 'must be text with columns in braces: "SECTEUR#{secteur}"')
  .min(1);
const itemKey = z.strictObject({ partition: keyText, sort: keyText });

const dataset = z.strictObject({
  target: z.strictObject({ zone: z.enum(['cleaned', 'refined']), database: name, table: name }),
  from,
  joins: list(join),
  where: list(filter),
  columns,
  anonymity: optional(anonymity),
  notAnonymous: optional(z.string().trim().min(10, 'must say why, and what protects people instead')),
  aggregate: optional(aggregate),
  partitions: list(name),
  checks: list(check),
  consumers: list(z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and -')),
  purpose: optional(z.string().trim().min(10, 'must say what the data are used for')),
  legalBasis: list(z.enum(LEGAL_BASES)),
  retention: optional(
    z.strictObject({
      period: z
        .string()
        .regex(/^P(?=\d)(\d+Y)?(\d+M)?(\d+D)?$/, 'must be a period of ISO 8601 in years, months or days: P5Y'),
      from: name,
    }),
  ),
  serving: optional(
    z.strictObject({
      key: itemKey,
      indexes: optional(z.record(name, itemKey)).transform((indexes) => indexes ?? {}),
    }),
  ),
});

export const datasetsSchema = z
  .strictObject({
    useCase: z.string(),
    pseudonyms: optional(
      z
        .strictObject({
          domain: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and -'),
          version,
          // One, or all of them where keys were changed more than once.
          from: optional(version.transform((one) => [one]).or(version.array().min(1))),
        })
        .refine(
          ({ version: now, from = [] }) => isFalling([now, ...from]),
          'must go on from earlier versions, the latest first',
        ),
    ),
    validByChance: optional(
      z.string().trim().min(10, 'must say which numbers are valid by chance, and why they are nobody’s'),
    ).describe(
      'Why one valid number of a person or company stops no dataset here: which numbers have a right check digit by chance, and are nobody’s.',
    ),
    register: optional(
      z.strictObject({
        controller: optional(fact).describe('Who decides why and how: name and contact, joint controllers as well.'),
        dataProtectionOfficer: optional(fact).describe('Name or function, and contact.'),
        dataSubjects: list(fact).describe('Whose data it is: employees, insured people.'),
      }),
    ).describe('What only people know, for the record of processing activities (GDPR, article 30.1).'),
    datasets: z.record(name, dataset),
  })
  .transform((value) => ({
    ...value,
    datasets: Object.entries(value.datasets).map(([key, each]) => ({ ...each, name: key })),
  }))
  .superRefine(({ datasets }, context) => {
    for (const { path, message } of objectionsToDatasets(datasets))
      context.addIssue({ code: 'custom', path: ['datasets', ...path], message });
  });

/** For editors: docs/schema/datasets.schema.json. Rules between fields are checked when the file is read. */
export function datasetsJsonSchema(): string {
  const schema = z.toJSONSchema(datasetsSchema, { io: 'input' });
  return `${JSON.stringify({ ...schema, title: 'lakelift datasets' }, null, 2)}\n`;
}
