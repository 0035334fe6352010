import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Document, YAMLMap, isMap, isScalar, parseDocument } from 'yaml';
import { NO_DECISIONS, type PermissionDecisions } from '../domain/permissions/permission-review.ts';
import { LakeliftError } from '../errors.ts';
import { permissionsSchema } from './permissions-schema.ts';
import { parseYaml } from './read-yaml.ts';

const HEADER = `Who may do what at the target. Yours to edit: rawWrites; tags.<tag>.on; target, skip and apartFrom of principals; reviewed and skip of policies.
Everything else is written by "lakelift permissions", which changes nothing of yours. Nothing is granted before each policy is reviewed.`;

export function permissionsPath(root: string, useCase: string): string {
  return join(root, 'mappings', 'permissions', `${useCase}.yaml`);
}

/** What people decided so far; nothing when there is no file yet. Throws `usage` naming line and column of every fault. */
export async function readPermissionDecisions(root: string, useCase: string): Promise<PermissionDecisions> {
  const path = permissionsPath(root, useCase);
  const existing = await readIfPresent(path);
  if (existing === undefined) return NO_DECISIONS;
  const { value } = parseYaml(existing, path, permissionsSchema);
  if (value.useCase === useCase) return value;
  throw new LakeliftError(`${path}: useCase is "${value.useCase}", but the file is named ${useCase}.yaml`, {
    kind: 'usage',
    code: 'FILE_INVALID',
    subject: path,
    hint: `Set "useCase: ${useCase}".`,
  });
}

/** Makes the file hold `content`, keeping comments on what stays. Returns whether anything changed. */
export async function writePermissions(root: string, useCase: string, content: object): Promise<boolean> {
  const path = permissionsPath(root, useCase);
  const existing = await readIfPresent(path);
  const document = existing === undefined ? new Document({}) : parseDocument(existing);
  if (existing === undefined) document.commentBefore = HEADER.replace(/^/gm, ' ');
  if (!isMap(document.contents)) document.contents = new YAMLMap();
  fill(document.contents as YAMLMap, content, document);
  const text = document.toString({ lineWidth: 160 });
  if (text === existing) return false;
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, text);
  await rename(temporary, path);
  return true;
}

/** Gives a map exactly these entries in this order; entries that stay keep their comments. */
function fill(map: YAMLMap, content: object, document: Document): void {
  const old = new Map(map.items.map((pair) => [String(isScalar(pair.key) ? pair.key.value : pair.key), pair]));
  map.items = Object.entries(content)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]: [string, unknown]) => {
      const pair = old.get(key) ?? document.createPair(key, null);
      if (isPlainObject(value) && isMap(pair.value)) fill(pair.value, value, document);
      else if (isScalar(pair.value) && !(typeof value === 'object' && value !== null)) pair.value.value = value;
      else pair.value = document.createNode(value);
      return pair;
    });
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
