import type { LargeMap, NewMap } from '../../domain/large-map.ts';
import type { HdfsPath } from '../../domain/names.ts';
import type { Reason } from '../../domain/plan.ts';
import type { CodecCounts } from '../../domain/rules/text-codec.ts';
import type { LeftOut } from './files-left-out.ts';
import type { WalkTotals } from './walk-folder.ts';

/** What a walk through the folder of a partition came to. */
export type WalkedFolder =
  | {
      readonly kind: 'walked';
      readonly totals: WalkTotals;
      /** Present where files of it are not taken over. */
      readonly leftOut?: LeftOut | undefined;
    }
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly reason: Reason };

/** The part of it that holds for each partition in the folder. */
export type SharedFinding =
  | {
      readonly kind: 'walked';
      readonly totals: Pick<WalkTotals, 'failures' | 'codecs'>;
      readonly leftOut?: LeftOut | undefined;
    }
  | Exclude<WalkedFolder, { kind: 'walked' }>;

type Kept =
  | {
      readonly kind: 'walked';
      readonly failures: number;
      readonly codecs: readonly Entry[];
      readonly leftOut?: LeftOut | undefined;
    }
  | Exclude<WalkedFolder, { kind: 'walked' }>;
type Entry = CodecCounts extends Map<infer Key, infer Count> ? readonly [Key, Count] : never;

/** Folders in which several partitions of a table lie. The first of these has the files: each folder is walked once, for it, and the others are told what came of it. */
export class SharedFolders {
  readonly #waiting: LargeMap<Reason>;
  readonly #found: LargeMap<Kept>;
  readonly #walking = new Map<HdfsPath, Promise<WalkedFolder>>();

  constructor(newMap: NewMap) {
    this.#waiting = newMap<Reason>();
    this.#found = newMap<Kept>();
  }

  /** Nobody plans the files in this folder, since the first partition waits. Its name may be what must not be said. */
  setWaiting(folder: HdfsPath, reason: Reason): void {
    const text = `its files are those of the first partition in its folder, which waits: ${reason.text}`;
    this.#waiting.set(folder, { ...reason, text });
  }

  /** What the first partition in this folder waits for. */
  findWaiting(folder: HdfsPath): Reason | undefined {
    return this.#waiting.get(folder);
  }

  /** Walks the folder and keeps what came of it; who asks meanwhile waits for it. */
  async walk(folder: HdfsPath, start: () => Promise<WalkedFolder>): Promise<WalkedFolder> {
    const walking = start();
    this.#walking.set(folder, walking);
    try {
      const walked = await walking;
      this.#found.set(folder, keptOf(walked));
      return walked;
    } finally {
      this.#walking.delete(folder);
    }
  }

  /** Undefined for a folder that nobody has begun to walk. */
  async find(folder: HdfsPath): Promise<SharedFinding | undefined> {
    const walking = this.#walking.get(folder);
    if (walking !== undefined) return walking;
    const kept = this.#found.get(folder);
    if (kept?.kind !== 'walked') return kept;
    const { failures, codecs, leftOut } = kept;
    return { kind: 'walked', totals: { failures, codecs: new Map(codecs) }, leftOut };
  }
}

function keptOf(walked: WalkedFolder): Kept {
  if (walked.kind !== 'walked') return walked;
  const { totals, leftOut } = walked;
  return { kind: 'walked', failures: totals.failures, codecs: [...totals.codecs], leftOut };
}
