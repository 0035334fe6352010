import { openLedger, runLock, whoAmI } from '../compose.ts';
import type { Project } from '../config/config.ts';
import type { UseCaseId } from '../domain/names.ts';
import type { Ledger } from '../ports/ledger.ts';

/** Opens the ledger of a use case for writing, under its lock. Throws `locked` (exit code 6) while somebody else has it. */
export async function withLockedLedger<Result>(
  project: Project,
  useCase: UseCaseId,
  work: (ledger: Ledger) => Promise<Result>,
): Promise<Result> {
  const lock = runLock(project, useCase).acquire({
    startedBy: whoAmI(),
    processId: process.pid,
    sinceMs: Date.now(),
  });
  try {
    const ledger = openLedger(project, useCase);
    try {
      return await work(ledger);
    } finally {
      ledger.close();
    }
  } finally {
    lock.release();
  }
}
