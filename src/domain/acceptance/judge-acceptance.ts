import { LakeliftError } from '../../errors.ts';
import type { RunReport } from '../run-report.ts';
import type { Decision, Reservation, Signatory, Waiver } from './acceptance.ts';
import type { OpenPoints } from './open-points.ts';

/** What a person is about to put their name to. */
export interface AcceptanceDraft {
  readonly decision: Decision;
  readonly by: Signatory;
  readonly reservations: readonly Reservation[];
  readonly waivers: readonly Waiver[];
  readonly remark?: string | undefined;
}

/**
 * Throws when a decision may not be recorded. Nothing unexplained is ever accepted: a difference needs a waiver of its own, and whatever else
 * is open needs a waiver or a reservation with an owner and a date. A refusal is always possible, and says why.
 */
export function requireAcceptable(draft: AcceptanceDraft, report: RunReport, open: OpenPoints): void {
  requireSensible(draft, report.useCase.id);
  const [unknown] = open.unknownWaivers;
  if (unknown !== undefined)
    throw usage('WAIVER_UNKNOWN', `The report has no open point ${unknown}`, {
      subject: unknown,
      hint: `"lakelift accept ${report.useCase.id} --list" names them all.`,
    });
  if (draft.decision === 'refused') return;
  requireComparison(report);
  if (open.differences.total > 0) throw unexplained(report, open);
  if (open.others.total > 0 && draft.reservations.length === 0) throw unreserved(report, open);
}

function requireSensible({ decision, by, reservations, waivers, remark }: AcceptanceDraft, useCase: string): void {
  if (by.name.trim() === '' || by.role.trim() === '')
    throw usage('SIGNATORY_MISSING', 'Whoever decides must be named, with their role', {
      hint: 'Give --by "Name" and --role "Role".',
    });
  if (decision === 'accepted' && reservations.length > 0)
    throw usage('DECISION_UNCLEAR', 'Accepted without reservations, yet there are reservations', {
      hint: 'Give --decision accepted-with-reservations.',
    });
  if (decision === 'accepted-with-reservations' && reservations.length === 0)
    throw usage('RESERVATION_MISSING', 'Accepted with reservations, yet there is none', {
      hint: 'Give --reservation "text | owner | YYYY-MM-DD".',
    });
  if (decision === 'refused' && (remark ?? '').trim() === '')
    throw usage('REASON_MISSING', `The refusal of ${useCase} says no reason`, { hint: 'Give --remark "…".' });
  const silent = waivers.find(({ reason }) => reason.trim() === '');
  if (silent !== undefined)
    throw usage('REASON_MISSING', `The waiver of ${silent.id} says no reason`, {
      subject: silent.id,
      hint: 'Give --waive "<id>=<reason>".',
    });
}

function requireComparison({ run, useCase, reconciliation }: RunReport): void {
  if (run.status === 'finished' && reconciliation !== undefined) return;
  throw new LakeliftError(`Run ${run.runId} did not come to its end, so that there is nothing to accept yet`, {
    kind: 'usage',
    code: 'NOT_RECONCILED',
    subject: useCase.id,
    hint: `Run "lakelift run ${useCase.id}" again.`,
  });
}

const NAMED = 5;

function unexplained({ useCase }: RunReport, { differences }: OpenPoints): LakeliftError {
  const named = differences.shown
    .slice(0, NAMED)
    .map(({ id, scope, subject, detail }) => `${id}  ${scope}: ${subject}: ${detail}`);
  const more = differences.total > NAMED ? [`… ${differences.total - NAMED} more`] : [];
  return new LakeliftError([`${differences.total} differences are not explained:`, ...named, ...more].join('\n'), {
    kind: 'differs',
    code: 'DIFFERENCES_UNEXPLAINED',
    subject: useCase.id,
    hint: `Mend them and run again, or take each on yourself: --waive "<id>=<reason>". "lakelift accept ${useCase.id} --list" names them all.`,
  });
}

function unreserved({ useCase }: RunReport, { others }: OpenPoints): LakeliftError {
  const [first] = others.shown;
  const example = first === undefined ? '' : `, the first ${first.id}: ${first.scope}: ${first.subject}`;
  return usage('RESERVATION_MISSING', `${others.total} points are open${example}`, {
    subject: useCase.id,
    hint: 'Accept with reservations, each with an owner and a date (--reservation), or waive each with a reason (--waive).',
  });
}

function usage(code: string, message: string, more: { subject?: string; hint: string }): LakeliftError {
  return new LakeliftError(message, { kind: 'usage', code, ...more });
}
