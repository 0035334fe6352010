import { notifiers } from '../compose-notify.ts';
import { ciJobUrl } from '../compose-state.ts';
import type { Project } from '../config/config.ts';
import type { BatchResult } from '../domain/batch/batch-record.ts';
import { messageOf } from '../errors.ts';
import type { Notification } from '../ports/notifier.ts';
import { formatBytes, formatCount, type Language } from '../report/quantities.ts';
import { BATCH_WORDS } from './batch-words.ts';
import { batchStateOf } from './batch-view.ts';
import { EXIT } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

const LINES = 20;

type Told = Pick<BatchResult, 'useCase' | 'exitCode' | 'hasBegun' | 'files' | 'sizeBytes'>;

/** Tells whoever the project names how use cases ended. A message that does not arrive is a warning, and changes no exit code. */
export async function notifyEnd(terminal: Terminal, project: Project, results: readonly Told[]): Promise<void> {
  const isGood = results.every(({ exitCode }) => exitCode === EXIT.ok);
  if (results.length === 0 || (isGood && project.config.notify.when === 'problems')) return;
  try {
    const notification = notificationOf(results, terminal.language);
    for (const notifier of notifiers(project))
      await notifier.send(notification).catch((error: unknown) => warn(terminal, notifier.name, error));
  } catch (error) {
    warn(terminal, 'notify', error);
  }
}

/** Names of use cases, counts and states: never the text of an error, which may name a file or a value. */
export function notificationOf(results: readonly Told[], language: Language): Notification {
  const words = BATCH_WORDS[language];
  const good = results.filter(({ exitCode }) => exitCode === EXIT.ok).length;
  const lines = results.map((result) => {
    const volume = `${formatCount(result.files, language)} ${words.files}, ${formatBytes(result.sizeBytes, language)}`;
    return `${result.useCase}: ${words.batchStates[batchStateOf(result)]} (${words.exitCode} ${result.exitCode}), ${volume}`;
  });
  const more = lines.length > LINES ? [`… +${lines.length - LINES}`] : [];
  const url = ciJobUrl(process.env);
  return {
    title: `lakelift: ${words.batchLine(good, results.length)}`,
    // Those to look at first: a channel shows the beginning.
    lines: [
      ...lines.filter((_, index) => results[index]!.exitCode !== 0),
      ...lines.filter((_, index) => results[index]!.exitCode === 0),
    ]
      .slice(0, LINES)
      .concat(more),
    isGood: good === results.length,
    ...(url === undefined ? {} : { url }),
  };
}

function warn(terminal: Terminal, name: string, error: unknown): void {
  terminal.say(`${BATCH_WORDS[terminal.language].notTold}: ${name}: ${messageOf(error)}`);
}
