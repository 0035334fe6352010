import type { RunReport } from '../../src/domain/run-report.ts';

/** What an undisturbed run and one that was killed and taken up again must agree on: everything but times and names of runs. */
export function comparable(report: RunReport): unknown {
  const text = JSON.stringify({ ...report, totals: [] })
    .replaceAll(report.run.runId, 'RUN')
    // Each project masks with a key of its own.
    .replaceAll(/masked-[a-p]+/g, 'MASKED')
    .replaceAll(/"(startedAt|finishedAt|at|durationMs|reconciledAtMs)":("[^"]*"|\d+)/g, '"$1":0')
    // A run killed after its last outcome is finished, or its table stands: what takes it up finds that done already.
    .replaceAll('"already-verified"', '"verified"')
    .replaceAll('"unchanged"', '"registered"');
  const totals: Record<string, number> = {};
  for (const { kind, status, count } of report.totals) {
    const outcome =
      ({ 'already-verified': 'verified', unchanged: 'registered' } as Record<string, string>)[status] ?? status;
    totals[`${kind} ${outcome}`] = (totals[`${kind} ${outcome}`] ?? 0) + count;
  }
  return { ...(JSON.parse(text) as object), timings: [], totals };
}
