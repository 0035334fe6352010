import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { openSandboxProject, type SandboxProject } from './sandbox-project.ts';

/** Of the domain `rh`. */
export const KEY = 'a1'.repeat(32);

/** A sandbox whose absences are migrated, and their datasets declared as in this repository, with a key for their pseudonyms. */
export async function openMigratedAbsences(): Promise<{ readonly project: SandboxProject; readonly runId: string }> {
  const project = await openSandboxProject({
    environment: { LAKELIFT_KEY_RH: KEY },
    change: (config) => ({ ...config, privacy: { keys: { rh: { version: 1, env: 'LAKELIFT_KEY_RH' } } } }),
  });
  const ran = await project.run('absences');
  expect(ran.code).toBe(0);
  const declared = 'mappings/absences.datasets.yaml';
  writeFileSync(join(project.root, declared), readFileSync(join(import.meta.dirname, '../..', declared)));
  return { project, runId: ran.summary.runId };
}
