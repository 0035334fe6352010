import { findDsnBlock } from '../domain/dsn/dsn-block.ts';
import { s3Location } from '../domain/location.ts';
import type { RunId } from '../domain/names.ts';
import { SMALL_FILES } from '../domain/privacy/dataset-folder.ts';
import { datasetsBelow } from '../domain/privacy/dataset-order.ts';
import type { Dataset } from '../domain/privacy/dataset.ts';
import { smallFilesWay, type LeftOut, type SmallFilesWay } from '../domain/privacy/small-objects.ts';
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
  readonly way: SmallFilesWay;
  /** Names of datasets that are made of its own table. */
  readonly above: readonly string[];
  /** undefined but where functions make it. */
  readonly manifest: Manifest | undefined;
}

type Found = Omit<Listed, 'manifest'>;

export interface ListRequest {
  readonly blueprint: Blueprint;
  readonly names: readonly string[];
  readonly options: ManifestOptions;
  readonly ledger: Ledger;
  readonly platform: Pick<Platform, 'store' | 'targetCatalog'>;
  readonly signal: AbortSignal;
}

/**
 * Lists the objects of all datasets first, and then writes their manifests. Of datasets that are not asked for, it says what makes them. Throws `usage` for what
 * somebody has to decide, and where nothing is to be listed.
 */
export async function listManifests(request: ListRequest): Promise<Listed[]> {
  const { blueprint, names, options, ledger, platform, signal } = request;
  const { store } = platform;
  const { id } = blueprint.migration;
  const runs = ledger.listRuns();
  const [last] = runs;
  if (last === undefined) throw noRun(id);
  const broughtBy = options.since === undefined ? undefined : runsSince(options.since, runs);
  const small = datasetsWithFunction(blueprint, names);
  const found: Found[] = [];
  for (const dataset of small) found.push(await lookAt(dataset, { ...request, runId: last.runId, broughtBy }));
  if (found.every(({ way }) => way !== 'functions')) throw nothingToList(id, found);
  const folder = manifests(blueprint);
  const listed: Listed[] = [];
  for (const one of found) {
    const { name } = one.dataset;
    const owner = `${id}/${name}`;
    const where = { owner, name: `${prefixOf(folder)}${name}`, bucket: folder.zone.bucket };
    const put = { ...where, objects: one.objects, store, isConfirmed: options.dryRun !== true, signal };
    listed.push({ ...one, manifest: one.way === 'functions' ? await putManifest(put) : undefined });
  }
  return listed;
}

interface Look extends ListRequest {
  /** The last run. */
  readonly runId: RunId;
  readonly broughtBy: ReadonlySet<RunId> | undefined;
}

const NOTHING: SmallFiles = { objects: [], sizeBytes: 0, leftOut: {} };

async function lookAt(dataset: Dataset, look: Look): Promise<Found> {
  const { blueprint, names, platform, broughtBy, signal } = look;
  const { database, table } = dataset.target;
  const stands = async (name: string): Promise<boolean> =>
    (await platform.targetCatalog.findTable({ database, name }, signal)) !== undefined;
  const isBuilt = await stands(table);
  const hasSmallFiles = await stands(`${table}${SMALL_FILES}`);
  const above = blueprint.datasets.datasets
    .filter((other) => datasetsBelow(other).includes(dataset.name))
    .map(({ name }) => name);
  // Its job would bring what its function has taken once more, and the others cannot be made without.
  if (above.length > 0 && hasSmallFiles && !isBuilt) throw builtByNone(dataset, above);
  const isNamed = names.length === 0 || names.includes(dataset.name);
  // A build that never was has read nothing.
  const files = isNamed ? await filesOf(dataset, { ...look, broughtBy: isBuilt ? broughtBy : undefined }) : NOTHING;
  const objects = files.objects.length;
  const isBelow = above.length > 0;
  const way = smallFilesWay({ isBuilt, hasSmallFiles, isBelow, isNamed, objects, leftOut: files.leftOut });
  const found = { ...files, dataset, above, way };
  if (names.includes(dataset.name) && way !== 'functions') throw nothingToList(dataset.name, [found]);
  // Rows that the build has would be in both tables.
  if (isBuilt && objects > 0 && broughtBy === undefined) throw builtAlready(dataset, look.runId);
  return way === 'functions' ? found : { ...found, objects: [], sizeBytes: 0 };
}

function filesOf(dataset: Dataset, look: Look): Promise<SmallFiles> {
  const { blueprint, ledger, platform, runId, broughtBy, signal } = look;
  const { mapping } = blueprint;
  const block = findDsnBlock(mapping, dataset.from);
  const folder = block && dsnFolder(blueprint, block);
  const dsnLocation = folder && s3Location(folder.zone.bucket, prefixOf(folder));
  return listSmallFiles({ dataset, mapping, dsnLocation, ledger, runId, broughtBy, store: platform.store, signal });
}

/** In the order of their declaration. Throws `usage` for a name of one that has no function. */
function datasetsWithFunction(blueprint: Blueprint, names: readonly string[]): Dataset[] {
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
  return small;
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

function builtByNone({ name, target: { database, table } }: Dataset, above: readonly string[]): LakeliftError {
  const beside = `${database}.${table}${SMALL_FILES}`;
  return new LakeliftError(`${above.join(', ')} cannot be made: ${name} stands in ${beside} alone`, {
    kind: 'usage',
    code: 'MANIFEST_UNBUILT',
    subject: name,
    hint: `Other datasets are made of ${database}.${table}, which no function fills. Build ${name} first, by "lakelift zones build" or its job, and remove ${beside} with its objects: their rows would be in both tables. Nothing was written.`,
  });
}

function nothingToList(subject: string, found: readonly Found[]): LakeliftError {
  const { reasons, byItsJob, whys } = MANIFEST_WORDS.en;
  const leftOut = sumOf(found);
  const whatJobsDo = found.some(({ way }) => way === undefined)
    ? 'With {} as input, jobs make all datasets whole, and what functions have taken of them is there twice'
    : 'With {} as input, jobs make the datasets';
  const why = [
    ...leftOutOf(leftOut).map(([reason, count]) => `${count} left out: ${reasons[reason]}`),
    ...found.flatMap(({ dataset, way }) => (typeof way === 'object' ? byItsJob(dataset.name, whys[way.byJob]) : [])),
  ];
  return new LakeliftError(`${subject} has no object for a function to take`, {
    kind: 'usage',
    code: 'MANIFEST_EMPTY',
    subject,
    hint: [...why, 'Nothing was written', whatJobsDo, ''].join('. ').trimEnd(),
    details: leftOut,
  });
}

function sumOf(found: readonly Found[]): SmallFiles['leftOut'] {
  const leftOut: Partial<Record<LeftOut, number>> = {};
  for (const one of found)
    for (const [why, count] of leftOutOf(one.leftOut)) leftOut[why] = (leftOut[why] ?? 0) + count;
  return leftOut;
}

export function leftOutOf(leftOut: SmallFiles['leftOut']): [LeftOut, number][] {
  return Object.entries(leftOut) as [LeftOut, number][];
}
