import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { withReadLedger } from '../cli/locked-ledger.ts';
import { notesTo } from '../cli/session.ts';
import { reportFolder } from '../compose-reports.ts';
import type { UseCaseId } from '../domain/names.ts';
import { REPORT_FILES } from '../report/report-files.ts';
import type { Room } from './room.ts';

/** Says where the last report is, and opens it where there is a desktop to open it on. */
export async function openReport({ terminal, words, project }: Room, id: string): Promise<void> {
  const loaded = await project();
  const useCase = id as UseCaseId;
  const runId = await withReadLedger({ project: loaded, useCase, progress: notesTo(terminal) }, (ledger) =>
    Promise.resolve(ledger.listRuns()[0]?.runId),
  );
  if (runId === undefined) return terminal.say(words.noReport);
  const page = join(reportFolder(loaded, useCase, runId).place, REPORT_FILES.page);
  terminal.say(`${terminal.words.reportAt}: ${page}`);
  openOnDesktop(page);
}

/** Over SSH there is none; the path is on the terminal then. */
function openOnDesktop(path: string): void {
  const program =
    process.platform === 'darwin'
      ? 'open'
      : process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']
        ? 'xdg-open'
        : undefined;
  if (program === undefined || process.env['SSH_CONNECTION'] !== undefined) return;
  spawn(program, [path], { detached: true, stdio: 'ignore' })
    .on('error', () => undefined)
    .unref();
}
