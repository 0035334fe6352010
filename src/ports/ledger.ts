import type { Approval } from '../domain/approval.ts';
import type { Conversion, StagedFile } from '../domain/conversion.ts';
import type { Outcome, OutcomeStatus, Proof } from '../domain/outcome.ts';
import type { ObjectAddress, PlanItem, PlanItemKind, PlanSummary, Reason, Verdict } from '../domain/plan.ts';
import type { PlanLine } from '../domain/plan-difference.ts';
import type { RunId, UseCaseId } from '../domain/names.ts';
import type { SourceVersion } from '../domain/source-file.ts';
import type { Scratch } from './scratch.ts';
import type { UploadedPart } from './target-object-store.ts';

export interface RunRecord {
  readonly runId: RunId;
  readonly planHash: string;
  readonly toolVersion: string;
  /** `user@host` of whoever started it. */
  readonly startedBy: string;
  readonly startedAtMs: number;
  readonly finishedAtMs?: number | undefined;
  /** `running` also stands for a run that was killed. */
  readonly status: 'running' | 'finished' | 'interrupted' | 'broken';
}

export interface ItemFilter {
  readonly kind?: PlanItemKind;
  readonly verdict?: Verdict;
  readonly scope?: string;
}

export interface OutcomeFilter {
  readonly kind?: PlanItemKind;
  /** Of the item. */
  readonly verdict?: Verdict;
  readonly status?: OutcomeStatus;
  readonly scope?: string;
}

/** An object that was proven to hold a version of its source file; kept across runs. */
export interface ObjectRecord {
  readonly address: ObjectAddress;
  readonly sourcePath: string;
  readonly version: SourceVersion;
  readonly etag: string;
  readonly crc32c: string;
  readonly sourceChecksum: string | undefined;
  readonly proof: Proof;
  /** Its bytes were read from the store once more and were those. */
  readonly isReadBack?: boolean | undefined;
  /** Code of what a second reading found against it: nobody may take it for proven. */
  readonly objection?: string | undefined;
  readonly runId: RunId;
  /** The run that first brought what stands under this name, where it was an earlier one: a file was replaced since. */
  readonly firstRunId?: RunId | undefined;
}

/** A multipart upload in flight, so that a killed run goes on where it stopped. */
export interface UploadRecord {
  readonly address: ObjectAddress;
  /** undefined while it is being opened: of a run that is killed just then, only the store knows the upload. */
  readonly uploadId: string | undefined;
  readonly version: SourceVersion;
  readonly partSizeBytes: number;
}

/** A part that the store has acknowledged. */
export interface PartRecord extends UploadedPart {
  /** CRC of each 512-byte chunk, 4 bytes big-endian each: what the HDFS checksum is made of. */
  readonly chunkCrcs: Uint8Array;
}

export type ScopeTotals = readonly {
  readonly scope: string;
  readonly kind: PlanItemKind;
  readonly status: OutcomeStatus;
  readonly count: number;
  readonly sizeBytes: number;
}[];

export interface HeldBack {
  readonly scope: string;
  /** The name of one; all of the scope without it. */
  readonly partition?: string | undefined;
}

/** Collects a plan item by item; nothing of it is visible before `finish`. */
export interface PlanWriter {
  /** Throws `conflict` (code PLAN_COLLISION, both source paths named) when two items claim one id. */
  add(item: PlanItem): void;
  /**
   * What was to be copied of a scope, or of one partition of it, gets this verdict instead when the plan is finished: files and partitions of what
   * cannot be registered are not moved.
   */
  holdBack(what: HeldBack, ruling: { readonly verdict: Verdict; readonly reason: Reason }): void;
  /** `hash` where the items are those of a plan that has one already, further along. */
  finish(hash?: string): PlanSummary;
  /** Drops what was added. */
  abandon(): void;
  /** For whoever draws the plan. */
  openScratch(): Scratch;
}

/**
 * Durable record of one use case: its plan, its runs, what became of every item, and what is in flight.
 * Records made between two `flush` calls may be lost by a crash together, never in part or out of order.
 * Errors: `unavailable` with code LEDGER_DISK_FULL when the disk is full (nothing earlier is lost), `corrupt`.
 */
export interface Ledger {
  readonly useCase: UseCaseId;
  writePlan(): PlanWriter;
  findPlan(): PlanSummary | undefined;
  findItem(itemId: string): PlanItem | undefined;
  /** In the order of ids; memory does not grow with their number. The ledger may be written while iterating. */
  listItems(filter: ItemFilter): Iterable<PlanItem>;

  /** The plan in short, in the order of ids. */
  listPlanLines(): Iterable<PlanLine>;

  /** The last approval of a plan, and that plan in short. */
  findApproval(): Approval | undefined;
  /** Replaces the one before. */
  putApproval(approval: Approval, lines: Iterable<PlanLine>): void;
  listApprovedLines(): Iterable<PlanLine>;

  startRun(run: RunRecord): void;
  finishRun(runId: RunId, status: RunRecord['status'], finishedAtMs: number): void;
  findRun(runId: RunId): RunRecord | undefined;
  /** Newest first. */
  listRuns(): RunRecord[];

  /** Replaces an earlier outcome of that item in that run. */
  recordOutcome(runId: RunId, outcome: Outcome): void;
  findOutcome(runId: RunId, itemId: string): Outcome | undefined;
  /** Items of the plan with what became of them in a run, in the order of ids; `outcome` is undefined when there is none yet. */
  listOutcomes(
    runId: RunId,
    filter: OutcomeFilter,
  ): Iterable<{ readonly item: PlanItem; readonly outcome: Outcome | undefined }>;
  totals(runId: RunId): ScopeTotals;

  findObject(address: ObjectAddress): ObjectRecord | undefined;
  putObject(record: ObjectRecord): void;

  findUpload(address: ObjectAddress): UploadRecord | undefined;
  listUploads(): Iterable<UploadRecord>;
  /** Also forgets an earlier upload to that address and its parts. */
  putUpload(record: UploadRecord): void;
  forgetUpload(address: ObjectAddress): void;
  listParts(address: ObjectAddress): Iterable<PartRecord>;
  findPart(address: ObjectAddress, partNumber: number): PartRecord | undefined;
  putPart(address: ObjectAddress, part: PartRecord): void;

  /** The last conversion of a table, kept across runs; its files are those given with it last, in the order of their names. */
  findConversion(scope: string): Conversion | undefined;
  putConversion(conversion: Conversion, files?: Iterable<StagedFile>): void;
  forgetConversion(scope: string): void;
  listStagedFiles(scope: string): Iterable<StagedFile>;

  /** Free-form facts of a run as JSON (reconciliation result, digests), replaced by name. */
  putDocument(runId: RunId, name: string, json: unknown): void;
  findDocument(runId: RunId, name: string): unknown;

  /** For whoever works on the plan; nothing of it is part of the ledger. */
  openScratch(): Scratch;

  /** Resolves when everything recorded before is on disk. Calls close together share one commit. */
  flush(): Promise<void>;
  close(): void;
}

export interface LockHolder {
  readonly startedBy: string;
  readonly processId: number;
  readonly sinceMs: number;
}

/** One run at a time per use case. */
export interface RunLock {
  /** Throws `locked` (exit code 6) naming the holder. The operating system frees the lock of a killed process. */
  acquire(holder: LockHolder): { release(): void };
  /** Who holds it now, on this machine. */
  findHolder(): LockHolder | undefined;
}
