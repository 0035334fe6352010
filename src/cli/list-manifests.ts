import { findDsnBlock } from '../domain/dsn/dsn-block.ts';
import { s3Location } from '../domain/location.ts';
import type { RunId } from '../domain/names.ts';
import type { Dataset } from '../domain/privacy/dataset.ts';
import type { LeftOut } from '../domain/privacy/small-objects.ts';
import { LakeliftError } from '../errors.ts';
import type { Blueprint } from '../generate/blueprint.ts';
import { takesSmallFiles } from '../generate/names.ts';
import { dsnFolder, manifests, prefixOf } from '../generate/places.ts';
import type { Ledger, RunRecord } from '../ports/ledger.ts';
import type { Platform } from '../ports/platform.ts';
import { listSmallFiles, type SmallFiles } from '../steps/zones/list-small-files.ts';
import { putManifest, type Manifest } from '../steps/zones/put-manifest.ts';
import { noRun } from './use-case.ts';
import { MANIFEST_WORDS } from './zones-manifest-words.ts';

export interface ManifestOptions {
  readonly since?: string;
  readonly dryRun?: boolean;
}

export interface Listed extends SmallFiles {
  readonly dataset: Dataset;
  /** undefined where there is nothing to list. */
  readonly manifest: Manifest | undefined;
}

export interface ListRequest {
  readonly blueprint: Blueprint;
  readonly names: readonly string[];
  readonly options: ManifestOptions;
  readonly ledger: Ledger;
  readonly platform: Pick<Platform, 'store' | 'targetCatalog'>;
  readonly signal: AbortSignal;
}

/** Lists the objects of all datasets first, and then writes their manifests. Throws `usage` for what somebody has to decide, and where nothing is to be listed. */
export async function listManifests({
  blueprint,
  names,
  options,
  ledger,
  platform,
  signal,
}: ListRequest): Promise<Listed[]> {
  const { mapping, migration } = blueprint;
  const { store, targetCatalog } = platform;
  const runs = ledger.listRuns();
  const [last] = runs;
  if (last === undefined) throw noRun(migration.id);
  const broughtBy = options.since === undefined ? undefined : runsSince(options.since, runs);
  const found: (SmallFiles & { readonly dataset: Dataset })[] = [];
  for (const dataset of chosen(blueprint, names)) {
    const block = findDsnBlock(mapping, dataset.from);
    const folder = block && dsnFolder(blueprint, block);
    const dsnLocation = folder && s3Location(folder.zone.bucket, prefixOf(folder));
    const request = { dataset, mapping, dsnLocation, ledger, runId: last.runId, broughtBy, store, signal };
    const files = await listSmallFiles(request);
    if (files.objects.length === 0 && names.length > 0) throw nothingToList(dataset.name, files);
    const { database, table: name } = dataset.target;
    const isBuilt =
      files.objects.length > 0 && (await targetCatalog.findTable({ database, name }, signal)) !== undefined;
    // Rows that the build has would stand in both tables.
    if (isBuilt && broughtBy === undefined) throw builtAlready(dataset, last.runId);
    found.push({ ...files, dataset });
  }
  if (found.every(({ objects }) => objects.length === 0)) throw nothingToList(migration.id, sumOf(found));
  const folder = manifests(blueprint);
  const listed: Listed[] = [];
  for (const one of found) {
    const { name } = one.dataset;
    const owner = `${migration.id}/${name}`;
    const where = { owner, name: `${prefixOf(folder)}${name}`, bucket: folder.zone.bucket };
    const request = { ...where, objects: one.objects, store, isConfirmed: options.dryRun !== true, signal };
    listed.push({ ...one, manifest: one.objects.length === 0 ? undefined : await putManifest(request) });
  }
  return listed;
}

/** In the order of their declaration. Throws `usage` for one that has no function. */
function chosen(blueprint: Blueprint, names: readonly string[]): Dataset[] {
  const small = blueprint.datasets.datasets.filter((dataset) => takesSmallFiles(blueprint, dataset));
  const unknown = names.find((name) => small.every((dataset) => dataset.name !== name));
  if (unknown !== undefined || small.length === 0)
    throw new LakeliftError(`${unknown ?? blueprint.migration.id} has no function for small files`, {
      kind: 'usage',
      code: 'NO_SMALL_FILES',
      subject: unknown ?? blueprint.migration.id,
      hint:
        small.length === 0
          ? 'Sums, and joins other than of blocks of one DSN file, are made by Glue jobs alone: start the state machine with {}.'
          : `These have one: ${small.map(({ name }) => name).join(', ')}. Others are made by their Glue jobs.`,
    });
  return names.length === 0 ? small : small.filter(({ name }) => names.includes(name));
}

/** `runs` are newest first. */
function runsSince(since: string, runs: readonly RunRecord[]): ReadonlySet<RunId> {
  const at = runs.findIndex(({ runId }) => runId === since);
  if (at >= 0) return new Set(runs.slice(0, at + 1).map(({ runId }) => runId));
  throw new LakeliftError(`There is no run ${since}`, {
    kind: 'usage',
    code: 'RUN_NOT_FOUND',
    subject: since,
    hint: `The last ones are ${runs
      .slice(0, 5)
      .map(({ runId }) => runId)
      .join(', ')}.`,
  });
}

function builtAlready({ name, target: { database, table: own } }: Dataset, last: RunId): LakeliftError {
  return new LakeliftError(`${database}.${own} stands: rows of objects that its build has read would be there twice`, {
    kind: 'usage',
    code: 'MANIFEST_SINCE',
    subject: name,
    hint: `Give --since with the first run that the build has not seen; the last run is ${last}. Nothing was written.`,
  });
}

function nothingToList(subject: string, { leftOut }: Pick<SmallFiles, 'leftOut'>): LakeliftError {
  const { reasons } = MANIFEST_WORDS.en;
  const why = leftOutOf(leftOut).map(([reason, count]) => `${count} ${reasons[reason]}`);
  return new LakeliftError(`${subject} has no object for a function to take`, {
    kind: 'usage',
    code: 'MANIFEST_EMPTY',
    subject,
    hint:
      why.length === 0
        ? 'Its tables and folders have no file: run the use case first, or start the state machine with {}.'
        : `Left out: ${why.join('. ')}. Nothing was written; with {} as input, jobs make the datasets.`,
    details: leftOut,
  });
}

function sumOf(found: readonly Pick<SmallFiles, 'leftOut'>[]): Pick<SmallFiles, 'leftOut'> {
  const leftOut: Partial<Record<LeftOut, number>> = {};
  for (const one of found)
    for (const [why, count] of leftOutOf(one.leftOut)) leftOut[why] = (leftOut[why] ?? 0) + count;
  return { leftOut };
}

export function leftOutOf(leftOut: SmallFiles['leftOut']): [LeftOut, number][] {
  return Object.entries(leftOut) as [LeftOut, number][];
}
