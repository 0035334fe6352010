import { createHash } from 'node:crypto';
import { isGood } from '../outcome.ts';
import type { Capped, Finding } from '../reconciliation.ts';
import type { RunReport } from '../run-report.ts';
import type { Waiver } from './acceptance.ts';

/** Something in a report that is not as it should be: what a person who accepts must have seen. */
export interface OpenPoint {
  /** Short and stable for one report; waivers name it. */
  readonly id: string;
  readonly kind: 'difference' | 'drift' | 'unchecked' | 'item' | 'check';
  readonly scope: string;
  readonly subject: string;
  readonly detail: string;
}

export interface OpenPoints {
  readonly waived: readonly (Waiver & { readonly point: OpenPoint })[];
  /** Differences that nobody waived. */
  readonly differences: Capped<OpenPoint>;
  /** Whatever else is open and not waived. */
  readonly others: Capped<OpenPoint>;
  /** Waivers of points that the report does not have. */
  readonly unknownWaivers: readonly string[];
}

/** Points that are named one by one; their number is exact all the same. */
const NAMED = 1000;

/** Sorts what a report leaves open by what a person must do about it. `findings` are all of them, however many the report shows. */
export async function openPointsOf(
  report: RunReport,
  findings: AsyncIterable<Finding>,
  waivers: readonly Waiver[],
): Promise<OpenPoints> {
  const reasons = new Map(waivers.map((waiver) => [waiver.id, waiver]));
  const waived = new Map<string, Waiver & { readonly point: OpenPoint }>();
  const open = { differences: list(), others: list() };
  const add = (point: OpenPoint): void => {
    const waiver = reasons.get(point.id);
    if (waiver !== undefined) waived.set(point.id, { ...waiver, point });
    else put(point.kind === 'difference' ? open.differences : open.others, point);
  };
  for await (const finding of findings) add(pointOfFinding(finding));
  for (const point of pointsOfReport(report)) add(point);
  open.others.total += unnamedExceptions(report);
  const unknownWaivers = [...reasons.keys()].filter((id) => !waived.has(id));
  return { waived: [...waived.values()], ...open, unknownWaivers };
}

function pointOfFinding({ check, kind, weight, scope, subject, detail }: Finding): OpenPoint {
  return { id: idOf(check, kind, scope, subject, detail), kind: weight, scope, subject, detail };
}

function* pointsOfReport({ exceptions, checks }: RunReport): Generator<OpenPoint> {
  for (const { itemId, scope, subject, status, message } of exceptions.shown)
    if (status === 'pending' || !isGood(status))
      yield { id: idOf('item', itemId), kind: 'item', scope, subject, detail: message ?? status };
  for (const { name, isOk, detail } of checks)
    if (!isOk) yield { id: idOf('check', name), kind: 'check', scope: 'checks', subject: name, detail };
}

/** A report names the first exceptions only. */
function unnamedExceptions({ exceptions }: RunReport): number {
  return exceptions.total - exceptions.shown.length;
}

function idOf(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\u0000')).digest('hex').slice(0, 12);
}

function list(): { shown: OpenPoint[]; total: number } {
  return { shown: [], total: 0 };
}

function put(into: { shown: OpenPoint[]; total: number }, point: OpenPoint): void {
  into.total += 1;
  if (into.shown.length < NAMED) into.shown.push(point);
}
