import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readDatasets } from '../config/datasets-file.ts';
import type { PseudonymScheme } from '../domain/privacy/pseudonym.ts';
import { isLakeliftError } from '../errors.ts';

/**
 * Keys for the pseudonyms of all datasets of a project, made where there are none: outside of the project, for its owner alone to read. They serve the sandbox and
 * nothing else. Returns `privacy.keys` of the configuration.
 */
export async function sandboxKeys(root: string, folder = defaultFolder()): Promise<Record<string, unknown>> {
  const keys: Record<string, unknown> = {};
  for (const { domain, version, from = [] } of await schemesOf(root)) {
    const place = (one: number) => ({ version: one, file: keyFile(folder, domain, one) });
    keys[domain] = { ...place(version), ...(from.length > 0 && { earlier: from.map(place) }) };
  }
  return keys;
}

function defaultFolder(): string {
  return join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local/share'), 'lakelift/sandbox-keys');
}

function keyFile(folder: string, domain: string, version: number): string {
  const file = join(folder, `${domain}-v${version}.key`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  return file;
}

async function schemesOf(root: string): Promise<PseudonymScheme[]> {
  const folder = join(root, 'mappings');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const schemes: PseudonymScheme[] = [];
  for (const name of names.filter((one) => one.endsWith('.datasets.yaml'))) {
    try {
      const { pseudonyms } = await readDatasets(root, name.replace('.datasets.yaml', ''));
      if (pseudonyms !== undefined) schemes.push(pseudonyms);
    } catch (error) {
      // Its own commands say what is wrong with it.
      if (!isLakeliftError(error)) throw error;
    }
  }
  // Of one domain the latest version, which names those before.
  return schemes.sort((one, other) => one.version - other.version);
}
