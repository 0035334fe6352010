import { checkLines, checksOf, CHECK_TIMEOUT_MS } from '../../cli/doctor.ts';
import { DOCTOR_WORDS } from '../../cli/doctor-words.ts';
import { examine } from '../../steps/doctor.ts';
import { BACK } from '../question.ts';
import type { Room } from '../room.ts';
import type { Move } from '../wizard-state.ts';

/** Tries every connection and right, with a hint for each that fails. */
export async function checkScene(room: Room): Promise<Move> {
  const { terminal, words, ask, configFile } = room;
  const [project, platform] = [await room.project(), await room.platform()];
  let failed = 0;
  const checks = checksOf(project, platform, DOCTOR_WORDS[terminal.language]);
  for await (const result of examine(checks, CHECK_TIMEOUT_MS, new AbortController().signal)) {
    for (const line of checkLines(terminal, result)) terminal.say(line);
    if (!result.isOk) failed += 1;
  }
  if (failed === 0) {
    terminal.say(terminal.words.allWell);
    return { kind: 'done' };
  }
  terminal.say(terminal.words.checksFailed(failed));
  const answer = await ask({
    kind: 'choice',
    message: words.askFailed(configFile),
    choices: [
      { value: 'again', name: words.tryAgain },
      { value: 'on', name: words.goOn },
    ],
  });
  await room.reconnect();
  return answer === BACK || answer === 'again' ? { kind: 'again' } : { kind: 'done' };
}
