import type { QueryExecution } from '@aws-sdk/client-athena';
import { isLakeliftError, LakeliftError, messageOf } from '../../errors.ts';
import { awsFailure, commonMeaning, type Meaning } from '../aws/aws-failure.ts';

const SUBJECT_LENGTH = 200;
const DENIED: Meaning = {
  kind: 'denied',
  code: 'ATHENA_DENIED',
  hint: 'Grant athena:StartQueryExecution, GetQueryExecution, GetQueryResults and StopQueryExecution on the workgroup, glue:Get* on the catalog and s3:GetObject on the data.',
};

/** Athena took the statement and says that it failed. Category 2 is the user's (Amazon Athena, AthenaError). */
export function failedExecution({ Status: status }: QueryExecution, sql: string): LakeliftError {
  const { ErrorMessage, ErrorCategory, Retryable } = status?.AthenaError ?? {};
  const message = ErrorMessage ?? status?.StateChangeReason ?? 'the query failed without a reason';
  const subject = sql.slice(0, SUBJECT_LENGTH);
  if (/access ?denied|insufficient permissions|not authorized/i.test(message)) {
    return new LakeliftError(`Athena: ${message}`, { ...DENIED, subject });
  }
  // Athena names the error of Trino's Hive connector before its message.
  if (/^HIVE_(BAD_DATA|CANNOT_OPEN_SPLIT|CURSOR_ERROR|INVALID_METADATA|PARTITION_SCHEMA_MISMATCH)/.test(message)) {
    const hint = 'The files do not hold what the catalog says: see the findings on files and columns.';
    return new LakeliftError(`Athena: ${message}`, { kind: 'corrupt', code: 'ATHENA_UNREADABLE', subject, hint });
  }
  const isUsers = ErrorCategory === 2 && Retryable !== true;
  const hint = isUsers ? 'Mend the statement; the message is Athena’s own.' : 'The message is Athena’s own; run again.';
  const kind = isUsers ? 'usage' : 'unavailable';
  return new LakeliftError(`Athena: ${message}`, { kind, code: 'ATHENA_FAILED', subject, hint });
}

/** Refusals of the calls themselves in the program's own kinds; anything else (an abort, a bug) passes unchanged. */
export function translateAthenaError(error: unknown, sql: string): unknown {
  const failure = isLakeliftError(error) ? undefined : awsFailure(error);
  if (failure === undefined) return error;
  const meaning = /^AccessDenied/.test(failure.code) ? DENIED : (commonMeaning(failure) ?? refused(failure.code));
  const subject = sql.slice(0, SUBJECT_LENGTH);
  return new LakeliftError(`Athena: ${messageOf(error)}`, { ...meaning, subject, cause: error });
}

function refused(code: string): Meaning {
  const hint = 'Check target.engine in lakelift.yaml: workgroup, catalog and outputLocation.';
  return { kind: code === 'InvalidRequestException' ? 'usage' : 'unavailable', code: 'ATHENA_REFUSED', hint };
}
