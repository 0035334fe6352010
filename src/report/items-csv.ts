import type { Outcome } from '../domain/outcome.ts';
import type { PlanItem } from '../domain/plan.ts';
import { visibleText } from './visible-text.ts';

const COLUMNS = [
  'item',
  'kind',
  'scope',
  'partition',
  'source',
  'target',
  'size_bytes',
  'verdict',
  'status',
  'proof',
  'crc32c',
  'source_checksum',
  'code',
  'message',
] as const;

/** Every item of a run with its outcome as RFC 4180 lines, streamed. Names of columns are fixed, sizes plain integers. */
export function* renderItemsCsv(
  items: Iterable<{ readonly item: PlanItem; readonly outcome: Outcome | undefined }>,
): Generator<string> {
  yield `${COLUMNS.join(',')}\r\n`;
  for (const { item, outcome } of items) yield `${cellsOf(item, outcome).join(',')}\r\n`;
}

function cellsOf(item: PlanItem, outcome: Outcome | undefined): string[] {
  return [
    csvText(item.id),
    item.kind,
    csvText(item.scope),
    ...placeOf(item).map(csvText),
    item.kind === 'file' ? String(item.source.sizeBytes) : '',
    item.verdict,
    ...resultOf(item, outcome),
  ];
}

/** Partition, source and target. */
function placeOf(item: PlanItem): (string | undefined)[] {
  switch (item.kind) {
    case 'file':
      return [item.partition, item.source.path, `s3://${item.target.bucket}/${item.target.key}`];
    case 'partition':
      return [item.name, undefined, item.definition?.storage.location];
    case 'path':
      return [undefined, item.path, undefined];
    case 'function':
      return [undefined, item.scope, undefined];
    default:
      return [undefined, undefined, item.definition && `${item.definition.database}.${item.definition.name}`];
  }
}

function resultOf({ reason }: PlanItem, outcome: Outcome | undefined): string[] {
  if (outcome === undefined) return ['pending', '', '', '', csvText(reason?.code), csvText(reason?.text)];
  const { status, proof = '', crc32c, sourceChecksum, errorCode, message } = outcome;
  const texts = [crc32c, sourceChecksum, errorCode ?? reason?.code, message ?? reason?.text];
  return [status, proof, ...texts.map(csvText)];
}

/** Full-width signs start a formula in some spreadsheets as well (OWASP ASVS 5, 1.2.10). */
const FORMULA = /^[=+\-@＝＋－＠]/;

/**
 * Text as a quoted cell that no spreadsheet takes for a formula: a quote mark stands before whatever could start one. What cannot be seen, or
 * would steer a terminal, is spelled out as {@link visibleText} does.
 */
export function csvText(text: string | undefined): string {
  if (text === undefined || text === '') return '';
  const visible = visibleText(text);
  const harmless = FORMULA.test(visible) ? `'${visible}` : visible;
  return /[",']|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
