import type { Mapping, Zone } from '../domain/mapping.ts';
import type { Migration } from '../domain/migration.ts';
import type { Datasets } from '../domain/privacy/dataset.ts';

/** What everything of a use case is generated from: its declarations, and where the zones lie. No secret is part of it. */
export interface Blueprint {
  readonly migration: Pick<Migration, 'id' | 'title' | 'owner' | 'purpose' | 'legalBasis' | 'consumers'>;
  readonly mapping: Mapping;
  readonly datasets: Datasets;
  readonly zones: Readonly<Partial<Record<Zone, ZonePlace>>>;
  readonly region: string;
}

export interface ZonePlace {
  readonly bucket: string;
  /** Below which everything of the zone stands; may be empty. */
  readonly prefix: string;
  /** The key that lakelift.yaml names: an alias, an id or an ARN. */
  readonly kmsKeyId?: string | undefined;
}

/** A file for people to review and deploy. */
export interface GeneratedFile {
  /** Below `generated/<use-case>/`, with slashes: `glue/salaries.py`. */
  readonly path: string;
  /** The same for the same blueprint, to the byte: no time, no name of a machine, no order of chance. */
  readonly text: string;
}

/** Pure. Throws `usage` for what is to be decided first. */
export type Generator = (blueprint: Blueprint) => readonly GeneratedFile[];
