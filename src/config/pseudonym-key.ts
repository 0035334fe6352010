import { z } from 'zod';

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
