import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { withReadLedger } from '../cli/locked-ledger.ts';
import { notesTo } from '../cli/session.ts';
import { reportFolder } from '../compose-reports.ts';
import type { UseCaseId } from '../domain/names.ts';
import { REPORT_FILES } from '../report/report-files.ts';
import { desktopOpener } from './desktop-opener.ts';
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

/** Where there is none, the path on the terminal has to do. */
function openOnDesktop(path: string): void {
  const program = desktopOpener(process.platform, process.env);
  if (program === undefined) return;
  spawn(program, [path], { detached: true, stdio: 'ignore' })
    .on('error', () => undefined)
    .unref();
}
