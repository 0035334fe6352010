import { existsSync } from 'node:fs';
import { describeError, paint } from '../cli/terminal.ts';
import { isLakeliftError } from '../errors.ts';
import { forgetProgress, keepProgress, readProgress } from './progress-file.ts';
import { BACK } from './question.ts';
import type { Room } from './room.ts';
import { acceptScene } from './scenes/accept.ts';
import { checkScene } from './scenes/check.ts';
import { chooseScene } from './scenes/choose.ts';
import { columnsScene } from './scenes/columns.ts';
import { connectScene } from './scenes/connect.ts';
import { describeScene } from './scenes/describe.ts';
import { batchCommands } from './scenes/end.ts';
import { foldersScene } from './scenes/folders.ts';
import { mappingScene } from './scenes/mapping.ts';
import { planScene } from './scenes/plan.ts';
import { runScene } from './scenes/run.ts';
import { scriptScene } from './scenes/script.ts';
import { tablesScene } from './scenes/tables.ts';
import { zonesScene } from './scenes/zones.ts';
import { moved, START, STEPS, type Move, type StepName, type WizardState } from './wizard-state.ts';

type Scene = (room: Room, state: WizardState) => Promise<Move>;

const SCENES: Readonly<Record<Exclude<StepName, 'end'>, Scene>> = {
  connect: connectScene,
  check: checkScene,
  choose: chooseScene,
  describe: describeScene,
  tables: tablesScene,
  folders: foldersScene,
  script: scriptScene,
  zones: zonesScene,
  columns: columnsScene,
  mapping: mappingScene,
  plan: planScene,
  run: runScene,
  accept: acceptScene,
};

/** Leads from nothing to an accepted report. What was decided is kept after every step; leaving at any point loses nothing. */
export async function runWizard(room: Room): Promise<void> {
  const { terminal, words } = room;
  terminal.say(`${paint('bold', words.welcome, process.stderr)}\n${words.leaveHint}`);
  let state = await firstState(room);
  while (state.step !== 'end') {
    terminal.say(
      `\n${paint('cyan', `${STEPS.indexOf(state.step) + 1}/${STEPS.length} ${words.steps[state.step]}`, process.stderr)}`,
    );
    state = moved(state, await played(room, state, SCENES[state.step]));
    if (existsSync(room.configFile)) await keepProgress(await room.project(), state);
  }
  await forgetProgress(await room.project());
  terminal.say(`\n${words.batch}`);
  for (const command of batchCommands(room, state)) terminal.print(`  ${command}`);
}

/** What fails is said with its hint; the person tries again, or goes back. */
async function played(room: Room, state: WizardState, scene: Scene): Promise<Move> {
  const { terminal, words, ask } = room;
  try {
    return await scene(room, state);
  } catch (error) {
    if (!isLakeliftError(error) || error.kind === 'interrupted') throw error;
    terminal.say(describeError(error, terminal.words));
  }
  const answer = await ask({
    kind: 'choice',
    message: words.askBroken,
    choices: [{ value: 'again', name: words.tryAgain }],
  });
  await room.reconnect();
  return { kind: answer === BACK ? 'back' : 'again' };
}

/** Where the person left it, if they want to go on from there. */
async function firstState(room: Room): Promise<WizardState> {
  if (!existsSync(room.configFile)) return START;
  const kept = await readProgress(await room.project());
  if (kept === undefined || STEPS.indexOf(kept.step) <= STEPS.indexOf('choose')) return START;
  const { words } = room;
  const what = kept.useCase ?? kept.draft?.id ?? words.newUseCase;
  const answer = await room.ask({
    kind: 'choice',
    message: words.askResume(what, words.steps[kept.step]),
    choices: [
      { value: 'resume', name: words.resume },
      { value: 'afresh', name: words.afresh },
    ],
  });
  return answer === BACK || answer === 'afresh' ? START : kept;
}
