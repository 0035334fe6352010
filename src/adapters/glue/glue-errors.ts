import { isLakeliftError, LakeliftError, messageOf } from '../../errors.ts';
import { awsFailure, commonMeaning, type Meaning } from '../aws/aws-failure.ts';

/** What was being done, for the words of an error. */
export interface GlueWork {
  /** `database` or `database.table`. */
  readonly subject: string;
  /** IAM action that it needs, such as `glue:CreateTable`. */
  readonly permission: string;
}

/** Of a request, or an entry of one, that breaks a rule of the API. */
export const INVALID = 'GLUE_INVALID';

const MEANINGS: Readonly<Record<string, Meaning>> = {
  EntityNotFoundException: {
    kind: 'not-found',
    code: 'GLUE_NOT_FOUND',
    hint: 'It may have been deleted in the meantime; check that target.region is the right one, then run again.',
  },
  AlreadyExistsException: {
    kind: 'conflict',
    code: 'GLUE_ALREADY_EXISTS',
    hint: 'Somebody else made it in the meantime; run again, and it is compared first.',
  },
  ConcurrentModificationException: changed(),
  VersionMismatchException: changed(),
  InvalidInputException: invalid(),
  ValidationException: invalid(),
  ResourceNumberLimitExceededException: {
    kind: 'usage',
    code: 'GLUE_QUOTA',
    hint: 'A quota of the AWS account is reached: have it raised in Service Quotas.',
  },
  ConcurrentRunsExceededException: throttled(),
  OperationTimeoutException: unavailable(),
  ResourceNotReadyException: unavailable(),
  InternalServiceException: unavailable(),
};

function changed(): Meaning {
  return { kind: 'conflict', code: 'GLUE_CHANGED', hint: 'It changed since it was read; run again.' };
}

function invalid(): Meaning {
  return { kind: 'usage', code: INVALID, hint: 'Change the mapping so that it keeps the rule of the catalog.' };
}

function throttled(): Meaning {
  return { kind: 'throttled', code: 'AWS_THROTTLED', hint: 'It is tried again; if it persists, lower limits.' };
}

function unavailable(): Meaning {
  return { kind: 'unavailable', code: 'AWS_UNAVAILABLE', hint: 'The catalog is in trouble; run again.' };
}

/** The catalog's refusals in the program's own kinds; anything else (an abort, a bug) passes unchanged. */
export function translateGlueError(error: unknown, work: GlueWork): unknown {
  if (isLakeliftError(error)) return error;
  const failure = awsFailure(error);
  if (failure === undefined) return error;
  const meaning = MEANINGS[failure.code] ?? deniedMeaning(failure.code, work) ?? commonMeaning(failure) ?? REFUSED;
  const message = `${work.subject}: ${messageOf(error)} (${failure.code})`;
  return new LakeliftError(message, { ...meaning, subject: work.subject, cause: error });
}

const REFUSED: Meaning = { kind: 'unsupported', code: 'GLUE_REFUSED', hint: 'The message is the catalog’s own.' };

function deniedMeaning(code: string, { permission, subject }: GlueWork): Meaning | undefined {
  if (!/^(AccessDenied|GlueEncryption|PermissionType)/.test(code)) return undefined;
  const hint = `Grant ${permission} on the catalog, the database and ${subject}, in IAM and in Lake Formation.`;
  return { kind: 'denied', code: 'GLUE_DENIED', hint };
}

/** The code of one entry's refusal in a batch, as stable as those of whole calls. */
export function batchErrorCode(code: string | undefined): string {
  return MEANINGS[code ?? '']?.code ?? code ?? 'GLUE_REFUSED';
}

export function isEntityNotFound(error: unknown): boolean {
  return awsFailure(error)?.code === 'EntityNotFoundException';
}
