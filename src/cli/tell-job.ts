import { appendFile } from 'node:fs/promises';
import type { BatchRecord } from '../domain/batch/batch-record.ts';
import { formatBytes, formatCount, type Language } from '../report/quantities.ts';
import { BATCH_WORDS } from './batch-words.ts';
import { batchStateOf } from './batch-view.ts';
import { EXIT } from './exit-codes.ts';

/** GitHub shows on a job's page what its steps append to this file: each run its own summary, and the batch a table of all. */
export async function tellJob(record: BatchRecord, language: Language): Promise<void> {
  const jobSummary = process.env['GITHUB_STEP_SUMMARY'];
  if (jobSummary) await appendFile(jobSummary, batchMarkdown(record, language));
}

function batchMarkdown({ useCases, batchId }: BatchRecord, language: Language): string {
  const words = BATCH_WORDS[language];
  const good = useCases.filter(({ exitCode }) => exitCode === EXIT.ok).length;
  const head = ['', words.useCase, words.wave, words.state, words.exitCode, words.files, words.volume];
  const rows = useCases.map((result) => [
    result.exitCode === EXIT.ok ? '✅' : '⚠️',
    result.useCase,
    result.wave,
    words.batchStates[batchStateOf(result)],
    result.exitCode,
    formatCount(result.files, language),
    formatBytes(result.sizeBytes, language),
  ]);
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `\n## ${words.batchLine(good, useCases.length)} (${batchId})\n\n${lines.join('\n')}\n`;
}
