import { createHash } from 'node:crypto';
import type { GeneratedFile } from './blueprint.ts';

export const MANIFEST = 'manifest.json';

/** SHA-256 of each file, by its path: what generating wrote the last time, or what stands there now. */
export type Hashes = ReadonlyMap<string, string>;

export interface FileChange {
  readonly path: string;
  readonly change: 'create' | 'update' | 'remove' | 'none';
  /** Somebody else wrote what stands there, or changed it: it is only replaced on demand. */
  readonly isEdited: boolean;
  /** What it is to hold; undefined when it goes. */
  readonly text: string | undefined;
}

/** What has to happen so that the folder holds these files, and none of those that were made earlier and are no more. The manifest comes last. */
export function planTree(
  useCase: string,
  wanted: readonly GeneratedFile[],
  { made, found }: { readonly made: Hashes; readonly found: Hashes },
): FileChange[] {
  const isEdited = (path: string): boolean => found.has(path) && found.get(path) !== made.get(path);
  const kept = new Set(wanted.map(({ path }) => path));
  const gone = [...made.keys()].filter((path) => !kept.has(path) && found.has(path)).sort();
  const manifest = { path: MANIFEST, text: manifestText(useCase, wanted) };
  return [
    ...wanted.map((file) => {
      const change = changeOf(file, found);
      return { ...file, change, isEdited: change === 'update' && isEdited(file.path) };
    }),
    ...gone.map((path) => ({ path, change: 'remove' as const, isEdited: isEdited(path), text: undefined })),
    // Nobody's but ours: whatever stands there is replaced.
    { ...manifest, change: changeOf(manifest, found), isEdited: false },
  ];
}

function changeOf({ path, text }: GeneratedFile, found: Hashes): 'create' | 'update' | 'none' {
  const there = found.get(path);
  if (there === undefined) return 'create';
  return there === hashOf(text) ? 'none' : 'update';
}

function manifestText(useCase: string, files: readonly GeneratedFile[]): string {
  const hashes = Object.fromEntries(files.map(({ path, text }) => [path, hashOf(text)]));
  return `${JSON.stringify({ useCase, files: hashes }, null, 2)}\n`;
}

export function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
