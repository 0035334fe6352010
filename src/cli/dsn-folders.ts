import { dsnScratch } from '../compose-engines.ts';
import type { Mapping } from '../domain/mapping.ts';
import type { Dataset } from '../domain/privacy/dataset.ts';
import { dsnSources } from '../domain/privacy/dsn-sources.ts';
import type { DsnScratch } from '../ports/dsn-tables.ts';
import type { TargetObjectStore } from '../ports/target-object-store.ts';
import type { ZoneTarget } from '../steps/plan/plan-context.ts';
import { readDsnFolder, type DsnFolder } from '../steps/zones/read-dsn-folder.ts';
import { zoneNamed, type Zones } from './zone-of.ts';

export interface OpenDsnFolder extends DsnFolder {
  readonly zone: ZoneTarget;
}

export interface DsnFoldersRequest {
  readonly datasets: readonly Dataset[];
  readonly mapping: Pick<Mapping, 'paths'>;
  readonly zones: Zones;
  readonly store: TargetObjectStore;
  readonly signal: AbortSignal;
}

/** Reads the DSN files that datasets are made of, each folder once; nothing is left of them on this machine once the work has ended. */
export async function withDsnFolders<Result>(
  { datasets, mapping, zones, store, signal }: DsnFoldersRequest,
  work: (folders: readonly OpenDsnFolder[]) => Promise<Result>,
): Promise<Result> {
  const scratches: DsnScratch[] = [];
  const folders: OpenDsnFolder[] = [];
  try {
    for (const [as, blocks] of dsnSources(datasets, mapping)) {
      const { target } = Object.values(mapping.paths).find(({ dsn }) => dsn?.as === as)!;
      const zone = zoneNamed(target.zone, as, zones);
      const scratch = await dsnScratch();
      scratches.push(scratch);
      folders.push({ zone, ...(await readDsnFolder({ mapping, as, blocks, zone, store, scratch, signal })) });
    }
    return await work(folders);
  } finally {
    for (const scratch of scratches) await scratch.close();
  }
}
