import type { WriteCondition } from './target-object-store.ts';

export interface StateText {
  readonly text: string;
  readonly etag: string;
  /** Since it was written, both ends by the clock of the store. */
  readonly ageMs: number;
}

/**
 * Where the state of a project lies between CI jobs. Names have slashes between folders.
 * Errors: `denied`, `not-found` (the place as a whole), `unavailable`, `throttled`.
 */
export interface StateStore {
  /** `s3://bucket/prefix/` */
  readonly place: string;
  findText(name: string): Promise<StateText | undefined>;
  /** All or nothing. Throws `conflict` when the condition does not hold; after a lost answer too: compare what stands there. */
  putText(name: string, text: string, condition: WriteCondition): Promise<{ readonly etag: string }>;
  /** Puts a file of this machine there, compressed. */
  upload(name: string, path: string): Promise<void>;
  /** Writes what was uploaded to a path of this machine, for its owner only. Throws `not-found`. */
  download(name: string, path: string): Promise<void>;
  /** Names of what lies in a folder. */
  list(folder: string): AsyncIterable<string>;
  /** Succeeds when there is no such thing. */
  remove(name: string): Promise<void>;
  close(): void;
}
