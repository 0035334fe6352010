import type { ErasedFigures } from '../../domain/privacy/erasure.ts';
import { publishedPseudonym } from '../../domain/privacy/identifiers.ts';
import { pseudonymsOfLine } from '../../domain/privacy/json-line.ts';
import { changeSmallFiles } from './change-small-files.ts';
import type { EraseRequest } from './erase-person.ts';
import type { DatasetPlace } from './publish-dataset.ts';

export interface ErasedSmallFiles {
  readonly figures: Omit<ErasedFigures, 'notSearched'>;
  /** Objects that the person could not be looked for in. */
  readonly left: number;
}

/**
 * Takes the rows of one person out of what a dataset's function wrote. Classes are not counted again: the function judges them within each object. undefined where nothing
 * stands.
 */
export async function eraseFromSmallFiles(
  place: DatasetPlace,
  {
    identifiers,
    scheme,
    isConfirmed,
  }: Pick<EraseRequest, 'identifiers' | 'scheme'> & { readonly isConfirmed: boolean },
): Promise<ErasedSmallFiles | undefined> {
  const theirs = new Set(identifiers.map((one) => publishedPseudonym(scheme, scheme.keys, one)));
  const isTheirs = (line: string): boolean => pseudonymsOfLine(line).some(({ value }) => theirs.has(value));
  const change = (line: string): string | undefined => (isTheirs(line) ? undefined : line);
  const found = await changeSmallFiles(place, { versions: [scheme.version], change, isConfirmed });
  if (found === undefined) return undefined;
  const { name, rowsBefore, rowsAfter, rowsChanged: rowsErased, withoutPseudonyms, left } = found;
  const table = `${place.dataset.target.database}.${name}`;
  const figures = { name, table, rowsBefore, rowsAfter, rowsErased, k: undefined, smallestClass: undefined };
  return { figures, left: left + withoutPseudonyms };
}
