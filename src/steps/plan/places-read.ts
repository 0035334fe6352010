import { placeOfTable, targetPlaces } from '../../domain/batch/batch-order.ts';
import type { Mapping, TableMapping } from '../../domain/mapping.ts';
import { parseTableName } from '../../domain/names.ts';
import { isView, viewText } from '../../domain/table.ts';
import { isLakeliftError } from '../../errors.ts';
import type { SourceCatalog } from '../../ports/source-catalog.ts';
import { namesIfReadable } from './plan-views.ts';
import { standingTarget } from './readable-tables.ts';

/**
 * Where at the target the views of a mapping find what they read and do not bring themselves, as {@link targetPlaces} spells places. Of a source
 * that does not answer, none: the plan will say what is wrong with it.
 */
export async function placesRead(
  catalog: Pick<SourceCatalog, 'findTable'>,
  mapping: Mapping,
  signal: AbortSignal,
): Promise<string[]> {
  const own = new Set(targetPlaces(mapping));
  const read = new Set<string>();
  try {
    for (const [source, table] of Object.entries(mapping.tables))
      for (const place of await placesReadBy(catalog, { source, table }, signal)) read.add(place);
  } catch (error) {
    if (!signal.aborted && !isLakeliftError(error)) throw error;
  }
  return [...read].filter((place) => !own.has(place));
}

async function placesReadBy(
  catalog: Pick<SourceCatalog, 'findTable'>,
  { source, table }: { readonly source: string; readonly table: TableMapping },
  signal: AbortSignal,
): Promise<string[]> {
  const name = parseTableName(source);
  if (name === undefined || table.skip !== undefined) return [];
  const found = await catalog.findTable(name, signal);
  if (found === undefined || !isView(found)) return [];
  return namesIfReadable(viewText(found)).map((read) => placeOfTable(standingTarget(read, table.view?.reads)));
}
