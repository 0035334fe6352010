import { isLakeliftError, LakeliftError, messageOf, type ErrorKind } from '../../errors.ts';
import { awsFailure, commonMeaning, type AwsFailure, type Meaning } from '../aws/aws-failure.ts';

/** What was being done, for the words of an error. */
export interface S3Work {
  /** `s3://bucket/key`, or `s3://bucket`. */
  readonly subject: string;
  /** IAM action that it needs, such as `s3:PutObject`. */
  readonly permission: string;
}

const CODES: Readonly<Record<string, Meaning>> = {
  NoSuchBucket: {
    kind: 'not-found',
    code: 'S3_NO_SUCH_BUCKET',
    hint: 'Create the bucket, or correct zones in lakelift.yaml.',
  },
  NoSuchUpload: {
    kind: 'not-found',
    code: 'S3_NO_SUCH_UPLOAD',
    hint: 'The upload was completed or aborted, perhaps by a lifecycle rule; run again.',
  },
  PermanentRedirect: region(),
  AuthorizationHeaderMalformed: region(),
  IllegalLocationConstraintException: region(),
  KeyTooLongError: {
    kind: 'unsupported',
    code: 'S3_KEY_TOO_LONG',
    hint: 'Keys have 1024 bytes at most: map the table to a shorter prefix.',
  },
};

function region(): Meaning {
  return { kind: 'usage', code: 'S3_WRONG_REGION', hint: 'Set target.region to the region of the bucket.' };
}

const PATTERNS: readonly (readonly [RegExp, ErrorKind])[] = [
  // XAmzContent… is also MinIO's word for a wrong checksum.
  [/^(BadDigest|InvalidDigest|XAmzContent\w*Mismatch|InvalidPart|IncompleteBody|EntityTooSmall)$/, 'corrupt'],
  // Another conditional write is under way at that key, which may be our own whose answer was lost: to be sent again (API reference of PutObject, If-None-Match).
  [/^(ConditionalRequestConflict|OperationAborted)$/, 'unavailable'],
  [/^(PreconditionFailed|InvalidPartOrder|ObjectParentIsFile)$/, 'conflict'],
  [/^ExistingObjectIsDirectory$/, 'conflict'],
  [/^(AccessDenied|Forbidden|AllAccessDisabled|AccountProblem|KMS\..*)$/, 'denied'],
  [/^(NoSuchKey|NotFound)$/, 'not-found'],
];

const BY_STATUS: Readonly<Record<number, ErrorKind>> = {
  403: 'denied',
  404: 'not-found',
  409: 'conflict',
  412: 'conflict',
};

const CONFLICT_HINT = 'Something else wrote there in the meantime; run again, and it is compared first.';

const HINTS: Readonly<Record<string, (work: S3Work) => string>> = {
  corrupt: () => 'The store refused bytes that differ from their checksum; nothing was kept. Run again.',
  conflict: () => CONFLICT_HINT,
  denied: ({ permission, subject }) => `Grant ${permission} on ${subject}, and the use of its KMS key if it has one.`,
  'not-found': ({ subject }) => `Check that ${subject} exists and that target.region is its region.`,
  unavailable: () => 'Something else is written there just then; it is tried again.',
  unsupported: () => 'The message is the store’s own.',
};

/** The store's refusals in the program's own kinds; anything else (an abort, a bug) passes unchanged. */
export function translateS3Error(error: unknown, work: S3Work): unknown {
  const failure = isLakeliftError(error) ? undefined : awsFailure(error);
  if (failure === undefined) return error;
  const isElsewhere = failure.status === 301;
  const meaning = isElsewhere
    ? region()
    : (CODES[failure.code] ?? commonMeaning(failure) ?? guess(failure, error, work));
  // The SDK's own advice to programmers stands on lines of its own.
  const [text = ''] = messageOf(error).split('\n');
  const message = `${work.subject}: ${text} (${failure.code})`;
  return new LakeliftError(message, { ...meaning, subject: work.subject, cause: error });
}

/** What a store says of a condition that does not hold, where its own answer was lost. */
export function brokenCondition({ subject }: S3Work, cause: unknown): LakeliftError {
  const message = `${subject}: what stands there is not what the write was bound to`;
  return new LakeliftError(message, { kind: 'conflict', code: 'S3_CONFLICT', hint: CONFLICT_HINT, subject, cause });
}

export async function translated<T>(work: S3Work, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translateS3Error(error, work);
  }
}

function guess(failure: AwsFailure, error: unknown, work: S3Work): Meaning {
  // Size and type of a completed upload are refused as InvalidRequest, which says nothing by itself.
  const isRefusedSum = failure.code === 'InvalidRequest' && /x-amz-(mp-object-size|checksum)/i.test(messageOf(error));
  const kind = isRefusedSum
    ? 'corrupt'
    : (PATTERNS.find(([pattern]) => pattern.test(failure.code))?.[1] ??
      BY_STATUS[failure.status ?? 0] ??
      'unsupported');
  const code = kind === 'unsupported' ? 'S3_REFUSED' : `S3_${kind.toUpperCase().replace('-', '_')}`;
  return { kind, code, hint: HINTS[kind]!(work) };
}

/** True when the store says that there is no such thing: HEAD answers carry no more than a status. */
export function isNotFound(error: unknown): boolean {
  return awsFailure(error)?.status === 404;
}
