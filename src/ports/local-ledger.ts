/** What a machine remembers of the state that it held last. */
export interface StateMark {
  readonly leaseId: string;
  /** The saved ledger that the local one is a continuation of; undefined where none was saved. */
  readonly ledgerName?: string | undefined;
}

export interface LedgerCopy {
  readonly path: string;
  /** Hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** The ledger file of a use case on this machine. To be changed under its lock only. */
export interface LocalLedger {
  exists(): boolean;
  findMark(): StateMark | undefined;
  putMark(mark: StateMark): void;
  /** A consistent copy of what is committed now, also while a run writes to it. */
  copy(): Promise<LedgerCopy>;
  /** Where a ledger may be brought to, to be put in place then. */
  incomingPath(): string;
  /** Puts what lies at `incomingPath` in place; what stood there is kept beside it. Throws `corrupt` when its digest is another one. */
  takeOver(sha256: string): Promise<void>;
  /** Removes what `copy` and `incomingPath` left. */
  clean(): void;
}
