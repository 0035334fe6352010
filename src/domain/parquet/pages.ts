import { crc32 } from 'node:zlib';
import { ByteReader } from './byte-reader.ts';
import { DATA, DATA_V2, DICTIONARY, PAGE, PAGE_TYPE } from './format.ts';
import type { ChunkLayout } from './layout.ts';
import { notRewritten } from './not-rewritten.ts';
import { neededNumber, neededStruct, numberOf, readStruct, type ThriftStruct } from './thrift-struct.ts';

export interface Page {
  /** One of {@link PAGE_TYPE}. */
  readonly type: number;
  /** `DataPageHeader`, `DictionaryPageHeader` or `DataPageHeaderV2`. */
  readonly header: ThriftStruct;
  readonly encoding: number;
  /** Entries of levels; of a dictionary its values. */
  readonly entries: number;
  /** As it is stored. */
  readonly body: Uint8Array;
  /** Of the body once it is decompressed. */
  readonly bodyBytes: number;
  readonly hasCrc: boolean;
}

export interface ChunkPages {
  readonly pages: readonly Page[];
  /** From the start of the file to what follows the last page. */
  readonly end: number;
}

/**
 * The pages of a chunk, from `data`, what comes before the footer. Refused where they are not as many bytes and entries as the footer says: it is
 * by these that readers find them. The header of the dictionary may be missing from the size, as old writers had it (PARQUET-816).
 */
export function chunkPages(data: Uint8Array, chunk: ChunkLayout): ChunkPages {
  const name = chunk.leaf.path.join('.');
  const end = chunk.start + chunk.sizeBytes;
  const reader = new ByteReader(data, chunk.start);
  const pages: Page[] = [];
  let entries = 0;
  let dictionaryHeaderBytes = 0;
  while (entries < chunk.entries || reader.offset < end) {
    const start = reader.offset;
    const page = nextPage(reader, name);
    if (page.type !== PAGE_TYPE.dictionary) entries += page.entries;
    else if (pages.length === 0) dictionaryHeaderBytes = reader.offset - start - page.body.length;
    else throw notRewritten(`has a dictionary of ${name} that is not its first page`);
    pages.push(page);
  }
  const isWhole = reader.offset === end || reader.offset === end + dictionaryHeaderBytes;
  if (entries !== chunk.entries || !isWhole) throw notRewritten(`has pages of ${name} that do not add up`);
  return { pages, end: reader.offset };
}

/** Field of {@link PAGE} with the header, and fields within that header. */
const HEADERS: Readonly<
  Record<number, { readonly field: number; readonly values: number; readonly encoding: number }>
> = {
  [PAGE_TYPE.data]: { field: PAGE.data, ...DATA },
  [PAGE_TYPE.dictionary]: { field: PAGE.dictionary, ...DICTIONARY },
  [PAGE_TYPE.dataV2]: { field: PAGE.dataV2, ...DATA_V2 },
};

function nextPage(reader: ByteReader, name: string): Page {
  const struct = readStruct(reader);
  const type = neededNumber(struct, PAGE.type);
  const place = HEADERS[type];
  if (place === undefined) throw notRewritten(`has pages of type ${type} in ${name}`);
  const header = neededStruct(struct, place.field);
  const entries = neededNumber(header, place.values);
  const bodyBytes = neededNumber(struct, PAGE.bytes);
  if (entries < 0 || bodyBytes < 0) throw notRewritten(`has a page of ${name} of less than nothing`);
  const body = reader.take(neededNumber(struct, PAGE.compressedBytes));
  const crc = numberOf(struct, PAGE.crc);
  if (crc !== undefined && crc >>> 0 !== crc32(body))
    throw notRewritten(`has a page of ${name} that is not what it was`);
  return {
    type,
    header,
    encoding: neededNumber(header, place.encoding),
    entries,
    body,
    bodyBytes,
    hasCrc: crc !== undefined,
  };
}
