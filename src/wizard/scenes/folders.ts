import { hdfsPath, type HdfsPath } from '../../domain/names.ts';
import { isLakeliftError, messageOf } from '../../errors.ts';
import { visible } from '../../cli/terminal.ts';
import { formatBytes, formatCount, formatDay } from '../../report/quantities.ts';
import { BACK, type Choice } from '../question.ts';
import type { Room } from '../room.ts';
import type { Move, WizardState } from '../wizard-state.ts';
import { lastUses } from '../last-uses.ts';
import { matching } from './choose.ts';

const DONE = '\0done';
const UP = '\0up';
const TAKE = '\0take';
const SHOWN = 1000;

/** Browses HDFS for folders of files that no table owns. */
export async function foldersScene(room: Room, { tables, paths }: WizardState): Promise<Move> {
  const { words, ask, terminal } = room;
  const chosen = new Set(paths);
  let folder = hdfsPath('/');
  for (;;) {
    const answer = await ask({
      kind: 'search',
      message: words.askFolder(folder),
      find: await finder(room, folder, chosen),
    });
    if (answer === BACK) return { kind: 'back' };
    if (answer === DONE) {
      if (tables.length + chosen.size > 0) return { kind: 'done', change: { paths: [...chosen].sort() } };
      terminal.say(words.nothingChosen);
      return { kind: 'back' };
    }
    if (answer === TAKE) {
      if (!chosen.delete(folder)) chosen.add(folder);
    } else folder = answer === UP ? parentOf(folder) : hdfsPath(answer);
  }
}

async function finder(
  room: Room,
  folder: HdfsPath,
  chosen: ReadonlySet<string>,
): Promise<(text: string) => readonly Choice[]> {
  const { words } = room;
  const inside = await foldersIn(room, folder);
  const all = inside.map((path): Choice => ({
    value: path,
    name: `${chosen.has(path) ? '✓' : ' '} ${visible(path)}/`,
  }));
  const done: Choice = { value: DONE, name: `${words.done} (${words.chosen(chosen.size)})` };
  const here: Choice[] =
    folder === '/'
      ? []
      : [
          { value: TAKE, name: `${chosen.has(folder) ? words.leaveOut : words.take} ${await described(room, folder)}` },
          { value: UP, name: words.up },
        ];
  return (text) => (text === '' ? [done, ...here, ...all] : matching(all, text));
}

async function foldersIn({ platform, terminal }: Room, folder: HdfsPath): Promise<HdfsPath[]> {
  const { source } = await platform();
  const found: HdfsPath[] = [];
  try {
    for await (const entry of source.listDirectory(folder)) {
      if (entry.kind === 'directory') found.push(entry.directory.path);
      if (found.length >= SHOWN) break;
    }
  } catch (error) {
    if (!isLakeliftError(error)) throw error;
    terminal.say(visible(messageOf(error)));
  }
  return found.sort();
}

async function described({ platform, project, terminal, words: told }: Room, folder: HdfsPath): Promise<string> {
  const { source } = await platform();
  try {
    const { fileCount, sizeBytes } = await source.getContentSummary(folder);
    const { language, words } = terminal;
    const facts = [
      `${formatCount(String(fileCount), language)} ${words.files}`,
      formatBytes(Number(sizeBytes), language),
    ];
    const usedAtMs = (await lastUses(await project())).get(folder);
    if (usedAtMs !== undefined) facts.push(told.used(formatDay(usedAtMs, language)));
    return `${visible(folder)} (${facts.join(', ')})`;
  } catch (error) {
    if (!isLakeliftError(error)) throw error;
    return visible(folder);
  }
}

function parentOf(folder: HdfsPath): HdfsPath {
  return hdfsPath(folder.slice(0, folder.lastIndexOf('/')) || '/');
}
