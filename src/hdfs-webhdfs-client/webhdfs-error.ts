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
  // What HttpFS makes of an operation that it does not know, under status 500.
  QueryParamException: 'unsupported',
  FileAlreadyExistsException: 'conflict',
  PathIsNotEmptyDirectoryException: 'conflict',
};

/** Troubles between the servers themselves: a DataNode that cannot reach another one, or the NameNode. */
const BETWEEN_SERVERS =
  /^(Socket|Connect|NoRouteToHost|UnknownHost|ClosedChannel|BlockMissing|ServerTooBusy)\w*Exception$/;
/** Checked exceptions, a NameNode's considered answer: under 403, but HttpFS sends them under 500, where others are the server's own trouble. */
const REFUSALS = /^(IO|EOF|Remote|Snapshot|ParentNotDirectory)Exception$/;
const NO_DATA_NODE =
  /Failed to find datanode|Could not obtain block|Call From .* failed|timed? ?out|Connection re(set|fused)/i;

/** Reads an error answer. 403 alone does not mean "permission denied": Hadoop maps every IOException to it (HttpFS to 500), so the exception decides. */
export function errorFromAnswer(status: number, body: string): WebHdfsError {
  const remote = remoteException(body);
  if (remote === undefined) return errorFromPage(status, body);
  const message = remote.message.split('\n')[0]!.trim();
  // The Java client also recognises a standby wrapped into another exception by the end of its message.
  const isStandby = /StandbyException$/.test(message);
  const exception = isStandby ? 'StandbyException' : remote.exception;
  return new WebHdfsError(message, { failure: failureOf(exception, message, status), exception, status });
}

function failureOf(exception: string, message: string, status: number): WebHdfsFailure {
  if (ELSEWHERE.has(exception) || BETWEEN_SERVERS.test(exception)) return 'unavailable';
  const known = BY_EXCEPTION[exception];
  if (known !== undefined) return known;
  // HttpFS passes some refusals of its NameNode on without their class.
  if (exception === 'RemoteException' && /^File does not exist/.test(message)) return 'not-found';
  if (REFUSALS.test(exception)) return NO_DATA_NODE.test(message) ? 'unavailable' : 'failed';
  return status >= 500 ? 'unavailable' : 'failed';
}

/** Anything but Hadoop's JSON: a proxy's page, or Jetty's own. HttpFS answers so to a range that begins behind the end of the file. */
function errorFromPage(status: number, page: string): WebHdfsError {
  const title = /<title>Error \d+ ([^<]{1,200})/.exec(page)?.[1];
  const failure = title?.startsWith('java.io.EOFException') === true ? 'failed' : failureOfStatus(status);
  return new WebHdfsError(title === undefined ? `HTTP ${status}` : `HTTP ${status}: ${title}`, { failure, status });
}

function failureOfStatus(status: number): WebHdfsFailure {
  if (status === 401 || status === 403) return 'denied';
  if (status === 404) return 'not-found';
  return status >= 500 || status === 429 ? 'unavailable' : 'failed';
}

/** Of a gateway or balancer whose server is away, in its own words. */
const AWAY = new Set([502, 503, 504]);

/** True when another NameNode, HttpFS or gateway should be asked. */
export function isElsewhere(error: unknown): boolean {
  if (!(error instanceof WebHdfsError) || error.failure !== 'unavailable') return false;
  if (error.exception !== undefined) return ELSEWHERE.has(error.exception);
  return error.status === undefined || AWAY.has(error.status);
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

/** NameNodes refuse an operation that they do not know by its name's parameter, HttpFS by its enum (under status 500). */
export function isUnknownOperation(error: unknown): boolean {
  return (
    error instanceof WebHdfsError &&
    error.failure === 'unsupported' &&
    /No enum constant|Invalid value for webhdfs parameter "op"/i.test(error.message)
  );
}
