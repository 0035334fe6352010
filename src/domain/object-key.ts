import { s3Key, type S3Key } from './names.ts';
import type { Reason } from './plan.ts';

/** S3 takes keys of at most 1024 bytes of UTF-8. */
const MAX_KEY_BYTES = 1024;

/** Joins the parts of a key with one slash each, leaving out empty ones; nothing is encoded. */
export function joinKey(...parts: readonly string[]): S3Key {
  return s3Key(
    parts
      .map((part) => part.replace(/^\/+|\/+$/g, ''))
      .filter((part) => part !== '')
      .join('/'),
  );
}

/** Why S3 or the engines that read it cannot take a key; undefined when they can. */
export function keyProblem(key: S3Key): Reason | undefined {
  const length = new TextEncoder().encode(key).length;
  if (length > MAX_KEY_BYTES) {
    return {
      code: 'KEY_TOO_LONG',
      text: `its key would have ${length} bytes of UTF-8; S3 takes ${MAX_KEY_BYTES}`,
      hint: 'Shorten the prefix in the mapping or rename the file at the source.',
    };
  }
  if (key.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')) {
    return {
      code: 'KEY_SEGMENT',
      text: `its key "${key}" holds an empty, "." or ".." segment, which S3 clients and Athena rewrite`,
      hint: 'Mend the prefix in the mapping.',
    };
  }
  return undefined;
}
