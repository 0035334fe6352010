import type { Mapping, PathMapping } from '../../domain/mapping.ts';
import type { Identifier } from '../../domain/privacy/identifiers.ts';
import type { ZoneTarget } from '../plan/plan-context.ts';
import type { RawChange } from './change-raw.ts';
import type { ErasureRecords } from './erasure-records.ts';
import { findInDsn, findInQuarantine, type FoundInDsn } from './find-in-dsn.ts';

export interface FilesSearch {
  readonly mapping: Mapping;
  readonly records: ErasureRecords;
  readonly identifiers: readonly Identifier[];
  /** Where the files of a mapped folder stand. */
  readonly zoneOfPath: (path: PathMapping) => ZoneTarget;
  readonly raw?: RawChange | undefined;
  readonly signal: AbortSignal;
}

/** In DSN files of the mapping, and in what builds have set aside. */
export async function findInFiles(erasure: FilesSearch): Promise<FoundInDsn[]> {
  const { mapping, records, identifiers, zoneOfPath, raw, signal } = erasure;
  const search = { identifiers, store: records.store, raw, signal };
  const found: FoundInDsn[] = [];
  for (const path of Object.values(mapping.paths))
    if (isSearched(path)) found.push(await findInDsn({ path, zone: zoneOfPath(path) }, search));
  const aside = await findInQuarantine(records, search);
  return aside === undefined ? found : [...found, aside];
}

/** Folders of other files: nobody can be looked for there. */
export function plainPaths({ paths }: Mapping): string[] {
  return Object.keys(paths).filter((name) => !isSearched(paths[name]!));
}

function isSearched({ dsn, skip }: PathMapping): boolean {
  return dsn !== undefined && skip === undefined;
}
