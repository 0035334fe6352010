import { LakeliftError } from '../../errors.ts';
import type { MetastoreFailure } from './metastore-methods.ts';

/** The metastore answered, and the answer is one of its exceptions. Stays inside this adapter. */
export class MetastoreRefusal extends Error {
  override readonly name = 'MetastoreRefusal';
  readonly failure: MetastoreFailure | 'UnknownMethod' | 'ApplicationError';
  readonly method: string;

  constructor(method: string, failure: MetastoreRefusal['failure'], message: string) {
    super(message);
    this.method = method;
    this.failure = failure;
  }
}

export function isRefusal(error: unknown, failure: MetastoreRefusal['failure']): boolean {
  return error instanceof MetastoreRefusal && error.failure === failure;
}

/** Says that nothing at all answers: asking for less will not help. */
export const UNREACHABLE = 'METASTORE_UNREACHABLE';

export function unavailable(code: string, message: string, cause?: unknown): LakeliftError {
  return new LakeliftError(message, {
    kind: 'unavailable',
    code,
    hint: 'Check source.hive.metastore and that this machine reaches it; then run again.',
    cause,
  });
}

/** SASL is how a metastore asks for Kerberos; this client does not speak it. */
export function saslWanted(address: string, detail: string): LakeliftError {
  return new LakeliftError(`${address}: ${detail}, as a metastore does that wants SASL (Kerberos)`, {
    kind: 'unsupported',
    code: 'METASTORE_SASL',
    subject: address,
    hint: 'Kerberos at the metastore is not supported. Name a metastore without SASL, or read the schemas through source.hive.hiveServer2.',
  });
}

const DENIED = /permission denied|access ?control|not authorized|authorization|does not have privileges/i;

/** The metastore's refusals in the program's own kinds; anything else (an abort, a broken connection) passes unchanged. */
export function translateRefusal(error: unknown, subject: string): unknown {
  if (!(error instanceof MetastoreRefusal)) return error;
  const message = `${subject}: ${error.message}`;
  if (error.failure === 'NoSuchObject' || error.failure === 'UnknownDB') {
    const hint = 'Check the name; it may have been dropped since it was listed.';
    return new LakeliftError(message, { kind: 'not-found', code: 'HIVE_NOT_FOUND', subject, hint, cause: error });
  }
  if (error.failure === 'UnknownMethod' || /insert-only/i.test(error.message)) {
    const hint = 'The message is the metastore’s own.';
    return new LakeliftError(message, {
      kind: 'unsupported',
      code: 'METASTORE_UNSUPPORTED',
      subject,
      hint,
      cause: error,
    });
  }
  if (DENIED.test(error.message)) {
    const hint = 'Grant the user of source.hive read access to this object (Ranger or SQL standard authorization).';
    return new LakeliftError(message, { kind: 'denied', code: 'METASTORE_DENIED', subject, hint, cause: error });
  }
  const hint = 'The message is the metastore’s own; its log has more. Run again when it is mended.';
  return new LakeliftError(message, { kind: 'unavailable', code: 'METASTORE_FAILED', subject, hint, cause: error });
}
