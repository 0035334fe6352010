import { datasetsBelow } from '../../domain/privacy/dataset-order.ts';
import type { Dataset } from '../../domain/privacy/dataset.ts';
import {
  ERASURE_SCHEMA,
  goneOnWith,
  rawGoneOnWith,
  servedGoneOnWith,
  type ErasedFigures,
  type ErasureRecord,
  type LeftOfErasure,
  type RawFinding,
} from '../../domain/privacy/erasure.ts';
import { columnsOfKinds } from '../../domain/privacy/person-forms.ts';
import { schemeText } from '../../domain/privacy/pseudonym.ts';
import type { PseudonymField } from '../../domain/privacy/treatment.ts';
import { leftSmallFiles } from './change-small-files.ts';
import type { ErasedDataset, EraseRequest, FoundDataset } from './erase-person.ts';
import type { ErasedServed } from './erase-served-tables.ts';
import type { FoundBeside } from './erase-small-files.ts';
import type { ErasureRecords } from './erasure-records.ts';
import type { DatasetPlace } from './publish-dataset.ts';

export interface RecordedErasure extends Pick<EraseRequest, 'identifiers' | 'scheme'> {
  readonly by: string;
  readonly alsoRaw?: boolean | undefined;
  readonly records: Pick<ErasureRecords, 'useCase'>;
  readonly place: (dataset: Dataset) => DatasetPlace;
}

/** Wherever a person was looked for. */
export interface Found {
  /** Of pseudonyms, one a column. */
  readonly fields: readonly PseudonymField[];
  readonly datasets: readonly FoundDataset[];
  readonly smallFiles: readonly FoundBeside[];
  readonly raw: readonly RawFinding[];
  readonly pathsNotSearched: readonly string[];
  /** What applications are served from. */
  readonly served: ErasedServed;
  /** Tables that nobody declares any more, and that the person could not be looked for in. */
  readonly undeclared: readonly LeftOfErasure[];
}

export const NOTHING: Found = {
  fields: [],
  datasets: [],
  smallFiles: [],
  raw: [],
  pathsNotSearched: [],
  served: { figures: [], left: [] },
  undeclared: [],
};

/** The record of what was found, and, of an erasure that was cut off, erased before; it is open. */
export function recordOf(erasure: RecordedErasure, found: Found, begun: ErasureRecord | undefined): ErasureRecord {
  const figures = found.datasets.flatMap(({ dataset, erased }) =>
    erased === undefined ? [] : [goneOnWith(figuresOf(dataset, erased), begun)],
  );
  const beside = found.smallFiles.flatMap(({ erased, notSearched }) =>
    erased === undefined ? [] : [goneOnWith({ ...erased.figures, notSearched }, begun)],
  );
  const left = found.smallFiles.flatMap(({ dataset, erased }) =>
    leftSmallFiles(erasure.place(dataset), erased?.left ?? 0),
  );
  return {
    schema: ERASURE_SCHEMA,
    useCase: erasure.records.useCase,
    begunAt: begun?.begunAt ?? new Date().toISOString(),
    endedAt: undefined,
    by: erasure.by,
    pseudonyms: schemeText(erasure.scheme),
    isDone: false,
    kinds: columnsOfKinds(erasure.identifiers, found.fields),
    datasets: [...figures, ...beside],
    served: found.served.figures.map((one) => servedGoneOnWith(one, begun)),
    toBuildAgain: madeOfErased(
      found.datasets,
      figures.filter(({ rowsErased }) => rowsErased > 0).map(({ name }) => name),
    ),
    ...(erasure.alsoRaw === true && { alsoRaw: true }),
    raw: erasure.alsoRaw === true ? found.raw.map((one) => rawGoneOnWith(one, begun)) : found.raw,
    pathsNotSearched: found.pathsNotSearched,
    publishedNotErased: [...left, ...found.served.left, ...found.undeclared],
  };
}

/** Datasets without pseudonyms that are made of ones that lost rows, or of such datasets: each stands behind what it is made of. */
function madeOfErased(datasets: readonly FoundDataset[], erasedFrom: readonly string[]): string[] {
  const lost = new Set(erasedFrom);
  const again: string[] = [];
  for (const { dataset, erased } of datasets) {
    if (erased !== undefined || !datasetsBelow(dataset).some((name) => lost.has(name))) continue;
    lost.add(dataset.name);
    again.push(dataset.name);
  }
  return again;
}

function figuresOf({ name, target, anonymity }: Dataset, { written, ...figures }: ErasedDataset): ErasedFigures {
  const rowsAfter = written?.rows ?? figures.rowsBefore;
  return { name, table: `${target.database}.${target.table}`, ...figures, rowsAfter, k: anonymity?.k };
}
