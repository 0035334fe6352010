import { isLakeliftError, LakeliftError, messageOf } from '../../errors.ts';

/** The session or the connection is gone: a new one may do. */
export const CONNECTION_LOST = 'HIVESERVER2_CLOSED';

export function unavailable(code: string, message: string, cause?: unknown): LakeliftError {
  return new LakeliftError(message, {
    kind: 'unavailable',
    code,
    hint: 'Check source.hive.hiveServer2 and that this machine reaches it; then run again.',
    cause,
  });
}

export interface StatementFailure {
  readonly message: string;
  readonly sqlState?: string | undefined;
  readonly cause?: unknown;
}

interface Meaning {
  readonly kind: 'denied' | 'not-found' | 'usage';
  readonly code: string;
  readonly hint: string;
  readonly pattern: RegExp;
  readonly sqlState?: RegExp;
}

const MEANINGS: readonly Meaning[] = [
  {
    kind: 'denied',
    code: 'HIVE_DENIED',
    hint: 'Grant the user of source.hive.hiveServer2 SELECT there (Ranger or SQL standard authorization).',
    pattern:
      /HiveAccessControlException|AccessControlException|Permission denied|not have (the required )?privileges|is not (allowed|in list of params)/i,
  },
  {
    kind: 'not-found',
    code: 'HIVE_NOT_FOUND',
    hint: 'Check the name; it may have been dropped since it was listed.',
    pattern:
      /(table|view|database|partition)[^.]{0,80}(not found|does not exist|not exist)|not found:? (table|database)|\[Error 1000[16]\]|\[Error 10072\]/i,
    sqlState: /^(42S02|3F000)$/,
  },
  {
    kind: 'usage',
    code: 'HIVE_SQL',
    hint: 'The message is HiveServer2’s own: mend the SQL.',
    pattern: /SemanticException|ParseException|cannot recognize input|FAILED: .*Error \[?\d/i,
    sqlState: /^42/,
  },
];

/** HiveServer2's refusal of a statement in the program's own kinds. */
export function refusedStatement(sql: string, { message, sqlState = '', cause }: StatementFailure): LakeliftError {
  const meaning = MEANINGS.find((one) => one.pattern.test(message) || one.sqlState?.test(sqlState) === true);
  const text = `HiveServer2: ${message.trim() === '' ? 'no message' : message}`;
  if (meaning === undefined) {
    const hint = 'The message is HiveServer2’s own; its log has more.';
    return new LakeliftError(text, { kind: 'unavailable', code: 'HIVE_STATEMENT_FAILED', subject: sql, hint, cause });
  }
  const { kind, code, hint } = meaning;
  return new LakeliftError(text, { kind, code, subject: sql, hint, cause });
}

/** What hive-driver rejects with: its StatusError is no Error, and carries the server's message. */
export function isStatusError(error: unknown): error is { readonly name: string; readonly message: string } {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'Status Error';
}

export function translateConnectFailure(error: unknown, address: string): LakeliftError {
  const message = isStatusError(error) ? error.message : messageOf(error);
  if (/certificate|altnames/i.test(message)) {
    return new LakeliftError(message, {
      kind: 'usage',
      code: 'HIVESERVER2_CERTIFICATE',
      subject: address,
      hint: 'Name the cluster’s certificate authority in source.hive.hiveServer2.caFile, and the host as its certificate does.',
      cause: error,
    });
  }
  if (isLakeliftError(error)) return error;
  if (/authenticat|validating (the )?LDAP|Error validating/i.test(message)) {
    return new LakeliftError(`${address}: ${message}`, {
      kind: 'denied',
      code: 'HIVESERVER2_DENIED',
      subject: address,
      hint: 'Check the user of source.hive.hiveServer2 and the password in the environment variable that it names.',
      cause: error,
    });
  }
  return unavailable('HIVESERVER2_CONNECT', `${address}: ${message}`, error);
}
