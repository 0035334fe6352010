import { COLUMN, GROUP, METADATA } from './format.ts';
import type { ChunkLayout, GroupLayout } from './layout.ts';
import type { Output } from './output.ts';
import { chunkPages } from './pages.ts';
import { rewrittenChunk } from './rewritten-chunk.ts';
import {
  changed,
  int16,
  int32sField,
  int64,
  neededNumber,
  numberOf,
  structField,
  structsField,
  type ThriftField,
  type ThriftStruct,
} from './thrift-struct.ts';

type Changes = readonly (readonly [number, ThriftField])[];

/**
 * What is carried over of a row group, column and chunk: fields that hold no place in the file but those that are set here. Others would be wrong, or may
 * be of the values: column and offset indexes and Bloom filters go, of chunks that are copied too, since they lie elsewhere in the file, say where each page
 * is, and help readers only to pass over pages. So does a field that this does not know.
 */
const GROUP_FIELDS = Object.values(GROUP);
const COPIED_FIELDS = Object.values(METADATA);
/** Not statistics: those of before are of values that are gone as well. */
const REWRITTEN_FIELDS = [METADATA.type, METADATA.path, METADATA.codec, METADATA.keyValues];

/** What row groups are read from and written to. */
export interface Rewriting {
  /** What comes before the footer. */
  readonly data: Uint8Array;
  readonly output: Output;
}

/** Adds the chunks of a row group, as they are where none of its rows is erased (1 in `isErased`), and returns its struct, which has place `ordinal`. */
export function writtenGroup(
  group: GroupLayout,
  { isErased, ordinal }: { readonly isErased: Uint8Array; readonly ordinal: number },
  rewriting: Rewriting,
): ThriftStruct {
  const start = rewriting.output.offset;
  const isCopied = !isErased.includes(1);
  const chunks = group.chunks.map((chunk) =>
    isCopied ? copied(chunk, rewriting) : rewritten(chunk, isErased, rewriting),
  );
  const { struct } = group;
  const rows = isErased.reduce((left, one) => left - one, group.rows);
  const bytes = chunks.reduce((sum, chunk) => sum + neededNumber(chunk, METADATA.bytes), 0);
  return carried(struct, GROUP_FIELDS, [
    [GROUP.columns, structsField(chunks.map(columnOf))],
    [GROUP.bytes, int64(bytes)],
    [GROUP.rows, int64(rows)],
    ...ifThere(struct, GROUP.offset, int64(start)),
    ...ifThere(struct, GROUP.compressedBytes, int64(rewriting.output.offset - start)),
    ...ifThere(struct, GROUP.ordinal, int16(ordinal)),
  ]);
}

/** Nothing is said outside the footer, hence the offset 0. */
function columnOf(metadata: ThriftStruct): ThriftStruct {
  return new Map([
    [COLUMN.offset, int64(0)],
    [COLUMN.metadata, structField(metadata)],
  ]);
}

function copied(chunk: ChunkLayout, { data, output }: Rewriting): ThriftStruct {
  const { end } = chunkPages(data, chunk);
  const shift = output.offset - chunk.start;
  const { metadata } = chunk;
  output.add(data.subarray(chunk.start, end));
  const shifted = [METADATA.dataOffset, METADATA.indexOffset, METADATA.dictionaryOffset].flatMap((id): Changes => {
    const offset = numberOf(metadata, id);
    return offset === undefined || offset === 0 ? [] : [[id, int64(offset + shift)]];
  });
  return carried(metadata, COPIED_FIELDS, [...shifted, [METADATA.compressedBytes, int64(end - chunk.start)]]);
}

function rewritten(chunk: ChunkLayout, isErased: Uint8Array, { data, output }: Rewriting): ThriftStruct {
  const { dictionary, pages, entries, encodings } = rewrittenChunk(chunkPages(data, chunk).pages, chunk, isErased);
  const start = output.offset;
  const all = dictionary === undefined ? pages : [dictionary, ...pages];
  for (const { header, body } of all) {
    output.add(header);
    output.add(body);
  }
  const dictionaryBytes = dictionary === undefined ? 0 : dictionary.header.length + dictionary.body.length;
  return carried(chunk.metadata, REWRITTEN_FIELDS, [
    [METADATA.encodings, int32sField([...encodings])],
    [METADATA.values, int64(entries)],
    [METADATA.bytes, int64(all.reduce((sum, page) => sum + page.uncompressedBytes, 0))],
    [METADATA.compressedBytes, int64(output.offset - start)],
    [METADATA.dataOffset, int64(start + dictionaryBytes)],
    ...(dictionary === undefined ? [] : ([[METADATA.dictionaryOffset, int64(start)]] as const)),
  ]);
}

function carried(struct: ThriftStruct, ids: readonly number[], changes: Changes): ThriftStruct {
  return changed(new Map([...struct].filter(([id]) => ids.includes(id))), changes);
}

function ifThere(struct: ThriftStruct, id: number, field: ThriftField): Changes {
  return struct.has(id) ? [[id, field]] : [];
}
