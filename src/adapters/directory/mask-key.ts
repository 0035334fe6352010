import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LakeliftError, messageOf } from '../../errors.ts';

/** The key that names in reports are masked with, made when it is missing. Whoever has it can try values out: it is readable by its owner only. */
export function maskKey(path: string): Buffer {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, randomBytes(32), { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(path, cause);
  }
  return readFileSync(path);
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
