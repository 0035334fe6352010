import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { createProject, type ProjectFiles, type TestProject } from './project.ts';

const REPOSITORY = join(import.meta.dirname, '../..');

export interface SandboxProject extends TestProject {
  readonly sandbox: Sandbox;
  close(): Promise<void>;
}

export type Settings = Readonly<Record<string, unknown>>;

/** A user's project over a sandbox in this process, with the use cases of the repository. `change` may alter its configuration. */
export async function openSandboxProject(
  options: Omit<SandboxOptions, 'directory'> &
    Partial<Pick<ProjectFiles, 'migrations' | 'mappings' | 'environment'>> & {
      readonly change?: (config: Settings) => Settings;
    } = {},
): Promise<SandboxProject> {
  const { migrations, mappings, environment, change = (config) => config, ...sandboxOptions } = options;
  const directory = mkdtempSync(join(tmpdir(), 'lakelift-e2e-'));
  const sandbox = await startSandbox({ ...sandboxOptions, directory });
  const project = createProject({
    config: change({ ...sandbox.configuration, limits: { ...sandbox.configuration.limits, retryForMinutes: 0.05 } }),
    migrations: migrations ?? { absences: script('absences'), churn: script('churn') },
    mappings: mappings ?? { absences: mapping('absences'), churn: mapping('churn') },
    environment: { ...sandbox.environment, ...environment },
  });
  return {
    ...project,
    sandbox,
    close: async () => {
      await sandbox.close();
      rmSync(directory, { recursive: true, force: true });
      rmSync(project.root, { recursive: true, force: true });
    },
  };
}

export function script(useCase: string): string {
  return readFileSync(join(REPOSITORY, 'migrations', `${useCase}.ts`), 'utf8');
}

export function mapping(useCase: string): string {
  return readFileSync(join(REPOSITORY, 'mappings', `${useCase}.yaml`), 'utf8');
}
