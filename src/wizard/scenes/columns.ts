import { COLUMN_CLASSES, type ColumnClass, type TableMapping } from '../../domain/mapping.ts';
import { parseTableName } from '../../domain/names.ts';
import { classOfKind, type ValueFinding } from '../../domain/rules/personal-values.ts';
import { asHiveShows } from '../../steps/plan/find-avro-schema.ts';
import { sampleColumns } from '../../steps/sample-columns.ts';
import { proposedMapping } from '../proposed-mapping.ts';
import { BACK, type Choice } from '../question.ts';
import type { Room } from '../room.ts';
import type { Move, WizardState } from '../wizard-state.ts';

const DONE = '\0done';

type Classes = Readonly<Record<string, ColumnClass>>;
type Treats = Readonly<Record<string, string>>;

/** What each column says about persons: proposed from its name and from values that are looked at and never shown. */
export async function columnsScene(room: Room, state: WizardState): Promise<Move> {
  const { mapping } = await proposedMapping(room, state.useCase!);
  const names = Object.keys(mapping.tables);
  const classes: Record<string, Classes> = { ...state.decisions.classes };
  const treats: Record<string, Treats> = { ...state.decisions.treats };
  for (let index = 0; index < names.length;) {
    const name = names[index]!;
    const decided = await decideTable(room, {
      name,
      mapping: mapping.tables[name]!,
      before: classes[name],
      place: `${index + 1}/${names.length}`,
    });
    if (decided === BACK) {
      if (index === 0) return { kind: 'back' };
      index -= 1;
    } else {
      classes[name] = decided.classes;
      treats[name] = decided.treats;
      index += 1;
    }
  }
  return { kind: 'done', change: { decisions: { ...state.decisions, classes, treats } } };
}

interface TableToDecide {
  readonly name: string;
  readonly mapping: TableMapping;
  readonly before: Classes | undefined;
  /** `2/5` */
  readonly place: string;
}

async function decideTable(
  room: Room,
  { name, mapping, before, place }: TableToDecide,
): Promise<{ readonly classes: Classes; readonly treats: Treats } | typeof BACK> {
  const { words, ask } = room;
  const found = await sampled(room, name);
  const classes: Record<string, ColumnClass> = { ...proposals(mapping, found), ...before };
  let last: string | undefined;
  for (;;) {
    const lines = Object.entries(classes).map(([column, one]): Choice => {
      const why = found.get(column);
      const told =
        why === undefined ? '' : ` (${words.values[why.kind]} : ${Math.round((why.matching / why.sampled) * 100)} %)`;
      return { value: column, name: `${column} → ${words.classes[one]}${told}` };
    });
    const open = Object.values(classes).filter((one) => one === 'unclassified').length;
    const answer = await ask({
      kind: 'choice',
      message: `${place} ${words.askColumns(name)}`,
      choices: [{ value: DONE, name: open === 0 ? words.columnsRight : words.columnsOpen(open) }, ...lines],
      ...(last === undefined ? {} : { initial: last }),
    });
    if (answer === BACK) return BACK;
    if (answer === DONE) return { classes, treats: treatments(classes, found) };
    last = answer;
    const chosen = await ask({
      kind: 'choice',
      message: `${name}.${answer}`,
      choices: COLUMN_CLASSES.map((value) => ({ value, name: words.classes[value] })),
      initial: classes[answer]!,
    });
    if (chosen !== BACK) classes[answer] = chosen as ColumnClass;
  }
}

/** What stands in the mapping counts; where it is open, the values say more than the name. */
function proposals({ columns }: TableMapping, found: ReadonlyMap<string, ValueFinding>): Classes {
  return Object.fromEntries(
    Object.entries(columns).map(([column, { class: present }]) => {
      const kind = found.get(column)?.kind;
      return [column, present === 'unclassified' && kind !== undefined ? classOfKind(kind).class : present];
    }),
  );
}

/** Where values show more than that they are somebody's: a pseudonym of their kind, which joins however they are written. */
function treatments(classes: Classes, found: ReadonlyMap<string, ValueFinding>): Treats {
  const shown = [...found].flatMap(([column, { kind }]) => {
    const proposed = classOfKind(kind);
    return proposed.class === classes[column] && proposed.treat !== undefined
      ? [[column, proposed.treat] as const]
      : [];
  });
  return Object.fromEntries(shown);
}

async function sampled(room: Room, name: string): Promise<ReadonlyMap<string, ValueFinding>> {
  const { catalog, source, sourceEngine } = await room.platform();
  if (sourceEngine === undefined) return new Map();
  const table = await catalog.findTable(parseTableName(name)!);
  if (table === undefined) return new Map();
  room.terminal.say(room.words.sampling(name));
  const { authorities: clusterAuthorities } = (await room.project()).config.source.hdfs;
  return sampleColumns(sourceEngine, await asHiveShows({ source, clusterAuthorities }, table));
}
