import type { Change, RunComparison } from '../domain/run-comparison.ts';
import { formatBytes, formatCount, formatDuration, formatTime } from '../report/quantities.ts';
import { REPORT_WORDS } from '../report/words.ts';
import { paint, table, visible, type Terminal } from './terminal.ts';

/** A run beside an earlier one, as lines of a terminal. */
export function printComparison(terminal: Terminal, comparison: RunComparison): void {
  const { language } = terminal;
  const words = REPORT_WORDS[language];
  const { before, after } = comparison;
  const count = (value: number): string => formatCount(value, language);
  const bytes = (value: number): string => formatBytes(value, language);
  const row = (name: string, change: Change, format: (value: number) => string): string[] => [
    name,
    format(change.before),
    format(change.after),
  ];
  const lines = table(
    ['', before.runId, after.runId],
    [
      [words.facts.started, formatTime(before.startedAt, language), formatTime(after.startedAt, language)],
      [words.head.verdict, words.verdictShort[before.verdict], words.verdictShort[after.verdict]],
      row(words.head.files, comparison.files, count),
      row(words.head.volume, comparison.sizeBytes, bytes),
      row(words.figures.findings, comparison.findings, count),
      row(words.figures.toReview, comparison.exceptions, count),
      row(words.head.duration, comparison.durationMs, (value) => formatDuration(value, language)),
    ],
  );
  for (const line of lines) terminal.print(line);
  for (const { scope, kind, files, sizeBytes } of comparison.scopes) {
    const sign = { added: '+', gone: '-', changed: '~' }[kind];
    const change = `${count(files.before)} → ${count(files.after)}, ${bytes(sizeBytes.before)} → ${bytes(sizeBytes.after)}`;
    terminal.print(`${sign} ${visible(scope)}  ${change}`);
  }
  for (const finding of comparison.findingsGone) terminal.print(`${paint('green', '✓')} ${visible(finding)}`);
  for (const finding of comparison.findingsNew) terminal.print(`${paint('red', '✗')} ${visible(finding)}`);
}
