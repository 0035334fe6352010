import { readFile } from 'node:fs/promises';
import { mappingPath, parseMapping } from '../config/mapping-file.ts';
import { mergeMapping } from '../config/merge-mapping.ts';
import { loadMigration } from '../config/migration-file.ts';
import type { Mapping } from '../domain/mapping.ts';
import { proposeMapping } from '../steps/map.ts';
import type { MissingTable } from '../steps/source-tables.ts';
import type { Room } from './room.ts';

export interface ProposedMapping {
  /** Undefined where there is no file yet. */
  readonly before: string | undefined;
  /** With what is new at the source, as "lakelift map" would add it. */
  readonly text: string;
  readonly mapping: Mapping;
  readonly missing: readonly MissingTable[];
}

/** The mapping as it stands, with what is missing added; nothing is written. */
export async function proposedMapping(room: Room, useCase: string): Promise<ProposedMapping> {
  const migration = await loadMigration(room.root, useCase);
  const { catalog, source } = await room.platform();
  const { authorities: clusterAuthorities } = (await room.project()).config.source.hdfs;
  const files = { source, clusterAuthorities };
  const { mapping: proposal, missing } = await proposeMapping(migration, catalog, { files });
  const path = mappingPath(room.root, useCase);
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (before !== undefined) parseMapping(before, useCase, path);
  const { text } = mergeMapping(before, proposal);
  return { before, text, mapping: parseMapping(text, useCase, path), missing };
}
