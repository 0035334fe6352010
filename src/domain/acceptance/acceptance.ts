import type { ReconcileVerdict } from '../reconciliation.ts';
import type { OpenPoint } from './open-points.ts';

export const ACCEPTANCE_SCHEMA = 'lakelift/acceptance/1';

export const DECISIONS = ['accepted', 'accepted-with-reservations', 'refused'] as const;
export type Decision = (typeof DECISIONS)[number];

/** What must still be done although the migration is accepted ("réserve"). */
export interface Reservation {
  readonly text: string;
  readonly owner: string;
  /** `YYYY-MM-DD` */
  readonly dueDate: string;
}

/** A difference that somebody takes responsibility for, by the id of its open point. */
export interface Waiver {
  readonly id: string;
  readonly reason: string;
}

export interface Signatory {
  readonly name: string;
  readonly role: string;
}

/** One decision of a person on one report. Never changed afterwards; a later decision on the same run stands beside it. */
export interface Acceptance {
  readonly decision: Decision;
  readonly by: Signatory;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** `user@host` of whoever recorded it. */
  readonly recordedBy: string;
  readonly toolVersion: string;
  readonly report: AcceptedReport;
  readonly reservations: readonly Reservation[];
  readonly waivers: readonly (Waiver & { readonly point: OpenPoint })[];
  /** What was open, and neither waived nor a difference: the reservations stand for it. */
  readonly openPoints: number;
  /** Why it was refused, or what the person adds. */
  readonly remark?: string | undefined;
}

export interface AcceptedReport {
  readonly runId: string;
  readonly planHash: string;
  readonly verdict: ReconcileVerdict;
  /** SHA-256, hex, of report.json: it stands on the page that people read as well. */
  readonly sha256: string;
  /** SHA-256 of the lists that belong to it. */
  readonly lists: Readonly<Record<string, string>>;
}

/** acceptance.json: every decision on one run, the last one counts. */
export interface AcceptanceRecord {
  readonly schema: typeof ACCEPTANCE_SCHEMA;
  readonly useCase: string;
  readonly decisions: readonly Acceptance[];
}

export function acceptanceRecord(useCase: string, decisions: readonly Acceptance[]): AcceptanceRecord {
  return { schema: ACCEPTANCE_SCHEMA, useCase, decisions };
}
