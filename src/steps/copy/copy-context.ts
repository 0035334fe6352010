import type { HdfsChecksum } from '../../domain/checksum/hdfs-checksum.ts';
import type { RunId } from '../../domain/names.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { FileItem, ObjectAddress } from '../../domain/plan.ts';
import type { Ledger } from '../../ports/ledger.ts';
import type { Progress } from '../../ports/progress.ts';
import type { CopySlots } from '../../ports/slots.ts';
import type { SourceFileSystem } from '../../ports/source-file-system.ts';
import type { TargetObjectStore } from '../../ports/target-object-store.ts';
import type { CopyBuffers } from './part-buffers.ts';

export interface CopyLimits {
  readonly filesAtOnce: number;
  readonly partsAtOnce: number;
  readonly partSizeBytes: number;
}

/** What the copy of one file works with. */
export interface CopyContext {
  readonly ledger: Ledger;
  readonly runId: RunId;
  readonly source: SourceFileSystem;
  readonly target: TargetObjectStore;
  readonly limits: CopyLimits;
  readonly progress: Progress;
  /** Once aborted, no file and no part is begun any more; what is in flight may end. */
  readonly interruption: AbortSignal;
  /** Once aborted, what is in flight ends at once. */
  readonly signal: AbortSignal;
  /** Read back the objects whose source has no checksum to compare with. */
  readonly rereadUnproven: boolean;
  /** Read back each object once after it was written. */
  readonly readBack: boolean;
  /** Whether the store compares bodies with the CRC32C that they are sent under. */
  readonly storeCompares: (address: ObjectAddress) => Promise<boolean>;
  readonly slots: CopySlots;
  readonly buffers: CopyBuffers;
}

/** The checksum to compare with, or why there is none. */
export type SourceChecksum =
  | { readonly checksum: HdfsChecksum; readonly whyNone?: undefined }
  | { readonly checksum: undefined; readonly whyNone: string };

/** An outcome of one file that is decided; thrown through the steps of its copy. */
export class Decided extends Error {
  readonly outcome: Outcome;

  constructor(item: FileItem, outcome: Omit<Outcome, 'itemId' | 'sizeBytes'>) {
    super(outcome.message ?? outcome.status);
    this.outcome = { itemId: item.id, sizeBytes: item.source.sizeBytes, ...outcome };
  }
}

/** What was sent, or what it was sent to, did not hold: this file is worth another attempt from its first byte. */
export class Spoiled extends Error {
  readonly code: string;
  readonly hint: string | undefined;

  constructor(code: string, message: string, hint: string | undefined) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

export function failed(item: FileItem, { code, message, hint }: Failure): Decided {
  return new Decided(item, { status: 'failed', errorCode: code, message, hint });
}
