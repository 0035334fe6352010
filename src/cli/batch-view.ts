import type { BatchRecord, BatchResult } from '../domain/batch/batch-record.ts';
import { formatBytes, formatCount, formatDuration } from '../report/quantities.ts';
import { BATCH_WORDS } from './batch-words.ts';
import { EXIT } from './exit-codes.ts';
import { paint, table, visible, type Terminal } from './terminal.ts';

/** How each use case ended, the ones to look at with what to do. */
export function printBatch(terminal: Terminal, record: BatchRecord): void {
  if (terminal.isJson) return terminal.printJson(record);
  const { words } = terminal;
  const told = BATCH_WORDS[terminal.language];
  terminal.print('');
  const head = [told.useCase, told.wave, words.status, told.exitCode, words.files, words.size, told.duration];
  const rows = record.useCases.map((result) => rowOf(terminal, result));
  for (const line of table(head, rows, new Set([1, 3, 4, 5, 6]))) terminal.print(line);
  for (const { useCase, error } of record.useCases) {
    if (error === undefined) continue;
    terminal.print(`${paint('red', '✗')} ${useCase}: ${error.code}: ${visible(error.message)}`);
    if (error.hint !== undefined) terminal.print(`    ${paint('cyan', words.hint)}: ${visible(error.hint)}`);
  }
  const good = record.useCases.filter(({ exitCode }) => exitCode === EXIT.ok).length;
  const line = told.batchLine(good, record.useCases.length);
  terminal.print(paint(good === record.useCases.length ? 'green' : 'yellow', line));
}

function rowOf({ language }: Terminal, result: BatchResult): string[] {
  return [
    result.useCase,
    String(result.wave),
    BATCH_WORDS[language].batchStates[batchStateOf(result)],
    String(result.exitCode),
    formatCount(result.files, language),
    formatBytes(result.sizeBytes, language),
    formatDuration(result.durationMs, language),
  ];
}

type BatchState = 'good' | 'itemsOpen' | 'differs' | 'locked' | 'notApproved' | 'notBegun' | 'stopped' | 'failed';

const STATES: Readonly<Record<number, BatchState>> = {
  [EXIT.ok]: 'good',
  [EXIT.itemsFailed]: 'itemsOpen',
  [EXIT.differences]: 'differs',
  [EXIT.locked]: 'locked',
  [EXIT.stalePlan]: 'notApproved',
  [EXIT.windowClosed]: 'stopped',
  [EXIT.interrupted]: 'stopped',
};

/** What an exit code means for a use case of a batch. */
export function batchStateOf({ exitCode, hasBegun }: Pick<BatchResult, 'exitCode' | 'hasBegun'>): BatchState {
  return hasBegun ? (STATES[exitCode] ?? 'failed') : 'notBegun';
}
