import type { CheckSummary } from '../domain/reconciliation.ts';
import type { ReportScope, RunReport } from '../domain/run-report.ts';
import { escapeMarkup } from './html.ts';

/** The comparison as JUnit XML: one test case per table or folder and check, one per exception, so that CI shows what failed. */
export function renderJunit(report: RunReport): string {
  const cases = [
    ...report.scopes.flatMap((scope) => scopeCases(report, scope)),
    ...report.exceptions.shown.map(({ itemId, status, code, message, scope }) =>
      testCase({ className: scope, name: itemId, failure: `${status} ${code ?? ''} ${message ?? ''}`.trim() }),
    ),
    ...report.checks.map(({ name, isOk, detail }) =>
      testCase({ className: 'checks', name, ...(isOk ? {} : { failure: detail }) }),
    ),
  ];
  const failures = cases.filter((xml) => xml.includes('<failure')).length;
  const skipped = cases.filter((xml) => xml.includes('<skipped')).length;
  const seconds = ((report.run.durationMs ?? 0) / 1000).toFixed(3);
  const suite = `name="${escapeMarkup(report.useCase.id)}" tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}" time="${seconds}" timestamp="${report.run.startedAt.slice(0, 19)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n<testsuite ${suite}>\n${cases.join('')}</testsuite>\n</testsuites>\n`;
}

function scopeCases(report: RunReport, { scope, reconciliation }: ReportScope): string[] {
  if (reconciliation === undefined) return [testCase({ className: scope, name: 'compared', skipped: 'not compared' })];
  return reconciliation.checks.map((check) => checkCase(report, scope, check));
}

function checkCase(
  report: RunReport,
  scope: string,
  { check, status, deviating, compared, reason }: CheckSummary,
): string {
  const base = { className: scope, name: check };
  if (status === 'passed') return testCase(base);
  if (status === 'not-configured') return testCase({ ...base, skipped: reason ?? status });
  const findings =
    report.reconciliation?.findings.shown.filter((one) => one.scope === scope && one.check === check) ?? [];
  const lines = findings.slice(0, 20).map(({ subject, kind, detail }) => `${kind}: ${subject}: ${detail}`);
  return testCase({
    ...base,
    failure: [`${deviating} of ${compared} deviate`, reason, ...lines].filter(Boolean).join('\n'),
  });
}

interface Case {
  readonly className: string;
  readonly name: string;
  readonly failure?: string | undefined;
  readonly skipped?: string | undefined;
}

function testCase({ className, name, failure, skipped }: Case): string {
  const open = `<testcase classname="${escapeMarkup(className)}" name="${escapeMarkup(name)}"`;
  if (skipped !== undefined) return `${open}><skipped message="${escapeMarkup(skipped)}"/></testcase>\n`;
  if (failure === undefined) return `${open}/>\n`;
  const [first = ''] = failure.split('\n');
  const text = failure.split('\n').map(escapeMarkup).join('\n');
  return `${open}><failure message="${escapeMarkup(first)}">${text}</failure></testcase>\n`;
}
