import { whoAmI } from '../compose.ts';
import type { Approval, RunApproval } from '../domain/approval.ts';
import type { PlanSummary } from '../domain/plan.ts';
import { comparePlans, type PlanDifference } from '../domain/plan-difference.ts';
import { LakeliftError } from '../errors.ts';
import type { Ledger } from '../ports/ledger.ts';
import { askYesOrNo } from './ask.ts';
import { EXIT } from './exit-codes.ts';
import { printDifference } from './plan-difference-view.ts';
import { printPlan } from './plan-view.ts';
import { requireAnswer } from './session.ts';
import type { UseCaseSession } from './use-case.ts';

export interface ApprovalOptions {
  readonly yes?: boolean;
  readonly plan?: string;
  readonly dryRun?: boolean;
  /** One of several: nobody is asked, and what is not approved does not run. */
  readonly isBatch?: boolean;
}

export interface DrawnPlan {
  readonly plan: PlanSummary;
  /** Holds its items. */
  readonly drawn: Ledger;
  /** Holds the approval on record. */
  readonly ledger: Ledger;
}

/** The person said no, or only wanted to look: not an error. */
export class NotRun extends Error {
  readonly exitCode: number;
  readonly plan: PlanSummary;

  constructor(exitCode: number, plan: PlanSummary) {
    super();
    this.exitCode = exitCode;
    this.plan = plan;
  }
}

/**
 * On what ground this plan may be run: --yes, --plan, the approval on record, or an answer at the terminal. Throws `stale-plan` where another plan was
 * approved, after showing what differs, and {@link NotRun}.
 */
export async function approveRun(
  session: UseCaseSession,
  options: ApprovalOptions,
  drawn: DrawnPlan,
): Promise<RunApproval> {
  const { plan, ledger } = drawn;
  const now = { planHash: plan.hash, by: whoAmI(), at: new Date().toISOString() };
  const onRecord = ledger.findApproval();
  if (options.plan !== undefined && options.plan !== plan.hash) throw staleHash(session, options.plan, drawn);
  if (options.dryRun === true) return dryRun(session, drawn);
  if (options.plan !== undefined) return { ...now, way: 'hash' };
  if (options.yes === true) return { ...now, way: 'unseen' };
  if (onRecord?.planHash === plan.hash) return { ...onRecord, way: 'recorded' };
  if (onRecord !== undefined && !session.terminal.canAsk) throw staleApproval(session, onRecord, drawn);
  if (options.isBatch === true) throw notApproved(plan);
  requireAnswer(
    session.terminal,
    `--yes, --plan with the hash that "lakelift plan" prints, or "lakelift approve" first`,
  );
  if (onRecord !== undefined) showDifference(session, drawn);
  return { ...now, way: await answered(session, drawn) };
}

function dryRun({ terminal, display }: UseCaseSession, { drawn, plan }: DrawnPlan): never {
  printPlan(terminal, drawn, plan);
  display.above(terminal.words.dryRun);
  throw new NotRun(EXIT.ok, plan);
}

async function answered({ terminal }: UseCaseSession, { drawn, plan }: DrawnPlan): Promise<'answered'> {
  printPlan(terminal, drawn, plan);
  if (await askYesOrNo(terminal.words.askRun(plan.hash.slice(0, 12)))) return 'answered';
  terminal.say(terminal.words.declined);
  throw new NotRun(EXIT.stalePlan, plan);
}

/** Between the approval on record and the plan as it is now. */
function showDifference({ terminal, display }: UseCaseSession, { drawn, ledger }: DrawnPlan): PlanDifference {
  const difference = comparePlans(ledger.listApprovedLines(), drawn.listPlanLines());
  if (!terminal.isJson) printDifference((line) => display.above(line), difference, terminal.language);
  return difference;
}

function staleApproval(session: UseCaseSession, { by, at }: Approval, drawn: DrawnPlan): LakeliftError {
  const { useCase } = drawn.plan;
  return new LakeliftError(`The plan is no longer the one that ${by} approved on ${at}`, {
    kind: 'stale-plan',
    code: 'PLAN_STALE',
    subject: useCase,
    details: showDifference(session, drawn),
    hint: `Source or mapping changed since. Look at what differs, then "lakelift approve ${useCase}" again.`,
  });
}

/** What differs is known where the hash is that of the approval on record. */
function staleHash(session: UseCaseSession, asked: string, drawn: DrawnPlan): LakeliftError {
  const isKnown = drawn.ledger.findApproval()?.planHash === asked;
  const advice = isKnown
    ? ''
    : ' A plan that "lakelift approve" recorded is kept, so that the difference can be shown.';
  return new LakeliftError(`The plan is now ${drawn.plan.hash}, not ${asked}`, {
    kind: 'stale-plan',
    code: 'PLAN_STALE',
    subject: drawn.plan.useCase,
    ...(isKnown ? { details: showDifference(session, drawn) } : {}),
    hint: `Source or mapping changed since. Look at "lakelift plan" again and approve its hash.${advice}`,
  });
}

function notApproved({ useCase, hash }: PlanSummary): LakeliftError {
  return new LakeliftError(`No plan of ${useCase} is approved`, {
    kind: 'stale-plan',
    code: 'PLAN_NOT_APPROVED',
    subject: useCase,
    hint: `Look at "lakelift plan ${useCase}" and record it with "lakelift approve ${useCase} --plan ${hash}", or give --yes.`,
  });
}
