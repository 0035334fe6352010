import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {readonly [path: string, sizeBytes: number, modifiedAtMs: number]} SourceState */

/**
 * What is told of a bundle beside it. All other paths are relative to its root.
 * @typedef {object} BundleRecord
 * @property {string} root Where this copy stands; moved elsewhere, the bundle is of no use, since it knows its neighbours by their places.
 * @property {Readonly<Record<string, string>>} entries The files to run, by name.
 * @property {readonly SourceState[]} sources Everything of ours that it was made of.
 */

/** In `node_modules`, so that it goes with the packages that are in it. */
export const BUNDLES = 'node_modules/.cache/lakelift';
export const BUNDLE_RECORD = 'bundle.json';

/**
 * The bundled entry of that name, as an absolute path; undefined where there is none, or where a source is no longer what it was made of. A bundle
 * is to be run in place of the sources and never says anything else than they do: it loads in half the time, since hundreds of modules are one file.
 * @param {string} root
 * @param {string} name
 * @param {string} [folder]
 * @returns {string | undefined}
 */
export function findBundled(root, name, folder = BUNDLES) {
  const record = readRecord(root, folder);
  const entry = record?.entries[name];
  if (record === undefined || entry === undefined || record.root !== root) return undefined;
  if (stateOf(root, entry) === undefined) return undefined;
  return record.sources.every((source) => isAsItWas(root, source)) ? join(root, entry) : undefined;
}

/**
 * undefined for a file that is gone.
 * @param {string} root
 * @param {string} path
 * @returns {SourceState | undefined}
 */
export function stateOf(root, path) {
  const stats = statSync(join(root, path), { throwIfNoEntry: false });
  return stats && [path, stats.size, stats.mtimeMs];
}

/**
 * @param {string} root
 * @param {SourceState} source
 */
function isAsItWas(root, [path, sizeBytes, modifiedAtMs]) {
  const now = stateOf(root, path);
  return now !== undefined && now[1] === sizeBytes && now[2] === modifiedAtMs;
}

/**
 * undefined where there is none that can be read.
 * @param {string} root
 * @param {string} folder
 * @returns {BundleRecord | undefined}
 */
export function readRecord(root, folder) {
  try {
    return /** @type {BundleRecord} */ (JSON.parse(readFileSync(join(root, folder, BUNDLE_RECORD), 'utf8')));
  } catch {
    return undefined;
  }
}
