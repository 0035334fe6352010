import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stateDirectory } from '../compose.ts';
import type { Project } from '../config/config.ts';
import { readState, type WizardState } from './wizard-state.ts';

/** What the wizard remembers between two starts, in the state directory of the project. */
function progressPath(project: Project): string {
  return join(stateDirectory(project), 'wizard.json');
}

/** Undefined where nothing was left unfinished, or nothing that this version understands. */
export async function readProgress(project: Project): Promise<WizardState | undefined> {
  try {
    return readState(JSON.parse(await readFile(progressPath(project), 'utf8')));
  } catch {
    return undefined;
  }
}

/** In one step, so that leaving at any instant leaves the old state or the new one. */
export async function keepProgress(project: Project, state: WizardState): Promise<void> {
  const path = progressPath(project);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.tmp`, `${JSON.stringify(state, undefined, 2)}\n`);
  await rename(`${path}.tmp`, path);
}

export async function forgetProgress(project: Project): Promise<void> {
  await rm(progressPath(project), { force: true });
}
