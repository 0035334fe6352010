import { findDsnBlock } from '../../domain/dsn/dsn-block.ts';
import { HIVE_TYPES } from '../../domain/dsn/dsn-table.ts';
import { rulingOnTableEntry } from '../../domain/hidden-name.ts';
import type { Mapping, PathMapping } from '../../domain/mapping.ts';
import { s3Key } from '../../domain/names.ts';
import { joinKey } from '../../domain/object-key.ts';
import { LakeliftError } from '../../errors.ts';
import type { GivenTable } from '../../ports/dataset-engine.ts';
import type { DsnFileSummary, DsnLines, DsnScratch } from '../../ports/dsn-tables.ts';
import type { ListedObject, TargetObjectStore } from '../../ports/target-object-store.ts';
import { readDsn, type DsnFile } from '../dsn/read-dsn.ts';
import type { ZoneTarget } from '../plan/plan-context.ts';

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
 * left out, as engines do. Throws `usage` where there is none or most is no DSN, `unsupported` where there are too many bytes.
 */
export async function readDsnFolder(request: DsnFolderRequest): Promise<DsnFolder> {
  const { mapping, as, blocks, zone, scratch, signal } = request;
  const path = Object.values(mapping.paths).find(({ dsn }) => dsn?.as === as)!;
  const objects = await listFiles(request, prefixOf(path, zone));
  const files = await readDsn({ files: filesOf(objects, request), tables: scratch.tables, signal });
  const quarantine = await scratch.open('quarantine');
  if (quarantine.sizeBytes > MOST_QUARANTINE_BYTES) throw otherFiles(as);
  const tables = new Map<string, GivenTable>();
  for (const name of blocks) {
    const { table } = findDsnBlock(mapping, name)!;
    const { sizeBytes, read } = await scratch.open(table.name);
    const columns = table.columns.map((column) => ({ name: column.name, type: HIVE_TYPES[column.type] }));
    tables.set(name, { database: as, name: table.name, columns, sizeBytes, rows: read });
  }
  return { as, files, tables, quarantine };
}

function prefixOf({ target }: PathMapping, { prefix }: ZoneTarget): string {
  return `${joinKey(prefix, target.prefix)}/`;
}

interface NamedObject {
  readonly key: string;
  readonly name: string;
}

async function listFiles({ as, zone, store, signal }: DsnFolderRequest, prefix: string): Promise<NamedObject[]> {
  const found: (ListedObject & NamedObject)[] = [];
  for await (const object of store.listObjects(zone.bucket, prefix, signal)) {
    const name = object.key.slice(prefix.length);
    if (name.split('/').every((part) => rulingOnTableEntry(part) === undefined)) found.push({ ...object, name });
  }
  const subject = `s3://${zone.bucket}/${prefix}`;
  if (found.length === 0)
    throw new LakeliftError(`${subject} holds no DSN file for ${as}`, {
      kind: 'usage',
      code: 'DSN_NO_FILES',
      subject,
      hint: 'Run the use case first; "lakelift status" says how far it is.',
    });
  const sizeBytes = found.reduce((sum, one) => sum + one.sizeBytes, 0);
  if (sizeBytes > MOST_BYTES)
    throw new LakeliftError(`The DSN files of ${subject} are larger than 2 GiB`, {
      kind: 'unsupported',
      code: 'DSN_TOO_LARGE',
      subject,
      hint: 'Let the generated Glue job read them ("lakelift generate").',
    });
  return found;
}

function* filesOf(objects: readonly NamedObject[], request: DsnFolderRequest): Generator<DsnFile> {
  for (const { key, name } of objects) yield { name, content: contentOf(key, request) };
}

async function* contentOf(key: string, { zone, store, signal }: DsnFolderRequest): AsyncGenerator<Uint8Array> {
  yield* await store.readObject({ bucket: zone.bucket, key: s3Key(key) }, signal);
}

function otherFiles(as: string): LakeliftError {
  return new LakeliftError(`Most of what ${as} holds cannot be read as DSN`, {
    kind: 'usage',
    code: 'DSN_UNREADABLE',
    subject: as,
    hint: 'Only DSN files may lie below a folder with "dsn" in the mapping; names that begin with "_" or "." are left out. Nothing was written.',
  });
}
