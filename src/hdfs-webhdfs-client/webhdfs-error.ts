export type WebHdfsFailure =
  /** No such file or directory. */
  | 'not-found'
  /** Permission or authentication refused. */
  | 'denied'
  /** The server cannot answer now (standby, starting, overloaded, unreachable, cut off, too slow): the same call may succeed later. */
  | 'unavailable'
  /** The operation or its argument is not taken by this server. */
  | 'unsupported'
  /** The path exists already, or is in the way. */
  | 'conflict'
  /** The answer is not what the protocol promises: fewer bytes than announced, JSON that cannot be read. */
  | 'corrupt'
  /** Any other refusal of the server. */
  | 'failed';

/** What a WebHDFS server (or the way to it) refused. Never holds a redirect URL or a token. */
export class WebHdfsError extends Error {
  override readonly name = 'WebHdfsError';
  readonly failure: WebHdfsFailure;
  /** Simple class name of Hadoop's RemoteException, e.g. `FileNotFoundException`; undefined when the server said none. */
  readonly exception: string | undefined;
  /** HTTP status; undefined when no answer came. */
  readonly status: number | undefined;

  constructor(
    message: string,
    details: { failure: WebHdfsFailure; exception?: string | undefined; status?: number | undefined; cause?: unknown },
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.failure = details.failure;
    this.exception = details.exception;
    this.status = details.status;
  }
}

/** The NameNode is not the active one, or not ready: another may be (Hadoop's Java client fails over on the same two). */
const ELSEWHERE = new Set([
  'StandbyException',
  'RetriableException',
  'SafeModeException',
  'ObserverRetryOnActiveException',
]);

const BY_EXCEPTION: Readonly<Record<string, WebHdfsFailure>> = {
  FileNotFoundException: 'not-found',
  PathNotFoundException: 'not-found',
  AccessControlException: 'denied',
  AuthorizationException: 'denied',
  SecurityException: 'denied',
  InvalidToken: 'denied',
  AuthenticationException: 'denied',
  UnsupportedOperationException: 'unsupported',
  IllegalArgumentException: 'unsupported',
  InvalidPathException: 'unsupported',
  FileAlreadyExistsException: 'conflict',
  PathIsNotEmptyDirectoryException: 'conflict',
};

/** Reads an error answer. 403 alone does not mean "permission denied": Hadoop maps every IOException to it, so the exception decides. */
export function errorFromAnswer(status: number, body: string): WebHdfsError {
  const remote = remoteException(body);
  if (remote === undefined) {
    const failure =
      status === 401 || status === 403
        ? 'denied'
        : status === 404
          ? 'not-found'
          : status >= 500 || status === 429
            ? 'unavailable'
            : 'failed';
    return new WebHdfsError(`HTTP ${status}`, { failure, status });
  }
  // The Java client also recognises a standby wrapped into another exception by the end of its message.
  const isElsewhere =
    ELSEWHERE.has(remote.exception) || /StandbyException$/.test(remote.message.split('\n')[0]!.trim());
  const failure = isElsewhere
    ? 'unavailable'
    : (BY_EXCEPTION[remote.exception] ?? (status >= 500 ? 'unavailable' : 'failed'));
  const exception = isElsewhere && !ELSEWHERE.has(remote.exception) ? 'StandbyException' : remote.exception;
  return new WebHdfsError(remote.message.split('\n')[0]!, { failure, exception, status });
}

/** True when another NameNode should be asked. */
export function isElsewhere(error: unknown): boolean {
  return (
    error instanceof WebHdfsError &&
    error.failure === 'unavailable' &&
    (error.status === undefined || (error.exception !== undefined && ELSEWHERE.has(error.exception)))
  );
}

function remoteException(body: string): { exception: string; message: string } | undefined {
  try {
    const { RemoteException: remote } = JSON.parse(body) as {
      RemoteException?: { exception?: unknown; message?: unknown };
    };
    if (typeof remote?.exception !== 'string') return undefined;
    return {
      exception: remote.exception,
      message: typeof remote.message === 'string' ? remote.message : remote.exception,
    };
  } catch {
    return undefined;
  }
}
