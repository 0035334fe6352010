import { existsSync } from 'node:fs';
import { PROJECT_QUESTIONS, projectText, writeProject, type ProjectAnswers } from '../../cli/init.ts';
import { askForm } from '../form.ts';
import { BACK } from '../question.ts';
import type { Room } from '../room.ts';
import { showDiff } from '../show-diff.ts';
import type { Move } from '../wizard-state.ts';

/** Makes the project's configuration where there is none yet. */
export async function connectScene(room: Room): Promise<Move> {
  const { words, ask, terminal, configFile } = room;
  if (existsSync(configFile)) return { kind: 'done' };
  terminal.say(words.connectIntro);
  const answers = await askForm(
    ask,
    PROJECT_QUESTIONS.map(({ name, text, isRequired }) => ({
      name,
      message: text[terminal.language],
      fault: (answer) => (isRequired && answer === '' ? words.needed : undefined),
    })),
  );
  if (answers === BACK) return { kind: 'again' };
  const project = answersOf(answers);
  showDiff(terminal, configFile, { after: projectText(project) });
  const answer = await ask({
    kind: 'choice',
    message: words.askWrite(configFile),
    choices: [{ value: 'write', name: words.write }],
  });
  if (answer === BACK) return { kind: 'again' };
  await writeProject(configFile, project);
  return { kind: 'done' };
}

function answersOf(answers: Record<string, string>): ProjectAnswers {
  const list = (text = ''): string[] => text.split(/[\s,]+/).filter((part) => part !== '');
  const { hdfsUser = '' } = answers;
  return {
    nameNode: list(answers['nameNode']),
    metastore: list(answers['metastore']),
    region: answers['region'] ?? '',
    rawBucket: answers['rawBucket'] ?? '',
    ...(hdfsUser === '' ? {} : { hdfsUser }),
  };
}
