import { compareUtf8 } from './utf8-order.ts';
import type { PlanItemKind, Verdict } from './plan.ts';

/** One item of a plan in short: enough to tell two plans apart. */
export interface PlanLine {
  readonly id: string;
  readonly kind: PlanItemKind;
  readonly scope: string;
  readonly verdict: Verdict;
  readonly sizeBytes: number;
  /** SHA-256 of all that the plan says of it. */
  readonly digest: string;
}

export interface ChangedLine {
  readonly before: PlanLine;
  readonly after: PlanLine;
  /** `content` where neither verdict nor size differ: another version of the file, another definition in mapping or schema. */
  readonly what: 'verdict' | 'size' | 'content';
}

/** The first lines of each kind, and how many there are in all. */
export interface LineList<Line> {
  readonly shown: readonly Line[];
  readonly total: number;
}

export interface PlanDifference {
  readonly added: LineList<PlanLine>;
  readonly removed: LineList<PlanLine>;
  readonly changed: LineList<ChangedLine>;
}

const SHOWN_PER_KIND = 5;

/** What became of an approved plan. Both sides in the order of their ids (UTF-8 bytes), each read once. */
export function comparePlans(approved: Iterable<PlanLine>, now: Iterable<PlanLine>): PlanDifference {
  const added = new Listing<PlanLine>(({ kind }) => kind);
  const removed = new Listing<PlanLine>(({ kind }) => kind);
  const changed = new Listing<ChangedLine>(({ after }) => after.kind);
  for (const [before, after] of pairs(approved, now)) {
    if (before === undefined) added.add(after!);
    else if (after === undefined) removed.add(before);
    else if (before.digest !== after.digest) changed.add({ before, after, what: whatChanged(before, after) });
  }
  return { added: added.list(), removed: removed.list(), changed: changed.list() };
}

function whatChanged(before: PlanLine, after: PlanLine): ChangedLine['what'] {
  if (before.verdict !== after.verdict) return 'verdict';
  return before.sizeBytes === after.sizeBytes ? 'content' : 'size';
}

function* pairs(
  left: Iterable<PlanLine>,
  right: Iterable<PlanLine>,
): Generator<readonly [PlanLine | undefined, PlanLine | undefined]> {
  const [lefts, rights] = [left[Symbol.iterator](), right[Symbol.iterator]()];
  let [a, b] = [lefts.next(), rights.next()];
  while (a.done !== true || b.done !== true) {
    const order = a.done === true ? 1 : b.done === true ? -1 : compareUtf8(a.value.id, b.value.id);
    yield [order <= 0 ? (a.value as PlanLine) : undefined, order >= 0 ? (b.value as PlanLine) : undefined];
    if (order <= 0) a = lefts.next();
    if (order >= 0) b = rights.next();
  }
}

class Listing<Line> {
  readonly #kindOf: (line: Line) => PlanItemKind;
  readonly #shown: Line[] = [];
  readonly #perKind = new Map<PlanItemKind, number>();
  #total = 0;

  constructor(kindOf: (line: Line) => PlanItemKind) {
    this.#kindOf = kindOf;
  }

  add(line: Line): void {
    this.#total++;
    const kind = this.#kindOf(line);
    const count = (this.#perKind.get(kind) ?? 0) + 1;
    this.#perKind.set(kind, count);
    if (count <= SHOWN_PER_KIND) this.#shown.push(line);
  }

  list(): LineList<Line> {
    return { shown: this.#shown, total: this.#total };
  }
}
