import type { Zone } from '../domain/mapping.ts';
import type { Dataset } from '../domain/privacy/dataset.ts';
import { LakeliftError } from '../errors.ts';
import type { ZoneTarget } from '../steps/plan/plan-context.ts';

/** Where a dataset belongs. Throws `usage` where the configuration has no such zone. */
export function zoneOf({ name, target: { zone } }: Dataset, zones: Partial<Record<Zone, ZoneTarget>>): ZoneTarget {
  const found = zones[zone];
  if (found !== undefined) return found;
  throw new LakeliftError(`${name} belongs into ${zone}, and lakelift.yaml has no such zone`, {
    kind: 'usage',
    code: 'ZONE_MISSING',
    subject: zone,
    hint: `Give the bucket under zones.${zone}.`,
  });
}
