import { joinKey } from '../domain/object-key.ts';
import type { Dataset } from '../domain/privacy/dataset.ts';
import { LakeliftError } from '../errors.ts';
import type { Zone } from '../domain/mapping.ts';
import type { Blueprint, ZonePlace } from './blueprint.ts';

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

/**
 * What is made of rows of one table can be made of a part of them; what joins or sums rows cannot. Classes that are large enough within a part are so
 * within the whole.
 */
export function takesSmallFiles({ from, joins, aggregate }: Dataset): boolean {
  return from.includes('.') && joins.length === 0 && aggregate === undefined;
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
function ownPlace(blueprint: Blueprint, kind: string): Place {
  const { bucket, prefix } = zoneOf(blueprint, 'raw');
  return { bucket, prefix: `${joinKey(prefix, `_${kind}`, blueprint.migration.id)}/` };
}

/** Throws `usage` where lakelift.yaml does not have it. */
export function zoneOf({ zones }: Blueprint, zone: Zone): ZonePlace {
  const place = zones[zone];
  if (place !== undefined) return place;
  throw new LakeliftError(`lakelift.yaml has no zone ${zone}`, {
    kind: 'usage',
    code: 'ZONE_MISSING',
    subject: zone,
    hint: `Give the bucket under zones.${zone}.`,
  });
}
