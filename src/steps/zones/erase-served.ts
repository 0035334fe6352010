import type { Dataset } from '../../domain/privacy/dataset.ts';
import type { PublishedCopy, ServedFigures } from '../../domain/privacy/erasure.ts';
import { servedFrom } from '../../domain/serving/serving-place.ts';
import { isLakeliftError, LakeliftError } from '../../errors.ts';
import type { ZoneTarget } from '../plan/plan-context.ts';
import { eraseFromServedFiles, personAmong, type ErasedServedFiles, type ServedSearch } from './erase-served-files.ts';
import { eraseFromServingTables, type ErasedServed, type TablesSearch } from './erase-served-tables.ts';

export interface ServedErasure extends TablesSearch {
  readonly datasets: readonly Dataset[];
  readonly place: (dataset: Dataset) => { readonly zone: ZoneTarget };
}

/** A `serve` that still writes the person after as many looks does so as fast as they are erased. */
const MOST_PASSES = 5;

/**
 * Takes the items of one person out of all that `serve` has published of a use case, whatever stands there, also of one that is served no more: files first, since a table
 * whose import begins afterwards has nobody of them. Tables are asked for where there may be some. Throws `conflict` (`ERASURE_OVERTAKEN`) where files keep changing.
 */
export async function eraseFromServed(erasure: ServedErasure): Promise<ErasedServed> {
  const zones = new Map(erasure.datasets.map((one) => [one.target.zone, erasure.place(one).zone]));
  const figures: ServedFigures[] = [];
  const left: PublishedCopy[] = [];
  const pseudonyms: string[] = [];
  let mayHaveTables = erasure.datasets.some(({ serving }) => serving !== undefined);
  for (const zone of zones.values()) {
    const found = await eraseUntilNobody(erasure, zone);
    figures.push(...found.figures);
    left.push(...leftFiles(erasure, zone, found.left));
    pseudonyms.push(...(found.pseudonyms?.split('; ') ?? []));
    mayHaveTables ||= found.isServed;
  }
  if (!mayHaveTables) return { figures, left };
  const tables = await eraseFromServingTables({ ...erasure, person: personAmong(erasure, pseudonyms.join('; ')) });
  return { figures: [...figures, ...tables.figures], left: [...left, ...tables.left] };
}

async function eraseUntilNobody(search: ServedSearch, zone: ZoneTarget): Promise<ErasedServedFiles> {
  const erased = new Map<string, number>();
  try {
    for (let pass = 0; pass < MOST_PASSES; pass++) {
      const found = await eraseFromServedFiles(search, zone);
      if (!search.isConfirmed) return found;
      const isNobodyThere = found.figures.every(({ itemsErased }) => itemsErased === 0);
      for (const { location, itemsErased } of found.figures)
        erased.set(location, (erased.get(location) ?? 0) + itemsErased);
      if (isNobodyThere) return { ...found, figures: found.figures.map((one) => withErased(one, erased)) };
    }
  } catch (error) {
    if (!isLakeliftError(error, 'conflict')) throw error;
    throw overtaken(search, error);
  }
  throw overtaken(search);
}

/** Of all passes. */
function withErased(figures: ServedFigures, erased: ReadonlyMap<string, number>): ServedFigures {
  const itemsErased = erased.get(figures.location) ?? 0;
  return { ...figures, itemsErased, itemsBefore: (figures.itemsAfter ?? 0) + itemsErased };
}

function leftFiles({ useCase }: ServedSearch, zone: ZoneTarget, objects: number): PublishedCopy[] {
  const location = `s3://${zone.bucket}/${servedFrom(useCase, zone).files}/`;
  return objects === 0 ? [] : [{ kind: 'serving-files', location, objects }];
}

function overtaken({ useCase }: ServedSearch, cause?: unknown): LakeliftError {
  return new LakeliftError(`Items of ${useCase} are served while a person is erased from them`, {
    kind: 'conflict',
    code: 'ERASURE_OVERTAKEN',
    subject: useCase,
    hint: 'The erasure is open: let no "lakelift serve" run, then run it again with the same identifiers.',
    cause,
  });
}
