import type { Zone } from '../domain/mapping.ts';
import type { Dataset } from '../domain/privacy/dataset.ts';
import { LakeliftError } from '../errors.ts';
import type { ZoneTarget } from '../steps/plan/plan-context.ts';

/** Where a dataset belongs. Throws `usage` where the configuration has no such zone. */
export function zoneOf({ name, target: { zone } }: Dataset, zones: Zones): ZoneTarget {
  return zoneNamed(zone, name, zones);
}

/** Where records of use cases belong: beside what nothing is ever built from. */
export function recordZone(zones: Zones): ZoneTarget {
  return zoneNamed('raw', 'the record', zones);
}

export type Zones = Partial<Record<Zone, ZoneTarget>>;

/** Throws `usage` where the configuration has no such zone. */
export function zoneNamed(zone: Zone, what: string, zones: Zones): ZoneTarget {
  const found = zones[zone];
  if (found !== undefined) return found;
  throw new LakeliftError(`${what} belongs into ${zone}, and lakelift.yaml has no such zone`, {
    kind: 'usage',
    code: 'ZONE_MISSING',
    subject: zone,
    hint: `Give the bucket under zones.${zone}.`,
  });
}
