import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Mapping } from '../domain/mapping.ts';
import type { UseCaseId } from '../domain/names.ts';
import { LakeliftError } from '../errors.ts';
import { mergeMapping, type MappingDiff } from './merge-mapping.ts';
import { mappingJsonSchema, mappingSchema } from './mapping-schema.ts';
import { parseYaml, readYaml } from './read-yaml.ts';

export function mappingPath(root: string, useCase: string): string {
  return join(root, 'mappings', `${useCase}.yaml`);
}

/** Reads `mappings/<use-case>.yaml`. Throws `usage` naming line and column of every fault, or how to make the file. */
export async function readMapping(root: string, useCase: string): Promise<Mapping> {
  const path = mappingPath(root, useCase);
  const hint = `Run "lakelift map ${useCase}" to propose one, then review it.`;
  const { value } = await readYaml(path, mappingSchema, hint);
  return checkedUseCase(value, useCase, path);
}

/** The same for a text that is not (yet) a file. */
export function parseMapping(text: string, useCase: string, path: string): Mapping {
  return checkedUseCase(parseYaml(text, path, mappingSchema).value, useCase, path);
}

/**
 * Writes a proposal into `mappings/<use-case>.yaml`: a new file, or additions to the one that people edited.
 * An existing file that does not validate is left alone and reported. Nothing is written when nothing changes.
 */
export async function writeMapping(root: string, proposal: Mapping): Promise<MappingDiff> {
  const path = mappingPath(root, proposal.useCase);
  const existing = await readIfPresent(path);
  if (existing !== undefined) parseMapping(existing, proposal.useCase, path);
  const { text, diff } = mergeMapping(existing, proposal);
  if (text !== existing) await replaceFile(path, text);
  await ensureSchema(root);
  return diff;
}

/** Writes the text of a mapping as it is, with the schema for editors beside it. Throws `usage` for one that does not validate. */
export async function writeMappingText(root: string, useCase: string, text: string): Promise<void> {
  const path = mappingPath(root, useCase);
  parseMapping(text, useCase, path);
  await replaceFile(path, text);
  await ensureSchema(root);
}

async function ensureSchema(root: string): Promise<void> {
  const path = join(root, 'mappings', 'mapping.schema.json');
  const schema = mappingJsonSchema();
  if ((await readIfPresent(path)) !== schema) await replaceFile(path, schema);
}

function checkedUseCase(value: Omit<Mapping, 'useCase'> & { useCase: string }, useCase: string, path: string): Mapping {
  if (value.useCase === useCase) return { ...value, useCase: useCase as UseCaseId };
  throw new LakeliftError(`${path}: useCase is "${value.useCase}", but the file is named ${useCase}.yaml`, {
    kind: 'usage',
    code: 'FILE_INVALID',
    subject: path,
    hint: `Set "useCase: ${useCase}".`,
  });
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** In one step: a reader, or a crash, sees the old text or the new one. */
async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, text);
  await rename(temporary, path);
}
