import { countOf, memberOf, jsonOf, textOf } from './untyped.ts';

const OUTCOMES = ['made', 'kept', 'failed', 'not-attempted'] as const;

/** What became of a dataset in an execution: as state machines and DAGs record it. */
export interface ExecutionOutcome {
  readonly run: string;
  /** ISO 8601; DAGs record no end. */
  readonly endedAt?: string | undefined;
  readonly outcome: (typeof OUTCOMES)[number];
  /** Name of an error, as Step Functions has it. */
  readonly error?: string | undefined;
  /** Objects that its function was to take, and those that failed. */
  readonly files?: number | undefined;
  readonly filesFailed?: number | undefined;
}

/** Outcomes by dataset; none of what is no record. */
export function executionOutcomes(text: string): ReadonlyMap<string, ExecutionOutcome> {
  const record = jsonOf(text);
  const run = textOf(memberOf(record, 'run'));
  const found = new Map<string, ExecutionOutcome>();
  if (run === undefined) return found;
  const endedAt = timeOf(memberOf(record, 'endedAt'));
  // A state machine has datasets by stages; of a DAG, each has its outcome alone.
  for (const stage of [...membersOf(memberOf(record, 'stages')).values(), memberOf(record, 'datasets')])
    for (const [name, said] of membersOf(stage)) {
      const outcome = OUTCOMES.find((one) => one === (typeof said === 'string' ? said : memberOf(said, 'outcome')));
      if (outcome === undefined) continue;
      found.set(name, {
        ...{ run, endedAt, outcome, error: textOf(memberOf(said, 'error')) },
        ...{ files: countOf(memberOf(said, 'files')), filesFailed: countOf(memberOf(said, 'filesFailed')) },
      });
    }
  return found;
}

/** In UTC, as reports have it. */
export function timeOf(value: unknown): string | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}
