import { SEVERITIES, type AssessedItem } from '../domain/assessment/assessment.ts';
import { csvText } from './items-csv.ts';

/** Every table, view and folder of an assessment as RFC 4180 lines. Names of columns are fixed, sizes plain integers. */
export function* renderAssessmentCsv(items: readonly AssessedItem[]): Generator<string> {
  const columns = [
    'item',
    'kind',
    'format',
    'partitions',
    'columns',
    'personal_columns',
    'files',
    'size_bytes',
    'small_files',
  ];
  yield `${[...columns, 'modified_at', 'read_at', ...SEVERITIES, 'codes', 'use_cases', 'reads', 'effort_days'].join(',')}\r\n`;
  for (const item of items) yield `${cellsOf(item).join(',')}\r\n`;
}

function cellsOf({
  name,
  kind,
  format,
  partitions,
  columns,
  personalColumns,
  usage,
  findings,
  ...item
}: AssessedItem): string[] {
  const count = (value: number | undefined): string => (value === undefined ? '' : String(value));
  const time = (timeMs: number | undefined): string => (timeMs ? new Date(timeMs).toISOString() : '');
  const serious = findings.filter(({ severity }) => severity !== 'note');
  return [
    csvText(name),
    kind,
    format ?? '',
    ...[partitions, columns, personalColumns, usage?.files, usage?.sizeBytes, usage?.smallFiles].map(count),
    time(usage?.modifiedAtMs),
    time(usage?.readAtMs),
    ...SEVERITIES.map((severity) => count(findings.filter((finding) => finding.severity === severity).length)),
    csvText(serious.map(({ code }) => code).join(' ')),
    csvText(item.useCases.join(' ')),
    csvText(item.reads.join(' ')),
    count(item.effortDays),
  ];
}
