import type { Mapping } from '../../domain/mapping.ts';

/** Without what the mapping skips, which stays where it is and is no part of the processing. */
export function takenSources({ tables, paths }: Mapping): Pick<Mapping, 'tables' | 'paths'> {
  return { tables: taken(tables), paths: taken(paths) };
}

function taken<Entry extends { readonly skip?: string | undefined }>(
  entries: Readonly<Record<string, Entry>>,
): Record<string, Entry> {
  return Object.fromEntries(Object.entries(entries).filter(([, { skip }]) => skip === undefined));
}
