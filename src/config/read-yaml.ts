import { readFile } from 'node:fs/promises';
import { LineCounter, isMap, isScalar, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { LakeliftError } from '../errors.ts';
import { allowedKeys } from './allowed-keys.ts';

export interface YamlFile<Value> {
  readonly value: Value;
  /** The parsed document with comments and positions, for whoever writes it back. */
  readonly document: Document;
}

/**
 * Reads and validates a YAML file. Every fault is one `usage` error whose message names file, line and column of each problem.
 * Aliases that explode, duplicate keys and unknown keys are refused.
 */
export async function readYaml<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  hint: string,
): Promise<YamlFile<z.output<Schema>>> {
  return parseYaml(await readText(path, hint), path, schema);
}

export function parseYaml<Schema extends z.ZodType>(
  text: string,
  path: string,
  schema: Schema,
): YamlFile<z.output<Schema>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const broken = document.errors.map((error) => `${at(path, lines, error.pos[0])}: ${error.message}`);
  if (broken.length > 0) throw invalid(path, broken);
  const parsed = schema.safeParse(document.toJS({ maxAliasCount: 50 }) ?? {});
  if (parsed.success) return { value: parsed.data, document };
  const faults = parsed.error.issues
    .flatMap((issue) => describe(issue, document, schema))
    .sort((a, b) => a.offset - b.offset);
  throw invalid(
    path,
    faults.map(({ offset, text: fault }) => `${at(path, lines, offset)}: ${fault}`),
  );
}

async function readText(path: string, hint: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new LakeliftError(`${path} cannot be read: ${(cause as Error).message}`, {
      kind: 'usage',
      code: 'FILE_UNREADABLE',
      subject: path,
      hint,
      cause,
    });
  }
}

function invalid(path: string, faults: readonly string[]): LakeliftError {
  return new LakeliftError(faults.join('\n'), {
    kind: 'usage',
    code: 'FILE_INVALID',
    subject: path,
    hint: 'Mend the lines named above; docs and the JSON Schema beside the file list what is allowed.',
  });
}

function at(path: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${path}:${line}:${col}`;
}

function describe(issue: z.core.$ZodIssue, document: Document, schema: z.ZodType): { offset: number; text: string }[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const allowed = allowedKeys(schema, path);
    return issue.keys.map((key) => ({
      offset: keyOffset(document, [...path, key]),
      text: `unknown key "${key}"${path.length > 0 ? ` in ${path.join('.')}` : ''}${allowed.length > 0 ? `; allowed: ${allowed.join(', ')}` : ''}`,
    }));
  }
  if (issue.code === 'invalid_key') {
    const faults = issue.issues.map(({ message }) => message).join('; ');
    return [{ offset: keyOffset(document, path), text: `${path.join('.')}: the key ${faults}` }];
  }
  return [{ offset: valueOffset(document, path), text: `${path.join('.') || 'the file'}: ${issue.message}` }];
}

/** Where the value at `path` begins; of a missing value, where its nearest parent does. */
function valueOffset(document: Document, path: readonly string[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (hasRange(node)) return node.range[0];
  }
  return 0;
}

function keyOffset(document: Document, path: readonly string[]): number {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return 0;
  const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === path.at(-1));
  return hasRange(pair?.key) ? pair.key.range[0] : valueOffset(document, path.slice(0, -1));
}

function hasRange(node: unknown): node is { range: [number, number, number] } {
  return typeof node === 'object' && node !== null && Array.isArray((node as { range?: unknown }).range);
}
