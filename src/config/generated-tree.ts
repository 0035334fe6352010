import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { LakeliftError } from '../errors.ts';
import { hashOf, MANIFEST, type FileChange, type Hashes } from '../generate/tree-change.ts';

const manifestSchema = z.object({ files: z.record(z.string(), z.string()) });

export function generatedPath(root: string, useCase: string): string {
  return join(root, 'generated', useCase);
}

/** What generating wrote the last time, and what stands there now of that and of `paths`. Throws `usage` for a manifest that cannot be read. */
export async function readTree(folder: string, paths: readonly string[]): Promise<{ made: Hashes; found: Hashes }> {
  const made = await readManifest(join(folder, MANIFEST));
  const found = new Map<string, string>();
  for (const path of new Set([...paths, ...made.keys(), MANIFEST])) {
    const content = await readIfPresent(join(folder, path));
    if (content !== undefined) found.set(path, hashOf(content));
  }
  return { made, found };
}

/** Each file is there whole or not at all; the manifest is written last. */
export async function writeTree(folder: string, changes: readonly FileChange[]): Promise<void> {
  for (const { path, change, text } of changes) {
    const file = join(folder, path);
    if (change === 'none') continue;
    if (text === undefined) {
      await rm(file);
      continue;
    }
    await mkdir(dirname(file), { recursive: true });
    const temporary = `${file}.${process.pid}.tmp`;
    await writeFile(temporary, text);
    await rename(temporary, file);
  }
}

async function readManifest(path: string): Promise<Hashes> {
  const text = await readIfPresent(path);
  if (text === undefined) return new Map();
  try {
    return new Map(Object.entries(manifestSchema.parse(JSON.parse(text.toString())).files));
  } catch (cause) {
    throw new LakeliftError(`${path} is not what lakelift wrote`, {
      kind: 'usage',
      code: 'FILE_INVALID',
      subject: path,
      hint: 'Take it from version control again, or remove it: then --force replaces what stands there.',
      cause,
    });
  }
}

async function readIfPresent(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
