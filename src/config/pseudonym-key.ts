import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { LEAST_KEY_BYTES, type PseudonymScheme } from '../domain/privacy/pseudonym.ts';
import { LakeliftError } from '../errors.ts';
import type { Project } from './config.ts';

/**
 * The key of a domain's pseudonyms, from the file or the environment that lakelift.yaml names: hexadecimal or Base64, 32 bytes or more. Throws `usage` without
 * ever repeating it.
 */
export async function readPseudonymKey(
  { root, config }: Project,
  { domain, version }: PseudonymScheme,
  environment: NodeJS.ProcessEnv,
): Promise<Uint8Array> {
  const known = config.privacy.keys[domain];
  const subject = `privacy.keys.${domain}`;
  if (known?.version !== version)
    throw unusable(subject, `lakelift.yaml has no key of version ${version} for the domain ${domain}`);
  const text =
    known.file === undefined
      ? environment[known.env!]
      : await readFile(isAbsolute(known.file) ? known.file : join(root, known.file), 'utf8').catch(() => undefined);
  if (text === undefined) throw unusable(subject, `there is nothing in ${known.file ?? `the variable ${known.env}`}`);
  const trimmed = text.trim();
  const bytes = Buffer.from(trimmed, /^([0-9a-f]{2})+$/i.test(trimmed) ? 'hex' : 'base64');
  if (bytes.length < LEAST_KEY_BYTES) throw unusable(subject, `the key has fewer than ${LEAST_KEY_BYTES} bytes`);
  return bytes;
}

function unusable(subject: string, what: string): LakeliftError {
  return new LakeliftError(`The key of pseudonyms cannot be used: ${what}`, {
    kind: 'usage',
    code: 'PSEUDONYM_KEY_UNUSABLE',
    subject,
    hint: 'Keep a key made by "openssl rand -hex 32" outside of the project, and name its file or variable under privacy.keys.',
  });
}
