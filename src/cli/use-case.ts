import type { Command } from 'commander';
import { connect, runLog, zoneTargets } from '../compose.ts';
import type { Project } from '../config/config.ts';
import { readMapping } from '../config/mapping-file.ts';
import { loadMigration } from '../config/migration-file.ts';
import { LakeliftError } from '../errors.ts';
import type { UseCase } from '../migrate.ts';
import type { Progress } from '../ports/progress.ts';
import { RateLimit } from '../resilience/rate-limit.ts';
import { ProgressDisplay } from './progress-display.ts';
import { interruptible, projectOf, terminalOf } from './session.ts';
import type { Terminal } from './terminal.ts';

export interface UseCaseSession {
  readonly terminal: Terminal;
  readonly project: Project;
  readonly display: ProgressDisplay;
  readonly useCase: UseCase;
  /** How fast the source may be read; changeable while a run is under way. */
  readonly rateLimit: RateLimit;
}

/** Opens a use case of the project that the command runs in. */
export async function withUseCase<Result>(
  command: Command,
  id: string,
  work: (session: UseCaseSession) => Promise<Result>,
): Promise<Result> {
  return openUseCase({ terminal: terminalOf(command), project: await projectOf(command) }, id, work);
}

/** Opens a use case and closes everything behind it, whatever happens. */
export async function openUseCase<Result>(
  { terminal, project }: Pick<UseCaseSession, 'terminal' | 'project'>,
  id: string,
  work: (session: UseCaseSession) => Promise<Result>,
): Promise<Result> {
  const migration = await loadMigration(project.root, id);
  const mapping = await readMapping(project.root, id);
  const display = new ProgressDisplay(terminal);
  const log = runLog(project, migration.id);
  const progress: Progress = (event) => {
    // What is read of each file is summed up in its outcome.
    if (event.kind !== 'bytes') log.progress(event);
    display.progress(event);
  };
  const rateLimit = new RateLimit(project.config.limits.maxBytesPerSecond);
  const platform = connect(project, progress, rateLimit);
  const zones = zoneTargets(project.config);
  const clusterAuthorities = project.config.source.hdfs.authorities;
  try {
    return await interruptible(terminal, (signal) => {
      const useCase: UseCase = {
        migration,
        mapping,
        zones,
        clusterAuthorities,
        platform,
        progress,
        signal,
      };
      return work({ terminal, project, display, useCase, rateLimit });
    });
  } catch (error) {
    log.error(error);
    display.above(`${terminal.words.log}: ${log.path}`);
    throw error;
  } finally {
    display.close();
    await platform.close();
    await log.close();
  }
}

/** For commands that look at what a run left. */
export function noRun(useCase: string): LakeliftError {
  return new LakeliftError(`${useCase} has not been run yet`, {
    kind: 'usage',
    code: 'NO_RUN',
    subject: useCase,
    hint: `Run "lakelift run ${useCase}" first.`,
  });
}
