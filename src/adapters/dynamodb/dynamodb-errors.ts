import { isLakeliftError, LakeliftError, messageOf } from '../../errors.ts';
import { awsFailure, commonMeaning, type Meaning } from '../aws/aws-failure.ts';

/** What was being done, for the words of an error. */
export interface DynamoDbWork {
  /** A table, or the beginning of the names of some. */
  readonly subject: string;
  /** IAM action that it needs, such as `dynamodb:Scan`. */
  readonly permission: string;
}

const MEANINGS: Readonly<Record<string, Meaning>> = {
  ResourceNotFoundException: {
    kind: 'not-found',
    code: 'DYNAMODB_NOT_FOUND',
    hint: 'A refresh may have deleted it in the meantime; check that target.region is the right one, then run again.',
  },
  ProvisionedThroughputExceededException: {
    kind: 'throttled',
    code: 'AWS_THROTTLED',
    hint: 'It is tried again; if it persists, run it when fewer read from the table.',
  },
};

const REFUSED: Meaning = { kind: 'unsupported', code: 'DYNAMODB_REFUSED', hint: 'The message is the one of DynamoDB.' };

/** Refusals of DynamoDB in the program's own kinds; anything else (an abort, a bug) passes unchanged. */
export function translateDynamoDbError(error: unknown, work: DynamoDbWork): unknown {
  const failure = isLakeliftError(error) ? undefined : awsFailure(error);
  if (failure === undefined) return error;
  const meaning = MEANINGS[failure.code] ?? deniedMeaning(failure.code, work) ?? commonMeaning(failure) ?? REFUSED;
  const message = `${work.subject}: ${messageOf(error)} (${failure.code})`;
  return new LakeliftError(message, { ...meaning, subject: work.subject, cause: error });
}

function deniedMeaning(code: string, { permission, subject }: DynamoDbWork): Meaning | undefined {
  if (!/^AccessDenied/.test(code)) return undefined;
  return { kind: 'denied', code: 'DYNAMODB_DENIED', hint: `Grant ${permission} on ${subject}.` };
}
