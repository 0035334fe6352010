import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  BUNDLE_RECORD,
  BUNDLES,
  findBundled,
  readRecord,
  stateOf,
  type BundleRecord,
  type SourceState,
} from '../src/cli/bundle.js';
import type { Plugin } from 'rolldown';

/** Packages with native code, or that look for their parts while they run. */
const APART = /^(node:|@duckdb\/|hive-driver|inquirer|winston)/;
/** For so long after it was replaced: a run that began with it may still load parts of it. */
const KEPT_FOR_MS = 60 * 24 * 3600_000;

/** An import of a module of Node's own reads every name that it gives, and so loads undici, web cryptography and more of what few need. */
const NODE_WITHOUT_IMPORTS: Plugin = {
  name: 'node-without-imports',
  renderChunk: (code) =>
    code
      .replaceAll(
        /^import (?:(\S+?),? )?(?:\* as (\S+) |\{(.+)\} )?from ("node:[^"]+");$/gm,
        (_, whole?: string, all?: string, names?: string, name?: string) =>
          [whole, all, names && `{${names.replaceAll(' as ', ': ')}}`]
            .filter((bound) => bound !== undefined)
            .map((bound) => `const ${bound} = process.getBuiltinModule(${name});`)
            .join(' '),
      )
      .replaceAll(
        /\bimport\(("node:[^"]+")\)/g,
        'Promise.resolve(((whole) => ({ __proto__: whole, default: whole }))(process.getBuiltinModule($1)))',
      ),
};

export interface BundleRequest {
  readonly root: string;
  /** Sources to run, by name, relative to `root`. */
  readonly entries: Readonly<Record<string, string>>;
  readonly folder?: string;
}

/** What every command starts from. */
export const COMMANDS: BundleRequest = {
  root: join(import.meta.dirname, '..'),
  entries: { lakelift: 'src/cli/main.ts' },
};

/** Puts the sources and the packages that they use into a few files, unless that was done with the very same sources. */
export async function bundle({ root, entries, folder = BUNDLES }: BundleRequest): Promise<void> {
  if (Object.keys(entries).every((name) => findBundled(root, name, folder) !== undefined)) return;
  const { rolldown } = await import('rolldown');
  const sources = new Map<string, SourceState>();
  const see = (path: string): void => {
    const state = stateOf(root, path);
    if (state !== undefined) sources.set(path, state);
  };
  see('package-lock.json');
  see('.config/bundle.ts');
  const build = await rolldown({
    cwd: root,
    input: { ...entries },
    platform: 'node',
    // AWS's packages as ES modules, not as the CommonJS that Node itself would load, since only what is used of these is then kept.
    resolve: { conditionNames: ['module', 'node', 'import', 'default'], mainFields: ['module', 'main'] },
    external: APART,
    logLevel: 'warn',
    plugins: [ownSources(root, see), NODE_WITHOUT_IMPORTS],
  });
  const written = join(folder, randomUUID());
  try {
    await build.write({ dir: join(root, written), entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' });
  } finally {
    await build.close();
  }
  const record: BundleRecord = {
    root,
    entries: Object.fromEntries(Object.keys(entries).map((name) => [name, join(written, `${name}.mjs`)])),
    sources: [...sources.values()],
  };
  await writeFile(join(root, written, BUNDLE_RECORD), JSON.stringify(record));
  const replaced = Object.values(readRecord(root, folder)?.entries ?? {})[0];
  await rename(join(root, written, BUNDLE_RECORD), join(root, folder, BUNDLE_RECORD));
  if (replaced !== undefined)
    await utimes(join(root, dirname(replaced)), new Date(), new Date()).catch(() => undefined);
  await deleteReplaced(join(root, folder));
}

/** Each source is looked at before it is read, and knows where it stands, not where the bundle does: its neighbours are found there. */
function ownSources(root: string, see: (path: string) => void): Plugin {
  return {
    name: 'own-sources',
    load(id) {
      if (isOurs(root, id)) see(relative(root, id));
    },
    transform: {
      filter: { code: 'import.meta.url' },
      handler: (code, id) =>
        isOurs(root, id) ? code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)) : undefined,
    },
  };
}

function isOurs(root: string, id: string): boolean {
  const path = relative(root, id);
  return !path.startsWith('..') && !path.includes('node_modules');
}

async function deleteReplaced(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const path = join(folder, entry.name);
    if (Date.now() - (await stat(path)).mtimeMs > KEPT_FOR_MS) await rm(path, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  try {
    await bundle(COMMANDS);
  } catch (error) {
    console.error(
      `Commands start from their sources, which takes longer: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
