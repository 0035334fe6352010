import { ByteReader } from './byte-reader.ts';
import { COLUMN, FILE, GROUP, METADATA } from './format.ts';
import { notRewritten } from './not-rewritten.ts';
import { schemaLeaves, type Leaf } from './schema-leaves.ts';
import {
  neededNumber,
  neededStruct,
  neededStructs,
  neededTexts,
  numberOf,
  readStruct,
  type ThriftStruct,
} from './thrift-struct.ts';

export const MAGIC = Buffer.from('PAR1');
/** Of a file whose footer is encrypted too. */
const ENCRYPTED_MAGIC = Buffer.from('PARE');
/** Length of the footer and magic. */
const ENDING_BYTES = 8;

export interface ParquetLayout {
  readonly footer: ThriftStruct;
  readonly groups: readonly GroupLayout[];
  /** All that comes before the footer, from the start of the file. */
  readonly data: Uint8Array;
}

export interface GroupLayout {
  readonly struct: ThriftStruct;
  readonly rows: number;
  readonly chunks: readonly ChunkLayout[];
}

/** The values of one column in one row group. */
export interface ChunkLayout {
  readonly leaf: Leaf;
  readonly metadata: ThriftStruct;
  readonly codec: number;
  /** Entries of levels: NULLs and empty lists are among them. */
  readonly entries: number;
  /** From the start of the file to the first page. */
  readonly start: number;
  /** As the footer has it. */
  readonly sizeBytes: number;
}

/** Reads the footer, and refuses what does not add up. */
export function parquetLayout(file: Uint8Array): ParquetLayout {
  const end = file.length - ENDING_BYTES;
  const magic = file.subarray(-MAGIC.length);
  if (ENCRYPTED_MAGIC.equals(magic)) throw notRewritten('is encrypted');
  if (end < MAGIC.length || !MAGIC.equals(magic) || !MAGIC.equals(file.subarray(0, MAGIC.length))) {
    throw notRewritten('does not begin and end as Parquet does');
  }
  const start = end - new ByteReader(file, end).uint32();
  if (start < MAGIC.length) throw notRewritten('is shorter than its footer');
  const footer = readStruct(new ByteReader(file.subarray(start, end)));
  if (footer.has(FILE.encryption) || footer.has(FILE.signingKey)) throw notRewritten('is encrypted');
  const leaves = schemaLeaves(footer);
  const groups = neededStructs(footer, FILE.groups).map((group) => groupLayout(group, leaves));
  const rows = groups.reduce((sum, group) => sum + group.rows, 0);
  if (rows !== neededNumber(footer, FILE.rows)) throw notRewritten(`has ${rows} rows, and not those of its footer`);
  return { footer, groups, data: file.subarray(0, start) };
}

function groupLayout(struct: ThriftStruct, leaves: readonly Leaf[]): GroupLayout {
  const columns = neededStructs(struct, GROUP.columns);
  const rows = neededNumber(struct, GROUP.rows);
  if (rows < 0 || columns.length !== leaves.length) throw notRewritten('has a row group that is not of its schema');
  const chunks = leaves.map((leaf, at) => chunkLayout(columns[at]!, leaf));
  for (const { leaf, entries } of chunks) {
    const isPossible = leaf.maxRepetition === 0 ? entries === rows : entries >= rows;
    if (!isPossible) throw notRewritten(`has ${entries} entries of ${leaf.path.join('.')} in ${rows} rows`);
  }
  return { struct, rows, chunks };
}

function chunkLayout(column: ThriftStruct, leaf: Leaf): ChunkLayout {
  const name = leaf.path.join('.');
  if (column.has(COLUMN.filePath)) throw notRewritten(`has ${name} in another file`);
  if (column.has(COLUMN.crypto) || column.has(COLUMN.encryptedMetadata)) throw notRewritten('is encrypted');
  const metadata = neededStruct(column, COLUMN.metadata);
  if (neededTexts(metadata, METADATA.path).join('.') !== name || neededNumber(metadata, METADATA.type) !== leaf.type) {
    throw notRewritten(`has another column in place of ${name}`);
  }
  const offsets = [neededNumber(metadata, METADATA.dataOffset), numberOf(metadata, METADATA.dictionaryOffset) ?? 0];
  return {
    leaf,
    metadata,
    codec: neededNumber(metadata, METADATA.codec),
    entries: neededNumber(metadata, METADATA.values),
    // Some writers say 0 where there is no page of the kind; where there is none at all, nothing is read.
    start: Math.min(...offsets.filter((offset) => offset !== 0)),
    sizeBytes: neededNumber(metadata, METADATA.compressedBytes),
  };
}
