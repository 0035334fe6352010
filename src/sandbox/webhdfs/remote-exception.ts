/** Hadoop's way to refuse: an exception by its simple name, under the status that its class maps to (ExceptionHandler in hadoop-hdfs). */
export class RemoteException extends Error {
  readonly status: number;
  readonly exception: string;

  constructor(exception: keyof typeof CLASSES, message: string) {
    super(message);
    this.exception = exception;
    this.status = CLASSES[exception].status;
  }

  /** HttpFS maps what NameNodes call 403 to 500 (HttpFSExceptionProvider), but for its own check of tokens. */
  get httpFsStatus(): number {
    return this.status === 403 && this.exception !== 'AuthenticationException' ? 500 : this.status;
  }

  toJson(): unknown {
    const javaClassName = CLASSES[this.exception as keyof typeof CLASSES].javaClass;
    return { RemoteException: { exception: this.exception, javaClassName, message: this.message } };
  }
}

const CLASSES = {
  FileNotFoundException: { status: 404, javaClass: 'java.io.FileNotFoundException' },
  AccessControlException: { status: 403, javaClass: 'org.apache.hadoop.security.AccessControlException' },
  StandbyException: { status: 403, javaClass: 'org.apache.hadoop.ipc.StandbyException' },
  RetriableException: { status: 403, javaClass: 'org.apache.hadoop.ipc.RetriableException' },
  FileAlreadyExistsException: { status: 403, javaClass: 'org.apache.hadoop.fs.FileAlreadyExistsException' },
  PathIsNotEmptyDirectoryException: { status: 403, javaClass: 'org.apache.hadoop.fs.PathIsNotEmptyDirectoryException' },
  InvalidToken: { status: 403, javaClass: 'org.apache.hadoop.security.token.SecretManager$InvalidToken' },
  AuthenticationException: {
    status: 403,
    javaClass: 'org.apache.hadoop.security.authentication.client.AuthenticationException',
  },
  QueryParamException: { status: 500, javaClass: 'com.sun.jersey.api.ParamException$QueryParamException' },
  SnapshotException: { status: 403, javaClass: 'org.apache.hadoop.hdfs.protocol.SnapshotException' },
  IOException: { status: 403, javaClass: 'java.io.IOException' },
  SecurityException: { status: 401, javaClass: 'java.lang.SecurityException' },
  IllegalArgumentException: { status: 400, javaClass: 'java.lang.IllegalArgumentException' },
  UnsupportedOperationException: { status: 400, javaClass: 'java.lang.UnsupportedOperationException' },
} as const;

export function notFound(path: string): RemoteException {
  return new RemoteException('FileNotFoundException', `File does not exist: ${path}`);
}
