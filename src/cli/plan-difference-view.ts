import type { ChangedLine, LineList, PlanDifference, PlanLine } from '../domain/plan-difference.ts';
import { formatBytes, formatCount, type Language } from '../report/quantities.ts';
import { BATCH_WORDS } from './batch-words.ts';
import { paint, visible } from './terminal.ts';
import { WORDS } from './words.ts';

/** What was added to a plan, taken out and changed since it was approved. */
export function printDifference(say: (line: string) => void, difference: PlanDifference, language: Language): void {
  const { planDifference: words } = BATCH_WORDS[language];
  const list = <Line>(title: string, lines: LineList<Line>, lineOf: (line: Line) => string): void => {
    if (lines.total === 0) return;
    say(`${title}: ${formatCount(lines.total, language)}`);
    for (const line of lines.shown) say(`  ${lineOf(line)}`);
    if (lines.total > lines.shown.length) say(`  …`);
  };
  const sized = ({ id, verdict, sizeBytes }: PlanLine): string =>
    `${visible(id)} (${WORDS[language].verdicts[verdict]}${sizeBytes > 0 ? `, ${formatBytes(sizeBytes, language)}` : ''})`;
  list(words.added, difference.added, (line) => `${paint('green', '+', process.stderr)} ${sized(line)}`);
  list(words.removed, difference.removed, (line) => `${paint('red', '-', process.stderr)} ${sized(line)}`);
  list(
    words.changed,
    difference.changed,
    (line) => `${paint('yellow', '~', process.stderr)} ${changeOf(line, language)}`,
  );
}

function changeOf({ before, after, what }: ChangedLine, language: Language): string {
  const { verdicts } = WORDS[language];
  const { planDifference: words } = BATCH_WORDS[language];
  const id = visible(after.id);
  switch (what) {
    case 'verdict':
      return `${id}: ${verdicts[before.verdict]} → ${verdicts[after.verdict]}`;
    case 'size':
      return `${id}: ${formatBytes(before.sizeBytes, language)} → ${formatBytes(after.sizeBytes, language)}`;
    case 'content':
      return `${id}: ${words.content}`;
  }
}
