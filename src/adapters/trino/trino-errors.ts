import { LakeliftError, messageOf } from '../../errors.ts';

/** The `error` of an answer (Trino's QueryError). */
export interface TrinoFailure {
  readonly message: string;
  readonly errorName: string;
  readonly errorType: string;
}

const SUBJECT_LENGTH = 200;

/** Names of errors by which the Hive connector says that files and table do not fit (HiveErrorCode). */
const UNREADABLE =
  /^HIVE_(BAD_DATA|CANNOT_OPEN_SPLIT|CURSOR_ERROR|INVALID_METADATA|INVALID_PARTITION_VALUE|PARTITION_SCHEMA_MISMATCH|SERDE_NOT_FOUND|UNSUPPORTED_FORMAT|INVALID_BUCKET_FILES)$/;

/** Trino took the statement and says that it failed. */
export function refusedStatement({ message, errorName, errorType }: TrinoFailure, sql: string): LakeliftError {
  const subject = sql.slice(0, SUBJECT_LENGTH);
  if (errorName === 'PERMISSION_DENIED') {
    const hint = 'Grant SELECT to the user of target.engine.';
    return new LakeliftError(message, { kind: 'denied', code: 'TRINO_DENIED', subject, hint });
  }
  if (UNREADABLE.test(errorName)) {
    const hint = 'The files do not hold what the catalog says: see the findings on files and columns.';
    return new LakeliftError(message, { kind: 'corrupt', code: `TRINO_${errorName}`, subject, hint });
  }
  const isUsers = errorType === 'USER_ERROR';
  return new LakeliftError(message, {
    kind: isUsers ? 'usage' : 'unavailable',
    code: `TRINO_${errorName}`,
    subject,
    hint: isUsers
      ? 'The engine refuses the statement; its message says why.'
      : 'Look at the engine’s own log, then run again.',
  });
}

/** Something answers, and it refuses the exchange itself. */
export function refusedExchange(status: number, host: string, text: string): LakeliftError {
  return new LakeliftError(`Trino at ${host} answers HTTP ${status}: ${text.slice(0, SUBJECT_LENGTH)}`, {
    kind: status === 401 || status === 403 ? 'denied' : status >= 500 ? 'unavailable' : 'usage',
    code: 'TRINO_REFUSED',
    subject: host,
    hint: 'Check target.engine in lakelift.yaml.',
  });
}

export function unreachable(host: string, cause: unknown): LakeliftError {
  // fetch says only "fetch failed" and hides the reason one level below.
  const reason = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause;
  return new LakeliftError(`Trino at ${host} does not answer: ${messageOf(reason)}`, {
    kind: 'unavailable',
    code: 'TRINO_UNAVAILABLE',
    subject: host,
    hint: 'Check target.engine.url.',
    cause,
  });
}
