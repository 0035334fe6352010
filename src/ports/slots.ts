/** How much is worked on at a time. May change while in use: it is told what was moved. */
export interface Slots {
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  moved(amount: number): void;
}

export interface CopySlots {
  /** Shared by all files: so many ranges are in memory at most. */
  readonly parts: Slots;
  /** Files too small to count as a part. */
  readonly smallFiles: Slots;
  /** Whether parts should lie in memory that other threads see, since such threads move them. May change while in use; never where it is absent. */
  readonly sharesMemory?: () => boolean;
}
