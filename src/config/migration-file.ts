import { access, readdir } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { hdfsDirectory } from './hdfs-directory.ts';
import { LakeliftError, messageOf } from '../errors.ts';
import type { Migration } from '../domain/migration.ts';

const FOLDER = 'migrations';
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*$/;

const text = z.string().trim().min(1, 'must not be empty');
const hook = z.custom<() => void>((value) => typeof value === 'function', 'must be a function').optional();

const schema = z
  .strictObject({
    id: z.string().regex(KEBAB_CASE, 'must be kebab-case, like the name of its file'),
    title: z.strictObject({ fr: text, en: text }),
    owner: text,
    wave: z.int().min(1),
    source: z.strictObject({
      tables: z.array(z.string().regex(/^[^.\s*]+\.[^.\s]+$/, 'must look like "database.table" or "database.*"')),
      paths: z.array(hdfsDirectory),
    }),
    purpose: text,
    legalBasis: text,
    consumers: z.array(text),
    beforeRun: hook,
    afterRegister: hook,
    checks: z.array(z.strictObject({ name: text, run: hook.unwrap() })),
  })
  .refine(({ source }) => source.tables.length + source.paths.length > 0, {
    path: ['source'],
    error: 'names neither a table nor a path',
  });

/** Ids of the use cases that have a script, sorted. */
export async function listMigrations(root: string): Promise<string[]> {
  const names = await readdir(join(root, FOLDER)).catch(() => []);
  return names
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => name.slice(0, -3))
    .sort();
}

/** Loads `migrations/<use-case>.ts`. Throws `usage`: no such script, a fault in it, or an id that differs from the file's name. */
export async function loadMigration(root: string, useCase: string): Promise<Migration> {
  const path = join(root, FOLDER, `${useCase}.ts`);
  if (!KEBAB_CASE.test(useCase) || !(await exists(path))) throw await unknownUseCase(root, useCase);
  const definition = await importDefault(path);
  const parsed = schema.safeParse(definition);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${path}: ${faultOf(issue)}`);
    throw invalid(path, faults.join('\n'), 'Mend the script; its default export is defineMigration({…}).');
  }
  if (parsed.data.id !== useCase) {
    throw invalid(
      path,
      `${path}: its id is "${parsed.data.id}", but the file is named ${useCase}.ts`,
      'Give the id the name of the file, or rename the file.',
    );
  }
  return definition as Migration;
}

function faultOf(issue: z.core.$ZodIssue): string {
  return `${issue.path.map(String).join('.') || 'default export'}: ${issue.message}`;
}

async function importDefault(path: string): Promise<unknown> {
  resolveOwnName();
  try {
    const module = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as { default?: unknown };
    return module.default;
  } catch (cause) {
    throw invalid(path, `${path} cannot be loaded: ${messageOf(cause)}`, 'Mend the script named above.', cause);
  }
}

let isOwnNameResolved = false;

/** Lets scripts of a project without node_modules `import … from 'lakelift'`: the name stands for the running copy. */
function resolveOwnName(): void {
  if (isOwnNameResolved) return;
  isOwnNameResolved = true;
  const entry = new URL(`../index${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'lakelift' ? { url: entry, shortCircuit: true } : next(specifier, context),
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function unknownUseCase(root: string, useCase: string): Promise<LakeliftError> {
  const known = await listMigrations(root);
  return new LakeliftError(`there is no use case "${useCase}"`, {
    kind: 'usage',
    code: 'USE_CASE_UNKNOWN',
    subject: join(root, FOLDER, `${useCase}.ts`),
    hint:
      known.length > 0
        ? `Known use cases: ${known.join(', ')}.`
        : `Write migrations/${useCase}.ts, or run "lakelift init".`,
  });
}

function invalid(subject: string, message: string, hint: string, cause?: unknown): LakeliftError {
  return new LakeliftError(message, { kind: 'usage', code: 'MIGRATION_INVALID', subject, hint, cause });
}
