import { joinKey } from '../domain/object-key.ts';
import type { Dataset } from '../domain/privacy/dataset.ts';
import { LakeliftError } from '../errors.ts';
import type { Blueprint } from './blueprint.ts';

/** What names of Lambda functions have room for, the least of all services here. */
const LONGEST_NAME = 64;

/** Of the Glue job, and of the Lambda function for small files, that make a dataset. Throws `usage` where it is too long. */
export function jobName({ migration }: Blueprint, { name }: Pick<Dataset, 'name'>): string {
  const job = `lakelift-${migration.id}-${name}`;
  if (job.length <= LONGEST_NAME) return job;
  throw new LakeliftError(`${job} is too long for the name of a function: ${job.length} characters`, {
    kind: 'usage',
    code: 'NAME_TOO_LONG',
    subject: name,
    hint: `Call the dataset something shorter: ${LONGEST_NAME} characters in all.`,
  });
}

/** What is made from one row of one table can be made from a part of it; what compares or joins rows cannot. */
export function takesSmallFiles({ from, joins, aggregate, anonymity }: Dataset): boolean {
  return from.includes('.') && joins.length === 0 && aggregate === undefined && anonymity === undefined;
}

interface Place {
  readonly bucket: string;
  /** Ends with a slash. */
  readonly prefix: string;
}

/** Records of what was set aside, and lines as they came: in raw, since they may hold what only raw may hold. */
export function quarantine(blueprint: Blueprint): Place {
  return ownPlace(blueprint, 'quarantine');
}

/** What each execution came to; no value of anybody is in it. */
export function audit(blueprint: Blueprint): Place {
  return ownPlace(blueprint, 'audit');
}

/** No database begins with an underscore, and engines pass over what does. */
function ownPlace({ migration, zones: { raw } }: Blueprint, kind: string): Place {
  if (raw === undefined)
    throw new LakeliftError('lakelift.yaml has no zone raw', {
      kind: 'usage',
      code: 'ZONE_MISSING',
      subject: 'raw',
      hint: 'Give the bucket under zones.raw.',
    });
  return { bucket: raw.bucket, prefix: `${joinKey(raw.prefix, `_${kind}`, migration.id)}/` };
}
