import { PERSONAL_CLASSES } from '../mapping.ts';
import type { Dataset, DatasetColumn, PlannedColumn } from './dataset.ts';
import {
  effectiveTreatment,
  planAll,
  typedReading,
  unknownFilters,
  type KnownColumn,
  type SourceTable,
} from './plan-columns.ts';
import type { PlannedJoin, PlannedKey } from './planned-dataset.ts';
import { parseTreatment, type Treatment } from './treatment.ts';

interface JoinRequest {
  readonly dataset: Dataset;
  /** Columns of the dataset's own table. */
  readonly own: readonly PlannedColumn[];
  readonly tableOf: (name: string) => SourceTable;
  /** Where to put what is open. */
  readonly faults: string[];
}

/** Joins, and the keys that the dataset's own table must give for them. Both sides of a key are treated alike, or they would never meet: that is a fault. */
export function planJoins({ dataset, own, tableOf, faults }: JoinRequest): {
  readonly joins: readonly PlannedJoin[];
  readonly keys: readonly PlannedKey[];
} {
  const table = tableOf(dataset.from);
  const keys: PlannedKey[] = [];
  const taken: PlannedColumn[] = [];
  const joins = dataset.joins.map((join, at): PlannedJoin => {
    const other = tableOf(join.with);
    const wanted = [...Object.keys(join.columns), ...Object.values(join.on)];
    for (const name of wanted.filter((one) => !other.columns.includes(one)))
      faults.push(`${other.name} has no column ${name}`);
    faults.push(...unknownFilters(other, join.where), ...unclassed(other, wanted));
    const columns = planAll(other, Object.keys(join.columns), join.columns, faults);
    const pairs = Object.entries(join.on).flatMap(([here, there], place) => {
      const mine = keyHere(here, { table, dataset, own, taken });
      const theirs = keyTreatment(join.columns[there], other.known[there]);
      const objection = objectionTo({ here, there: `${other.name}.${there}` }, mine, theirs);
      if (objection !== undefined) faults.push(objection);
      if (objection !== undefined || mine === undefined || theirs === undefined) return [];
      const name = mine.column ?? `_here_${at}_${place}`;
      if (mine.column === undefined) keys.push({ source: here, name, treatment: mine.given, ...mine.typed });
      return {
        here: name,
        key: { source: there, name: `_there_${at}_${place}`, treatment: theirs.given, ...theirs.typed },
      };
    });
    taken.push(...columns);
    return {
      kind: join.kind,
      source: { name: join.with, where: join.where, columns, keys: pairs.map(({ key }) => key) },
      on: pairs.map(({ here, key }) => ({ here, there: key.name })),
    };
  });
  return { joins, keys };
}

/** Columns that a table has got, and nobody has looked at, stop a dataset even where it does not take them. */
function unclassed({ name, columns, known, isWide }: SourceTable, wanted: readonly string[]): string[] {
  if (isWide === true) return [];
  const open = columns.filter(
    (one) => !wanted.includes(one) && (known[one]?.class ?? 'unclassified') === 'unclassified',
  );
  return open.map((one) => `${name}.${one}: nobody has classed it`);
}

interface KeyTreatment {
  /** What is to be done now. */
  readonly given: Treatment;
  /** What has been done to it then, in all. */
  readonly treatment: Treatment;
  readonly typed?: Pick<PlannedKey, 'read'>;
}

/** A column of the dataset where there is one, else one of its table that the dataset leaves out. */
function keyHere(
  name: string,
  {
    table,
    dataset,
    own,
    taken,
  }: {
    readonly table: SourceTable;
    readonly dataset: Dataset;
    readonly own: readonly PlannedColumn[];
    readonly taken: readonly PlannedColumn[];
  },
): (KeyTreatment & { readonly column?: string }) | undefined {
  const column = own.find(({ source }) => source === name) ?? taken.find((one) => one.name === name);
  if (column !== undefined)
    return { given: column.treatment, treatment: effectiveTreatment(column), typed: column, column: column.name };
  return table.columns.includes(name) ? keyTreatment(dataset.columns[name], table.known[name]) : undefined;
}

/** As the dataset treats it, or, where it leaves it out, as the mapping does. */
function keyTreatment(asked: DatasetColumn = {}, known: KnownColumn | undefined): KeyTreatment | undefined {
  if (known === undefined || known.class === 'unclassified') return undefined;
  const treat = [asked.treat, known.treat].find((one) => one !== undefined && one !== 'drop');
  if (treat === undefined && known.earlier === undefined && PERSONAL_CLASSES.has(known.class)) return undefined;
  const given = treat === undefined ? ({ kind: 'keep' } as const) : parseTreatment(treat);
  const typed = given && typedReading(asked, given);
  if (given === undefined || typed === undefined || typeof typed === 'string') return undefined;
  return { given, typed, treatment: effectiveTreatment({ treatment: given, earlier: known.earlier }) };
}

function objectionTo(
  { here, there }: { readonly here: string; readonly there: string },
  mine: KeyTreatment | undefined,
  theirs: KeyTreatment | undefined,
): string | undefined {
  if (mine === undefined)
    return `${here} cannot be joined by: there is no such column, or it has no treatment, or a "type" that it cannot have`;
  if (theirs === undefined) return `${there} cannot be joined by: it has no treatment, or a "type" that it cannot have`;
  if (written(mine.treatment) !== written(theirs.treatment))
    return `${here} and ${there} never meet: ${written(mine.treatment)} here, ${written(theirs.treatment)} there`;
  // Engines differ in what they make of a date beside a text.
  const [hereType, thereType] = [mine, theirs].map(({ typed }) => typed?.read?.reading.type ?? 'no "type"');
  return hereType === thereType
    ? undefined
    : `${here} and ${there} may never meet: ${hereType} here, ${thereType} there`;
}

function written(treatment: Treatment): string {
  return Object.values(treatment).join(':');
}
