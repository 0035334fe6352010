import { findDsnBlock } from '../../domain/dsn/dsn-block.ts';
import { HIVE_TYPES } from '../../domain/dsn/dsn-table.ts';
import type { Mapping } from '../../domain/mapping.ts';
import { LakeliftError } from '../../errors.ts';
import type { GivenTable } from '../../ports/dataset-engine.ts';
import type { DsnFileSummary, DsnLines, DsnScratch } from '../../ports/dsn-tables.ts';
import type { TargetObjectStore } from '../../ports/target-object-store.ts';
import { readDsn, type DsnFile } from '../dsn/read-dsn.ts';
import type { ZoneTarget } from '../plan/plan-context.ts';
import { listDsnObjects, readDsnObject, type NamedObject } from './dsn-objects.ts';

export interface DsnFolderRequest {
  readonly mapping: Pick<Mapping, 'paths'>;
  /** `dsn_rh`. */
  readonly as: string;
  /** Blocks that datasets are made of: `dsn_rh.arret_travail`. */
  readonly blocks: readonly string[];
  /** Where `run` has put the files. */
  readonly zone: ZoneTarget;
  readonly store: Pick<TargetObjectStore, 'listObjects' | 'readObject'>;
  readonly scratch: DsnScratch;
  readonly signal: AbortSignal;
}

export interface DsnFolder {
  readonly as: string;
  /** Files that were read, as `s3://bucket/key`. */
  readonly readFiles: readonly string[];
  readonly files: readonly DsnFileSummary[];
  /** By the names of `blocks`. They can be read until the scratch is closed. */
  readonly tables: ReadonlyMap<string, GivenTable>;
  readonly quarantine: DsnLines;
}

/** What one machine takes; a generated Glue job takes more. */
const MOST_BYTES = 2 * 1024 ** 3;
/** More than this is no fault in files but other files. */
const MOST_QUARANTINE_BYTES = 64 * 1024 ** 2;

/**
 * Reads the DSN files below a folder that stands in its zone, and gives their blocks as tables. `dsn_file` is the name below that folder; hidden files are
 * left out, as engines do. Throws `usage` where there is none or most is no DSN, `unsupported` where there are too many bytes, or a file is packed otherwise than with gzip.
 */
export async function readDsnFolder(request: DsnFolderRequest): Promise<DsnFolder> {
  const { mapping, as, blocks, zone, store, scratch, signal } = request;
  const path = Object.values(mapping.paths).find(({ dsn }) => dsn?.as === as)!;
  const objects = await listDsnObjects({ path, zone, store, signal });
  refuseTooLarge(as, totalBytes(objects.files));
  const files = await readDsn({ files: filesOf(objects.files, request), tables: scratch.tables, signal });
  const quarantine = await scratch.open('quarantine');
  if (quarantine.sizeBytes > MOST_QUARANTINE_BYTES) throw otherFiles(as);
  const tables = new Map<string, GivenTable>();
  for (const name of blocks) {
    const { table } = findDsnBlock(mapping, name)!;
    const { sizeBytes, read } = await scratch.open(table.name);
    const columns = table.columns.map((column) => ({ name: column.name, type: HIVE_TYPES[column.type] }));
    tables.set(name, { database: as, name: table.name, columns, sizeBytes, rows: read });
  }
  const readFiles = objects.files.map(({ key }) => `s3://${zone.bucket}/${key}`);
  return { as, readFiles, files, tables, quarantine };
}

function totalBytes(objects: readonly NamedObject[]): number {
  return objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

function* filesOf(objects: readonly NamedObject[], { as, zone, store, signal }: DsnFolderRequest): Generator<DsnFile> {
  let sizeBytes = 0;
  async function* contentOf(object: NamedObject): AsyncGenerator<Uint8Array> {
    for await (const bytes of readDsnObject({ object, zone, store, signal })) {
      // What is packed is larger than it was listed.
      refuseTooLarge(as, (sizeBytes += bytes.length));
      yield bytes;
    }
  }
  for (const object of objects) yield { name: object.name, content: contentOf(object) };
}

function refuseTooLarge(as: string, sizeBytes: number): void {
  if (sizeBytes <= MOST_BYTES) return;
  throw new LakeliftError(`The DSN files of ${as} are larger than 2 GiB`, {
    kind: 'unsupported',
    code: 'DSN_TOO_LARGE',
    subject: as,
    hint: 'Let the generated Glue job read them ("lakelift generate").',
  });
}

function otherFiles(as: string): LakeliftError {
  return new LakeliftError(`More than 64 MiB of ${as} cannot be read as DSN`, {
    kind: 'usage',
    code: 'DSN_UNREADABLE',
    subject: as,
    hint: 'Only DSN files may lie below a folder with "dsn" in the mapping; names that begin with "_" or "." are left out. A torn file may end in zeros. Nothing was written.',
  });
}
