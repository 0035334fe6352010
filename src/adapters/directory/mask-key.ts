import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LakeliftError, messageOf } from '../../errors.ts';

/** A key is tried out by guessing values and looking for their tokens: it must not be guessed itself. */
const SHORTEST = 16;

/** The project's own key that names in reports are masked with, made when it is missing. Whoever has it can try values out: it is readable by its owner only. */
export function maskKey(path: string): Buffer {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, randomBytes(32), { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(path, cause);
  }
  return readFileSync(path);
}

/** That key, or one for this time only where there is none: nothing is written. */
export function maskKeyToReadWith(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return randomBytes(32);
  }
}

/** A key that somebody keeps elsewhere, as the text of a file. Throws `usage`. */
export function maskKeyInFile(path: string): Buffer {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw missing(path, `${path} cannot be read: ${messageOf(cause)}`, cause);
  }
  return givenMaskKey(text, path);
}

/** A key as text. `origin` names the variable or file that held it. Throws `usage` where it is absent or can be guessed. */
export function givenMaskKey(text: string | undefined, origin: string): Buffer {
  if (text === undefined) throw missing(origin, `The environment variable ${origin} is not set`);
  const key = text.trim();
  if (key.length >= SHORTEST) return Buffer.from(key);
  throw new LakeliftError(`The mask key in ${origin} is shorter than ${SHORTEST} characters`, {
    kind: 'usage',
    code: 'MASK_KEY_SHORT',
    subject: origin,
    hint: 'Make one with "openssl rand -hex 32" and keep it: with another key, names in reports have other tokens.',
  });
}

function missing(origin: string, message: string, cause?: unknown): LakeliftError {
  return new LakeliftError(message, {
    kind: 'usage',
    code: 'SECRET_MISSING',
    subject: origin,
    hint: 'Provide the key that reports.maskKeyEnvironment or reports.maskKeyFile names, or take the setting out of lakelift.yaml.',
    cause,
  });
}

function unusable(path: string, cause: unknown): LakeliftError {
  return new LakeliftError(`${path} cannot be written: ${messageOf(cause)}`, {
    kind: 'unavailable',
    code: 'MASK_KEY_UNUSABLE',
    subject: path,
    hint: 'Give this user the right to write below state.directory, and free some space.',
    cause,
  });
}
