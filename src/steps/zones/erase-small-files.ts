import type { Dataset } from '../../domain/privacy/dataset.ts';
import type { ErasedFigures } from '../../domain/privacy/erasure.ts';
import { isLakeliftError, LakeliftError } from '../../errors.ts';
import { pseudonymsOfLine } from '../../domain/privacy/json-line.ts';
import { pseudonymsOfPerson, pseudonymsOfPersonSince } from '../../domain/privacy/person-forms.ts';
import { changeSmallFiles } from './change-small-files.ts';
import type { DatasetErasure } from './erase-person.ts';
import type { DatasetPlace } from './publish-dataset.ts';

export interface ErasedSmallFiles {
  readonly figures: Omit<ErasedFigures, 'notSearched'>;
  /** Objects that the person could not be looked for in. */
  readonly left: number;
}

/** What functions wrote beside a dataset. */
export interface FoundBeside {
  readonly dataset: Dataset;
  readonly notSearched: readonly string[];
  /** undefined where nothing stands. */
  readonly erased: ErasedSmallFiles | undefined;
  /** As {@link DatasetErasure} has it. */
  readonly alsoEarlier?: boolean | undefined;
}

type SmallFilesErasure = Pick<DatasetErasure, 'identifiers' | 'scheme' | 'alsoEarlier'> & {
  readonly isConfirmed: boolean;
};

/** A function that still writes the person after as many looks does so as fast as they are erased. */
const MOST_PASSES = 5;

/**
 * The same, again until nobody is found: functions write while objects are listed and replaced. Rows erased are those of all passes, other figures those of the last.
 * Throws `conflict` (`ERASURE_OVERTAKEN`) where functions keep writing the person anew.
 */
export async function eraseAllSmallFiles(
  place: DatasetPlace,
  erasure: SmallFilesErasure,
): Promise<ErasedSmallFiles | undefined> {
  let erased: ErasedSmallFiles | undefined;
  try {
    for (let pass = 0; pass < MOST_PASSES; pass++) {
      const found = await eraseFromSmallFiles(place, erasure);
      const before = erased?.figures.rowsErased ?? 0;
      // All objects have gone meanwhile; what was erased from them was.
      if (found === undefined)
        return erased && { left: 0, figures: { ...erased.figures, rowsBefore: before, rowsAfter: 0 } };
      const rowsErased = before + found.figures.rowsErased;
      erased = {
        ...found,
        figures: { ...found.figures, rowsErased, rowsBefore: found.figures.rowsAfter + rowsErased },
      };
      if (found.figures.rowsErased === 0) return erased;
    }
  } catch (error) {
    if (!isLakeliftError(error, 'conflict')) throw error;
    throw overtaken(place, error);
  }
  throw overtaken(place);
}

function overtaken({ dataset }: DatasetPlace, cause?: unknown): LakeliftError {
  return new LakeliftError(`Functions of ${dataset.name} write the person anew while they are erased`, {
    kind: 'conflict',
    code: 'ERASURE_OVERTAKEN',
    subject: dataset.name,
    hint: 'The erasure is open: let no function take objects of raw that hold the person, then run it again with the same identifiers.',
    cause,
  });
}

/**
 * Takes the rows of one person out of what a dataset's function wrote. Classes are not counted again: the function judges them within each object. undefined where nothing
 * stands.
 */
export async function eraseFromSmallFiles(
  place: DatasetPlace,
  { identifiers, scheme, alsoEarlier = false, isConfirmed }: SmallFilesErasure,
): Promise<ErasedSmallFiles | undefined> {
  const versions = alsoEarlier ? [scheme.version, ...(scheme.from ?? [])] : [scheme.version];
  const theirs = new Set((alsoEarlier ? pseudonymsOfPersonSince : pseudonymsOfPerson)(scheme, identifiers));
  const isTheirs = (line: string): boolean => pseudonymsOfLine(line).some(({ value }) => theirs.has(value));
  const change = (line: string): string | undefined => (isTheirs(line) ? undefined : line);
  const found = await changeSmallFiles(place, { scheme, versions, change, isConfirmed });
  if (found === undefined) return undefined;
  const { name, rowsBefore, rowsAfter, rowsChanged: rowsErased, withoutPseudonyms, left } = found;
  const table = `${place.dataset.target.database}.${name}`;
  const figures = { name, table, rowsBefore, rowsAfter, rowsErased, k: undefined, smallestClass: undefined };
  return { figures, left: left + withoutPseudonyms };
}
