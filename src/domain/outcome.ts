/** How strongly an object is known to hold the source's bytes. Never rounded up. */
export type Proof =
  /** The HDFS file checksum and the S3 full-object CRC32C both agree with the bytes that passed through. */
  | 'end-to-end'
  /** Read back from the target and compared with a second read of the source. */
  | 'reread'
  /** The store agrees with the bytes read; the source offered no checksum to compare with. */
  | 'target-only';

export type OutcomeStatus =
  | 'verified'
  | 'already-verified'
  | 'registered'
  | 'updated'
  | 'unchanged'
  | 'skipped'
  | 'refused'
  | 'undecided'
  | 'source-moved'
  | 'failed'
  | 'not-attempted';

/** What became of one planned item. Every item of a run ends in exactly one. */
export interface Outcome {
  readonly itemId: string;
  readonly status: OutcomeStatus;
  /** Files only. */
  readonly proof?: Proof | undefined;
  /** Files only: base64 CRC32C of the whole object, as S3 shows it. */
  readonly crc32c?: string | undefined;
  /** Files only: the source's checksum in one line (`formatHdfsChecksum`). */
  readonly sourceChecksum?: string | undefined;
  readonly errorCode?: string | undefined;
  readonly message?: string | undefined;
  readonly hint?: string | undefined;
  readonly sizeBytes?: number | undefined;
  readonly durationMs?: number | undefined;
}

/** Code of a file whose copy a person was erased from: it is skipped, since it is to differ from its source. */
export const ERASED_FROM = 'ERASED_FROM';

const GOOD: ReadonlySet<OutcomeStatus> = new Set([
  'verified',
  'already-verified',
  'registered',
  'updated',
  'unchanged',
  'skipped',
]);

/** False for whatever a person must still look at; it turns the run's exit code into 3. */
export function isGood(status: OutcomeStatus): boolean {
  return GOOD.has(status);
}
