import type { Command } from 'commander';
import { runLog } from '../compose-log.ts';
import { connect, zoneTargets } from '../compose.ts';
import type { Project } from '../config/config.ts';
import { readMapping } from '../config/mapping-file.ts';
import { loadMigration } from '../config/migration-file.ts';
import { LakeliftError } from '../errors.ts';
import type { UseCase } from '../draw-plan.ts';
import type { Platform } from '../ports/platform.ts';
import type { Progress } from '../ports/progress.ts';
import { RateLimit } from '../resilience/rate-limit.ts';
import { ProgressDisplay, type RunDisplay } from './progress-display.ts';
import { interruptible, projectOf, terminalOf } from './session.ts';
import type { Terminal } from './terminal.ts';

/** Both ends as one command uses them, for however many use cases: their limits, their rate and what stops them are shared. */
export interface Connections {
  readonly terminal: Terminal;
  readonly project: Project;
  readonly platform: Platform;
  /** How fast the source may be read; changeable while runs are under way. */
  readonly rateLimit: RateLimit;
  readonly signal: AbortSignal;
  /** Whoever is told of what concerns the connections, and no use case in particular. */
  readonly listeners: Set<Progress>;
}

export interface UseCaseSession {
  readonly terminal: Terminal;
  readonly project: Project;
  readonly display: RunDisplay;
  readonly useCase: UseCase;
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
  place: Pick<Connections, 'terminal' | 'project'>,
  id: string,
  work: (session: UseCaseSession) => Promise<Result>,
): Promise<Result> {
  return withConnections(place, (connections) =>
    openAmong(connections, { id, display: new ProgressDisplay(place.terminal) }, work),
  );
}

/** Connects both ends, under a signal that Ctrl-C aborts, and closes them. */
export async function withConnections<Result>(
  { terminal, project }: Pick<Connections, 'terminal' | 'project'>,
  work: (connections: Connections) => Promise<Result>,
): Promise<Result> {
  const listeners = new Set<Progress>();
  const rateLimit = new RateLimit(project.config.limits.maxBytesPerSecond);
  const platform = await connect(project, (event) => listeners.forEach((listen) => listen(event)), rateLimit);
  try {
    return await interruptible(terminal, (signal) =>
      work({ terminal, project, platform, rateLimit, signal, listeners }),
    );
  } finally {
    await platform.close();
  }
}

/** Opens a use case on connections that others may use too. */
export async function openAmong<Result>(
  { terminal, project, platform, rateLimit, signal, listeners }: Connections,
  { id, display }: { readonly id: string; readonly display: RunDisplay },
  work: (session: UseCaseSession) => Promise<Result>,
): Promise<Result> {
  const migration = await loadMigration(project.root, id);
  const mapping = await readMapping(project.root, id);
  const log = runLog(project, migration.id);
  const progress: Progress = (event) => {
    // What is read of each file is summed up in its outcome.
    if (event.kind !== 'bytes') log.progress(event);
    display.progress(event);
  };
  listeners.add(progress);
  const zones = zoneTargets(project.config);
  const clusterAuthorities = project.config.source.hdfs.authorities;
  const useCase: UseCase = { migration, mapping, zones, clusterAuthorities, platform, progress, signal };
  try {
    return await work({ terminal, project, display, useCase, rateLimit });
  } catch (error) {
    log.error(error);
    display.above(`${terminal.words.log}: ${log.path}`);
    throw error;
  } finally {
    listeners.delete(progress);
    display.close();
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
