import { join } from 'node:path';
import { openRunLog, type RunLog } from './adapters/log/run-log.ts';
import { noteConfiguredSecrets, redact } from './compose-secrets.ts';
import { stateDirectory } from './compose.ts';
import type { Project } from './config/config.ts';
import type { UseCaseId } from './domain/names.ts';

/** The log of one command on a use case, named by when it began. */
export function runLog(project: Project, useCase: UseCaseId): RunLog {
  const name = `${new Date().toISOString().replace(/[:.]/g, '-')}.jsonl`;
  noteConfiguredSecrets(project.config);
  return openRunLog(join(stateDirectory(project), useCase, 'logs', name), redact);
}
