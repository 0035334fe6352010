import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { noteSecret } from './adapters/log/redactor.ts';
import { awsSettings } from './compose.ts';
import { readSecret } from './compose-secrets.ts';
import type { Project } from './config/config.ts';
import { keyPlaces, sharedKey, type KeyPlace, type NamedKeyPlace } from './config/pseudonym-key.ts';
import { hmacPads, parseKey, type PseudonymScheme } from './domain/privacy/pseudonym.ts';
import { isLakeliftError, LakeliftError, messageOf } from './errors.ts';

// The part of compose.ts that knows where keys of pseudonyms stand; no other file but those sees adapters either.

/**
 * The keys of a domain's pseudonyms by version, from the files, variables or secrets that the configuration names. Throws `usage`, also where another place holds
 * one of them (`PSEUDONYM_KEY_SHARED`); what Secrets Manager throws.
 */
export async function readPseudonymKeys(
  project: Project,
  { domain }: PseudonymScheme,
  versions: readonly number[],
): Promise<ReadonlyMap<number, Uint8Array>> {
  const subject = `privacy.keys.${domain}`;
  const keys = new Map<number, Uint8Array>();
  for (const version of versions) {
    const place = findPlace(project, domain, version);
    if (place === undefined)
      throw unusableKey(subject, `lakelift.yaml has no key of version ${version} for the domain ${domain}`);
    keys.set(version, await readKey(project, place, subject));
  }
  await refuseSameKeys(project, domain, keys);
  return keys;
}

/**
 * The keys that turn pseudonyms of earlier versions into those of a scheme: its own, and, for versions before the last, those in between that the configuration names
 * and that are there. An old key may be destroyed: what cannot be turned then is told where it stands. Throws as {@link readPseudonymKeys} does.
 */
export async function readRotationKeys(
  project: Project,
  scheme: PseudonymScheme,
): Promise<ReadonlyMap<number, Uint8Array>> {
  let keys = await readPseudonymKeys(project, scheme, [scheme.version]);
  // No key leads on from what came before one that is gone.
  for (const version of (scheme.from ?? []).slice(0, -1)) {
    const place = findPlace(project, scheme.domain, version);
    if (place === undefined || !mayBeThere(project, place)) break;
    try {
      keys = await readPseudonymKeys(project, scheme, [...keys.keys(), version]);
    } catch (error) {
      if (!isLakeliftError(error, 'not-found')) throw error;
      break;
    }
  }
  return keys;
}

function findPlace(project: Project, domain: string, version: number): KeyPlace | undefined {
  const known = project.config.privacy.keys[domain];
  return [known, ...(known?.earlier ?? [])].find((one) => one?.version === version);
}

/** Of a secret only Secrets Manager knows. */
function mayBeThere({ root }: Project, { file, env }: KeyPlace): boolean {
  if (file !== undefined) return existsSync(isAbsolute(file) ? file : join(root, file));
  return env === undefined || process.env[env] !== undefined;
}

/**
 * Other keys than those that were asked for are compared where they stand on this machine: a secret of another domain is not for this command to read, and an old
 * key may be destroyed.
 */
async function refuseSameKeys(project: Project, domain: string, keys: ReadonlyMap<number, Uint8Array>): Promise<void> {
  const known: { readonly named: NamedKeyPlace; readonly key: Uint8Array }[] = [];
  for (const named of keyPlaces(project.config.privacy.keys)) {
    const asked = named.domain === domain ? keys.get(named.place.version) : undefined;
    const key = asked ?? (await keyHere(project, named.place));
    if (key === undefined) continue;
    const same = known.find((one) => isSameKey(one.key, key));
    if (same !== undefined && [same.named.domain, named.domain].includes(domain)) throw sharedKey(same.named, named);
    known.push({ named, key });
  }
}

async function keyHere(project: Project, place: KeyPlace): Promise<Uint8Array | undefined> {
  if (place.secret !== undefined) return undefined;
  try {
    return await readKey(project, place, '');
  } catch {
    // Whoever needs it is told why it cannot be used.
    return undefined;
  }
}

/** As HMAC has them: zeros at the end of a short key are none of it. */
function isSameKey(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.from(hmacPads(one).inner).equals(hmacPads(other).inner);
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
