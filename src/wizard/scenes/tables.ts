import pLimit from 'p-limit';
import { foreignLocation } from '../../domain/cluster.ts';
import { parseLocation } from '../../domain/location.ts';
import { formatTableName } from '../../domain/names.ts';
import { isView, type Table } from '../../domain/table.ts';
import { formatBytes, formatDay } from '../../report/quantities.ts';
import { BACK, type Choice } from '../question.ts';
import type { Room } from '../room.ts';
import type { Move, WizardState } from '../wizard-state.ts';
import { lastUses } from '../last-uses.ts';
import { matching } from './choose.ts';

const DONE = '\0done';
/** Tables of one database that are shown with their sizes; more are shown by name. */
const SIZED = 300;
const SUMMARIES_AT_ONCE = 4;

/** Browses databases and their tables; each that is chosen is marked, and chosen again it is left out. */
export async function tablesScene(room: Room, { tables, paths }: WizardState): Promise<Move> {
  const { catalog } = await room.platform();
  const { words, ask } = room;
  const chosen = new Set(tables);
  const databases = await catalog.listDatabases();
  for (;;) {
    const all = databases.map((name): Choice => ({ value: name, name: databaseLine(name, chosen) }));
    const done: Choice = { value: DONE, name: `${words.done} (${words.chosen(chosen.size)})` };
    const answer = await ask({
      kind: 'search',
      message: words.askDatabase,
      find: (text) => (text === '' ? [done, ...all] : matching(all, text)),
    });
    if (answer === BACK) return { kind: 'back' };
    if (answer === DONE) return { kind: 'done', change: { tables: [...chosen].sort(), paths } };
    await browseDatabase(room, answer, chosen);
  }
}

function databaseLine(name: string, chosen: ReadonlySet<string>): string {
  const count = [...chosen].filter((table) => table.startsWith(`${name}.`)).length;
  return count === 0 ? name : `${name} (✓ ${count})`;
}

async function browseDatabase(room: Room, database: string, chosen: Set<string>): Promise<void> {
  const { words, ask } = room;
  const lines = await tableLines(room, database);
  for (;;) {
    const all = lines.map(({ value, name }): Choice => ({ value, name: `${chosen.has(value) ? '✓' : ' '} ${name}` }));
    const done: Choice = { value: DONE, name: words.otherDatabases };
    const answer = await ask({
      kind: 'search',
      message: words.askTable(database),
      find: (text) => (text === '' ? [done, ...all] : matching(all, text)),
    });
    if (answer === BACK || answer === DONE) return;
    if (!chosen.delete(answer)) chosen.add(answer);
  }
}

/** Each with its size and when it was last used, or changed, where the cluster or an assessment of it says so. */
async function tableLines(room: Room, database: string): Promise<Choice[]> {
  const { catalog } = await room.platform();
  const names = await catalog.listTables(database);
  const uses = await lastUses(await room.project());
  const limit = pLimit(SUMMARIES_AT_ONCE);
  return Promise.all(
    names.map((table, index) =>
      limit(async () => {
        const value = formatTableName({ database, table });
        const known = index < SIZED ? await catalog.findTable({ database, table }) : undefined;
        return { value, name: known === undefined ? table : await tableLine(room, known, uses.get(value)) };
      }),
    ),
  );
}

async function tableLine(room: Room, table: Table, usedAtMs: number | undefined): Promise<string> {
  const { words, terminal } = room;
  const { table: name } = table.name;
  if (isView(table)) return `${name} · ${words.view}`;
  const { sizeBytes, changedAtMs } = await folderFacts(room, table);
  const day = (timeMs: number): string => formatDay(timeMs, terminal.language);
  return [
    name,
    sizeBytes === undefined ? words.unknownSize : formatBytes(sizeBytes, terminal.language),
    usedAtMs !== undefined
      ? words.used(day(usedAtMs))
      : changedAtMs !== undefined
        ? words.changed(day(changedAtMs))
        : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** Nothing where the folder lies elsewhere, is gone or closed to us. */
async function folderFacts(room: Room, { storage }: Table): Promise<{ sizeBytes?: number; changedAtMs?: number }> {
  const { source } = await room.platform();
  const { config } = await room.project();
  const location = parseLocation(storage.location ?? '');
  if (storage.location === undefined || foreignLocation(location, config.source.hdfs.authorities) !== undefined)
    return {};
  try {
    const [{ sizeBytes }, entry] = [
      await source.getContentSummary(location.path),
      await source.findEntry(location.path),
    ];
    return {
      sizeBytes: Number(sizeBytes),
      ...(entry?.kind === 'directory' ? { changedAtMs: entry.directory.modifiedAtMs } : {}),
    };
  } catch {
    return {};
  }
}
