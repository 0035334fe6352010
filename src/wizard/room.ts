import { connect } from '../compose.ts';
import { loadProject, type Project } from '../config/config.ts';
import type { Platform } from '../ports/platform.ts';
import type { Terminal } from '../cli/terminal.ts';
import type { Ask } from './question.ts';
import { WIZARD_WORDS, type WizardWords } from './words.ts';

/** What every scene works with. */
export interface Room {
  readonly terminal: Terminal;
  readonly words: WizardWords;
  readonly ask: Ask;
  /** Where the project's configuration is, or will be. */
  readonly root: string;
  readonly configFile: string;
  readonly project: () => Promise<Project>;
  /** Both sides, connected when first used. */
  readonly platform: () => Promise<Platform>;
  /** Connects anew: the configuration changed. */
  readonly reconnect: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export function openRoom(given: Pick<Room, 'terminal' | 'ask' | 'root' | 'configFile'>): Room {
  let project: Promise<Project> | undefined;
  let platform: Promise<Platform> | undefined;
  const reconnect = async (): Promise<void> => {
    const old = platform;
    project = platform = undefined;
    await (await old?.catch(() => undefined))?.close();
  };
  const room: Room = {
    ...given,
    words: WIZARD_WORDS[given.terminal.language],
    project: () => (project ??= loadProject(given.root, given.configFile)),
    platform: () => (platform ??= room.project().then((loaded) => connect(impatient(loaded), () => undefined))),
    reconnect,
    close: reconnect,
  };
  return room;
}

/** Somebody is waiting: what does not answer is said soon. */
function impatient(project: Project): Project {
  return { ...project, config: { ...project.config, limits: { ...project.config.limits, retryForMinutes: 0.05 } } };
}
