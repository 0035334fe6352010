import type { ReconcileVerdict } from './reconciliation.ts';
import type { ReportScope, RunReport } from './run-report.ts';

/** What a number was in the earlier run and is in the later one. */
export interface Change {
  readonly before: number;
  readonly after: number;
}

export interface ScopeChange {
  readonly scope: string;
  readonly kind: 'added' | 'gone' | 'changed';
  readonly files: Change;
  readonly sizeBytes: Change;
  readonly partitions: Change;
  readonly verdict: { readonly before?: ReconcileVerdict | undefined; readonly after?: ReconcileVerdict | undefined };
}

/** A run held against an earlier one of the same use case. */
export interface RunComparison {
  readonly useCase: string;
  readonly before: { readonly runId: string; readonly startedAt: string; readonly verdict: ReconcileVerdict };
  readonly after: { readonly runId: string; readonly startedAt: string; readonly verdict: ReconcileVerdict };
  readonly files: Change;
  readonly sizeBytes: Change;
  readonly findings: Change;
  readonly exceptions: Change;
  readonly durationMs: Change;
  /** Tables and folders in which something changed, by name. */
  readonly scopes: readonly ScopeChange[];
  /** Of those that both reports name. */
  readonly findingsGone: readonly string[];
  readonly findingsNew: readonly string[];
}

export function compareRuns(before: RunReport, after: RunReport): RunComparison {
  const change = (of: (report: RunReport) => number): Change => ({ before: of(before), after: of(after) });
  const [old, recent] = [findingNames(before), findingNames(after)];
  return {
    useCase: after.useCase.id,
    before: { runId: before.run.runId, startedAt: before.run.startedAt, verdict: before.verdict },
    after: { runId: after.run.runId, startedAt: after.run.startedAt, verdict: after.verdict },
    files: change(({ scopes }) => sum(scopes, ({ files }) => files.count)),
    sizeBytes: change(({ scopes }) => sum(scopes, ({ files }) => files.sizeBytes)),
    findings: change(({ reconciliation }) => reconciliation?.findings.total ?? 0),
    exceptions: change(({ exceptions }) => exceptions.total),
    durationMs: change(({ run }) => run.durationMs ?? 0),
    scopes: scopeChanges(before.scopes, after.scopes),
    findingsGone: [...old].filter((name) => !recent.has(name)),
    findingsNew: [...recent].filter((name) => !old.has(name)),
  };
}

function scopeChanges(before: readonly ReportScope[], after: readonly ReportScope[]): ScopeChange[] {
  const old = new Map(before.map((scope) => [scope.scope, scope]));
  const recent = new Map(after.map((scope) => [scope.scope, scope]));
  const names = [...new Set([...old.keys(), ...recent.keys()])].sort();
  return names.flatMap((name) => {
    const change = scopeChange(name, old.get(name), recent.get(name));
    const isSame = change.kind === 'changed' && change.verdict.before === change.verdict.after;
    const numbers = [change.files, change.sizeBytes, change.partitions];
    return isSame && numbers.every((number) => number.before === number.after) ? [] : [change];
  });
}

function scopeChange(scope: string, before: ReportScope | undefined, after: ReportScope | undefined): ScopeChange {
  const change = (of: (scope: ReportScope) => number): Change => ({
    before: before === undefined ? 0 : of(before),
    after: after === undefined ? 0 : of(after),
  });
  return {
    scope,
    kind: before === undefined ? 'added' : after === undefined ? 'gone' : 'changed',
    files: change(({ files }) => files.count),
    sizeBytes: change(({ files }) => files.sizeBytes),
    partitions: change(({ partitions }) => partitions.total),
    verdict: { before: before?.reconciliation?.verdict, after: after?.reconciliation?.verdict },
  };
}

function findingNames({ reconciliation }: RunReport): Set<string> {
  const shown = reconciliation?.findings.shown ?? [];
  return new Set(shown.map(({ scope, subject, detail }) => `${scope}: ${subject}: ${detail}`));
}

function sum(scopes: readonly ReportScope[], of: (scope: ReportScope) => number): number {
  return scopes.reduce((total, scope) => total + of(scope), 0);
}
