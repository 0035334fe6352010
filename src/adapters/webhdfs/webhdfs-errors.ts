import { LakeliftError, type ErrorKind } from '../../errors.ts';
import { WebHdfsError, type WebHdfsFailure } from '../../hdfs-webhdfs-client/index.ts';

interface Meaning {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly hint: string;
}

const MEANING: Readonly<Record<WebHdfsFailure, Meaning>> = {
  'not-found': {
    kind: 'not-found',
    code: 'HDFS_NOT_FOUND',
    hint: 'Check the path; it may have been moved or deleted since it was listed.',
  },
  denied: {
    kind: 'denied',
    code: 'HDFS_DENIED',
    hint: 'Grant the user of source.hdfs read and execute rights there, or renew its delegation token.',
  },
  unavailable: {
    kind: 'unavailable',
    code: 'HDFS_UNAVAILABLE',
    hint: 'Check source.hdfs.nameNodes and that this machine reaches the NameNodes and the DataNodes; then run again.',
  },
  unsupported: {
    kind: 'unsupported',
    code: 'HDFS_UNSUPPORTED',
    hint: 'The server does not take this operation or this path.',
  },
  conflict: { kind: 'conflict', code: 'HDFS_CONFLICT', hint: 'Something else stands at that path.' },
  corrupt: {
    kind: 'corrupt',
    code: 'HDFS_CORRUPT',
    hint: 'Run again; if it persists, check the file with "hdfs fsck".',
  },
  failed: { kind: 'unsupported', code: 'HDFS_REFUSED', hint: 'The message is the NameNode’s own.' },
};

/** Hadoop's refusals in the program's own kinds; anything else (an abort, a bug) passes unchanged. */
export function translateWebHdfsError(error: unknown, path: string): unknown {
  if (error instanceof RangeError)
    return new LakeliftError(error.message, {
      kind: 'unsupported',
      code: 'HDFS_PATH',
      subject: path,
      hint: 'HDFS itself takes no such path.',
      cause: error,
    });
  if (!(error instanceof WebHdfsError)) return error;
  if (error.failure === 'failed' && /under construction|being written/i.test(error.message)) {
    const hint = 'Wait until its writer has closed it, or take an HDFS snapshot.';
    return new LakeliftError(`${path} is open for write`, {
      kind: 'unsupported',
      code: 'HDFS_OPEN_FOR_WRITE',
      subject: path,
      hint,
      cause: error,
    });
  }
  const meaning = MEANING[error.failure];
  return new LakeliftError(`${path}: ${error.message}`, { ...meaning, subject: path, cause: error });
}
