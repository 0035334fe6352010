import type { Proof } from '../../domain/outcome.ts';
import type { Exclusion, FileTotals, Finding, FindingWeight } from '../../domain/reconciliation.ts';
import type { FileResult } from './reconcile-files.ts';

/** Findings and exclusions that a record names itself; totals stay exact beyond. */
const SHOWN = 1000;

/** Counts findings and keeps the first ones of each weight. */
export class FindingCollector {
  readonly byWeight: Record<FindingWeight, number> = { difference: 0, drift: 0, unchecked: 0 };
  readonly shown: Finding[] = [];
  readonly #onFinding: ((finding: Finding) => Promise<void>) | undefined;
  readonly #byScope = new Map<string, Set<FindingWeight>>();

  constructor(onFinding: ((finding: Finding) => Promise<void>) | undefined) {
    this.#onFinding = onFinding;
  }

  async add(finding: Finding): Promise<void> {
    this.byWeight[finding.weight] += 1;
    if (this.byWeight[finding.weight] <= SHOWN) this.shown.push(finding);
    const weights = this.#byScope.get(finding.scope) ?? new Set();
    this.#byScope.set(finding.scope, weights.add(finding.weight));
    await this.#onFinding?.(finding);
  }

  get total(): number {
    return this.byWeight.difference + this.byWeight.drift + this.byWeight.unchecked;
  }

  weightsOf(scope: string): ReadonlySet<FindingWeight> {
    return this.#byScope.get(scope) ?? new Set();
  }
}

export class ExclusionCollector {
  readonly byVerdict: Record<Exclusion['verdict'], number> = { convert: 0, skip: 0, refuse: 0, 'needs-decision': 0 };
  readonly shown: Exclusion[] = [];
  total = 0;
  readonly #unsettled = new Set<string>();

  add(exclusion: Exclusion): void {
    this.total += 1;
    this.byVerdict[exclusion.verdict] += 1;
    // What awaits a person comes before what was left out on purpose, however many of the latter there are.
    if (this.byVerdict[exclusion.verdict] <= SHOWN) this.shown.push(exclusion);
    if (exclusion.verdict !== 'skip') this.#unsettled.add(exclusion.scope);
  }

  /** True when something of the scope is neither at the target nor left out on purpose. */
  hasUnsettled(scope: string): boolean {
    return this.#unsettled.has(scope);
  }
}

type Counts = { -readonly [Name in keyof FileTotals]: FileTotals[Name] } & { proofs: Record<Proof, number> };

/** File totals per scope and of all. */
export class FileCounter {
  readonly all = noFiles();
  readonly #byScope = new Map<string, Counts>();

  add(result: FileResult): void {
    const scope = result.kind === 'match' ? result.scope : result.finding.scope;
    const counts = this.#byScope.get(scope) ?? noFiles();
    this.#byScope.set(scope, counts);
    for (const totals of [counts, this.all]) count(totals, result);
  }

  of(scope: string): FileTotals {
    return this.#byScope.get(scope) ?? noFiles();
  }
}

function count(totals: Counts, result: FileResult): void {
  if (result.sizeBytes !== undefined) {
    totals.expected += 1;
    totals.expectedBytes += result.sizeBytes;
  }
  if (result.kind === 'match') {
    totals.matched += 1;
    totals.matchedBytes += result.sizeBytes;
    totals.proofs[result.proof] += 1;
  } else if (result.finding.kind === 'unexpected') totals.unexpected += 1;
  else if (result.finding.weight === 'drift') totals.drifted += 1;
  else if (result.finding.weight === 'unchecked') totals.unchecked += 1;
  else totals.differing += 1;
}

function noFiles(): Counts {
  return {
    expected: 0,
    expectedBytes: 0,
    matched: 0,
    matchedBytes: 0,
    proofs: { 'end-to-end': 0, reread: 0, 'target-only': 0 },
    differing: 0,
    drifted: 0,
    unchecked: 0,
    unexpected: 0,
  };
}
