import { findDsnBlock, type DsnBlock } from '../domain/dsn/dsn-block.ts';
import type { Zone } from '../domain/mapping.ts';
import { joinKey } from '../domain/object-key.ts';
import { auditFolder, namesFolder, quarantineFolder } from '../domain/privacy/dataset-folder.ts';
import { datasetsBelow } from '../domain/privacy/dataset-order.ts';
import type { Dataset } from '../domain/privacy/dataset.ts';
import { LakeliftError } from '../errors.ts';
import type { Blueprint, ZonePlace } from './blueprint.ts';

/** A folder of a zone: everything below it, and nothing beside it. */
export interface Folder {
  readonly zone: ZonePlace;
  /** Below the zone's prefix, without a slash at its end. */
  readonly path: string;
}

/** Where a table lies, and its name in the catalog as `database/table`; DSN files have none. */
export interface TablePlace {
  readonly folder: Folder;
  readonly table: string | undefined;
}

/** What stands before the names of all its objects; ends with a slash. */
export function prefixOf({ zone, path }: Folder): string {
  return `${joinKey(zone.prefix, path)}/`;
}

/** What a dataset is made of: tables where `run` puts them, below their names at the source, and other datasets; a folder of DSN files once, whatever its blocks. */
export function readsOf(blueprint: Blueprint, dataset: Dataset): TablePlace[] {
  const others = new Set(datasetsBelow(dataset));
  const places = [dataset.from, ...dataset.joins.map((join) => join.with)].map((name) =>
    others.has(name)
      ? targetOf(
          blueprint,
          blueprint.datasets.datasets.find((one) => one.name === name)!,
        )
      : tableOf(blueprint, name),
  );
  return [...new Map(places.map((place) => [prefixOf(place.folder), place])).values()];
}

/** Where `run` puts the files that a block stands in. */
export function dsnFolder(blueprint: Blueprint, { path: { target } }: DsnBlock): Folder {
  return { zone: zoneOf(blueprint, target.zone), path: target.prefix };
}

export function targetOf(
  blueprint: Blueprint,
  { target }: Dataset,
  suffix = '',
): TablePlace & { readonly table: string } {
  const table = `${target.database}/${target.table}${suffix}`;
  return { folder: { zone: zoneOf(blueprint, target.zone), path: table }, table };
}

function tableOf(blueprint: Blueprint, name: string): TablePlace {
  const block = findDsnBlock(blueprint.mapping, name);
  if (block !== undefined) return { folder: dsnFolder(blueprint, block), table: undefined };
  const mapped = blueprint.mapping.tables[name];
  if (mapped === undefined)
    throw new LakeliftError(`${name} is no table of the mapping`, {
      kind: 'usage',
      code: 'DATASET_UNDECIDED',
      subject: name,
      hint: `Tables of the mapping: ${Object.keys(blueprint.mapping.tables).join(', ')}.`,
    });
  const { zone, database, table } = mapped.target;
  return { folder: { zone: zoneOf(blueprint, zone), path: name.replace('.', '/') }, table: `${database}/${table}` };
}

/** Lines as they came, and what broke a job: in raw, since they may hold what only raw may hold. No database begins with an underscore. */
export function quarantine(blueprint: Blueprint, { name }: Pick<Dataset, 'name'>): Folder {
  return { zone: zoneOf(blueprint, 'raw'), path: quarantineFolder(blueprint.migration.id, name) };
}

/** What each execution came to; no value of anybody is in it. */
export function audit(blueprint: Blueprint): Folder {
  return { zone: zoneOf(blueprint, 'raw'), path: auditFolder(blueprint.migration.id) };
}

/** Lists of small files that are to be treated. */
export function manifests(blueprint: Blueprint): Folder {
  return { zone: zoneOf(blueprint, 'raw'), path: `_manifests/${blueprint.migration.id}` };
}

/**
 * Holds the key that a function without a key of pseudonyms names its objects by: random bytes that it has put there itself, in raw, where the names that they hide
 * are no secret.
 */
export function namesOf(blueprint: Blueprint, { name }: Pick<Dataset, 'name'>): Folder {
  return { zone: zoneOf(blueprint, 'raw'), path: namesFolder(blueprint.migration.id, name) };
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
