import { realpathSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { noteSecret } from './adapters/log/redactor.ts';
import { awsSettings } from './compose.ts';
import { readSecret } from './compose-secrets.ts';
import type { Project } from './config/config.ts';
import type { KeyPlace } from './config/pseudonym-key.ts';
import { parseKey, type PseudonymScheme } from './domain/privacy/pseudonym.ts';
import { isLakeliftError, LakeliftError, messageOf } from './errors.ts';

// The part of compose.ts that knows where keys of pseudonyms stand; no other file but those sees adapters either.

/** The keys of a domain's pseudonyms by version, from the files, variables or secrets that the configuration names. Throws `usage`; what Secrets Manager throws. */
export async function readPseudonymKeys(
  project: Project,
  { domain }: PseudonymScheme,
  versions: readonly number[],
): Promise<ReadonlyMap<number, Uint8Array>> {
  const subject = `privacy.keys.${domain}`;
  const known = project.config.privacy.keys[domain];
  const keys = new Map<number, Uint8Array>();
  for (const version of versions) {
    const place = [known, ...(known?.earlier ?? [])].find((one) => one?.version === version);
    if (place === undefined)
      throw unusableKey(subject, `lakelift.yaml has no key of version ${version} for the domain ${domain}`);
    keys.set(version, await readKey(project, place, subject));
  }
  return keys;
}

async function readKey(project: Project, place: KeyPlace, subject: string): Promise<Uint8Array> {
  try {
    return parseKey(await readPlace(project, place));
  } catch (cause) {
    if (isLakeliftError(cause)) throw cause;
    throw unusableKey(subject, messageOf(cause), cause);
  }
}

async function readPlace(project: Project, { file, env, secret, secretVersion }: KeyPlace): Promise<string> {
  if (file !== undefined) return readSecret(outside(project.root, file));
  if (env !== undefined) return readVariable(env);
  // Loaded where it is needed: no other command pays for it.
  const { SecretsManager } = await import('./adapters/aws/secrets-manager.ts');
  const endpoint = project.config.target.secretsManager?.endpoint;
  return new SecretsManager({ ...awsSettings(project.config), endpoint }).read(secret!, secretVersion);
}

/** What lies in the project ends in its repository, its packages and its backups, beside the pseudonyms. */
function outside(root: string, file: string): string {
  const real = realpathSync(isAbsolute(file) ? file : join(root, file));
  const way = relative(realpathSync(root), real);
  if (way.startsWith('..') || isAbsolute(way)) return real;
  throw new RangeError(`the file ${file} lies in the project`);
}

function readVariable(name: string): string {
  const secret = process.env[name];
  if (secret === undefined) throw new RangeError(`there is nothing in the variable ${name}`);
  noteSecret(secret);
  return secret;
}

function unusableKey(subject: string, what: string, cause?: unknown): LakeliftError {
  return new LakeliftError(`The key of pseudonyms cannot be used: ${what}`, {
    kind: 'usage',
    code: 'PSEUDONYM_KEY_UNUSABLE',
    subject,
    hint: 'Keep a key made by "openssl rand -hex 32" outside of the project, and name its file, variable or secret under privacy.keys.',
    cause,
  });
}
