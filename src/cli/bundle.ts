import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What is told of a bundle beside it. All other paths are relative to its root. */
export interface BundleRecord {
  /** Where this copy stands; moved elsewhere, the bundle is of no use, since it knows its neighbours by their places. */
  readonly root: string;
  /** The files to run, by name. */
  readonly entries: Readonly<Record<string, string>>;
  /** Everything of ours that it was made of. */
  readonly sources: readonly SourceState[];
}

export type SourceState = readonly [path: string, sizeBytes: number, modifiedAtMs: number];

/** In `node_modules`, so that it goes with the packages that are in it. */
export const BUNDLES = 'node_modules/.cache/lakelift';
export const BUNDLE_RECORD = 'bundle.json';

/**
 * The bundled entry of that name, as an absolute path; undefined where there is none, or where a source is no longer what it was made of. A bundle
 * is to be run in place of the sources and never says anything else than they do: it loads in half the time, since hundreds of modules are one file.
 */
export function findBundled(root: string, name: string, folder = BUNDLES): string | undefined {
  const record = readRecord(root, folder);
  const entry = record?.entries[name];
  if (entry === undefined || record!.root !== root || stateOf(root, entry) === undefined) return undefined;
  return record!.sources.every((source) => isAsItWas(root, source)) ? join(root, entry) : undefined;
}

/** undefined for a file that is gone. */
export function stateOf(root: string, path: string): SourceState | undefined {
  const stats = statSync(join(root, path), { throwIfNoEntry: false });
  return stats && [path, stats.size, stats.mtimeMs];
}

function isAsItWas(root: string, [path, sizeBytes, modifiedAtMs]: SourceState): boolean {
  const now = stateOf(root, path);
  return now !== undefined && now[1] === sizeBytes && now[2] === modifiedAtMs;
}

/** undefined where there is none that can be read. */
export function readRecord(root: string, folder: string): BundleRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(root, folder, BUNDLE_RECORD), 'utf8')) as BundleRecord;
  } catch {
    return undefined;
  }
}
