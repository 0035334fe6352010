import { resolve } from 'node:path';
import { z } from 'zod';
import { LakeliftError } from '../errors.ts';

/** Where a key of pseudonyms stands. */
const keyPlace = {
  version: z.number().int().min(1),
  /** Outside of the project. */
  file: z.string().optional(),
  env: z.string().optional(),
  /** Name or ARN in AWS Secrets Manager. */
  secret: z.string().min(1).optional(),
  /** Its version id: without it, whoever puts another value into the secret changes every pseudonym. */
  secretVersion: z.string().min(1).optional(),
};

function onePlace<Shape extends typeof keyPlace>(shape: Shape) {
  return z
    .strictObject(shape)
    .refine((value) => {
      const { file, env, secret } = value as KeyPlace;
      return [file, env, secret].filter((place) => place !== undefined).length === 1;
    }, 'needs one of file, env and secret')
    .refine((value) => {
      const { secret, secretVersion } = value as KeyPlace;
      return secretVersion === undefined || secret !== undefined;
    }, 'secretVersion goes with secret');
}

/** A version, and one of file, variable and secret. */
export interface KeyPlace {
  readonly version: number;
  readonly file?: string | undefined;
  readonly env?: string | undefined;
  readonly secret?: string | undefined;
  readonly secretVersion?: string | undefined;
}

export const pseudonymKey = onePlace({
  ...keyPlace,
  /** Of versions that this one goes on from: only for building from raw what was rotated. */
  earlier: z.array(onePlace(keyPlace)).default([]),
});

/** `privacy.keys`. */
type Keys = Readonly<Record<string, z.output<typeof pseudonymKey>>>;

/** A place, and the domain whose key of that version stands there. */
export interface NamedKeyPlace {
  readonly domain: string;
  readonly place: KeyPlace;
}

export function keyPlaces(keys: Keys): NamedKeyPlace[] {
  return Object.entries(keys).flatMap(([domain, { earlier, ...latest }]) =>
    [latest, ...earlier].map((place) => ({ domain, place })),
  );
}

/**
 * Throws `usage` (`PSEUDONYM_KEY_SHARED`) where two keys stand in one file, variable or secret. Versions of one domain may stand in versions of one secret; keys of
 * two domains may not, since who may read a secret reads all of them.
 */
export function refuseSharedPlaces(keys: Keys, root: string): void {
  const places = keyPlaces(keys);
  for (const [index, other] of places.entries()) {
    const one = places.slice(0, index).find((earlier) => isSamePlace(earlier, other, root));
    if (one !== undefined) throw sharedKey(one, other);
  }
}

/** Names the places by domain and version alone. */
export function sharedKey(one: NamedKeyPlace, other: NamedKeyPlace): LakeliftError {
  const [first, second] = [one, other].map(({ domain, place }) => `${domain} (version ${place.version})`);
  return new LakeliftError(`${first} and ${second} have the same key of pseudonyms`, {
    kind: 'usage',
    code: 'PSEUDONYM_KEY_SHARED',
    subject: `privacy.keys.${other.domain}`,
    hint: 'Give each domain and version a key of its own, made by "openssl rand -hex 32", in a place of its own: pseudonyms are apart only because their keys are.',
  });
}

function isSamePlace({ domain, place: one }: NamedKeyPlace, other: NamedKeyPlace, root: string): boolean {
  const { file, env, secret, secretVersion } = other.place;
  if (file !== undefined) return one.file !== undefined && resolve(root, one.file) === resolve(root, file);
  if (env !== undefined) return one.env === env;
  if (one.secret === undefined || !isSameSecret(one.secret, secret!)) return false;
  return domain !== other.domain || one.secretVersion === secretVersion;
}

function isSameSecret(one: string, other: string): boolean {
  return one === other || namesInArn(one).includes(other) || namesInArn(other).includes(one);
}

/** The name by which the secret of an ARN may be called as well: AWS puts a dash and six characters after it. */
function namesInArn(secret: string): string[] {
  const [, arn, name] = /^(arn:.*:secret:(.+?))(?:-[A-Za-z0-9]{6})?$/.exec(secret) ?? [];
  return arn === undefined ? [] : [arn, name!, secret.slice(secret.lastIndexOf(':') + 1)];
}
