import { ByteReader } from './byte-reader.ts';
import type { Codec } from './codecs.ts';
import { deltaByteValues, deltaIntegers, deltaLengthValues, joinedStreams } from './delta-values.ts';
import { DATA, DATA_V2, ENCODING, PAGE_TYPE, TYPE } from './format.ts';
import { bitWidth, readHybrid } from './hybrid.ts';
import { notRewritten } from './not-rewritten.ts';
import type { Page } from './pages.ts';
import { readPlain, type PlainValues } from './plain-values.ts';
import type { Leaf } from './schema-leaves.ts';
import { booleanOf, neededNumber } from './thrift-struct.ts';

/** A data page, decoded as far as its entries are apart and no further. */
export interface PageContent {
  readonly entries: number;
  /** One for each entry; none where all are 0. */
  readonly repetition: Uint8Array | undefined;
  readonly definition: Uint8Array | undefined;
  /** Of those entries that have one: the values, or indexes into the dictionary. */
  readonly values: PlainValues | Uint32Array;
  /** Of the page as it was read. */
  readonly encoding: number;
}

/** What is needed to read the pages of a chunk. */
export interface PageReading {
  readonly leaf: Leaf;
  readonly codec: Codec;
  /** Values of the dictionary; 0 without one. */
  readonly dictionarySize: number;
}

export function pageContent(page: Page, reading: PageReading): PageContent {
  const { leaf } = reading;
  const { repetition, definition, values } = page.type === PAGE_TYPE.data ? ofV1(page, reading) : ofV2(page, reading);
  const count = definition === undefined ? page.entries : countOf(definition, leaf.maxDefinition);
  return {
    entries: page.entries,
    repetition,
    definition,
    values: valuesOf({ ...page, body: values, entries: count }, reading),
    encoding: page.encoding,
  };
}

interface Parts {
  readonly repetition: Uint8Array | undefined;
  readonly definition: Uint8Array | undefined;
  readonly values: Uint8Array;
}

function ofV1({ header, body, bodyBytes, entries }: Page, { leaf, codec }: PageReading): Parts {
  const reader = new ByteReader(codec.decompress(body, bodyBytes));
  const next = (most: number, encoding: number): Uint8Array | undefined => {
    if (most === 0) return undefined;
    if (neededNumber(header, encoding) !== ENCODING.rle) throw notRewritten('has levels in an encoding of before RLE');
    return levels(reader.take(reader.uint32()), entries, most);
  };
  const repetition = next(leaf.maxRepetition, DATA.repetitionEncoding);
  const definition = next(leaf.maxDefinition, DATA.definitionEncoding);
  return { repetition, definition, values: reader.rest() };
}

/** Its levels are never compressed, and its rows are whole. */
function ofV2({ header, body, bodyBytes, entries }: Page, { leaf, codec }: PageReading): Parts {
  const reader = new ByteReader(body);
  const next = (most: number, length: number): Uint8Array | undefined => {
    const bytes = reader.take(neededNumber(header, length));
    return most === 0 ? undefined : levels(bytes, entries, most);
  };
  const repetition = next(leaf.maxRepetition, DATA_V2.repetitionBytes);
  const definition = next(leaf.maxDefinition, DATA_V2.definitionBytes);
  const rows = repetition === undefined ? entries : countOf(repetition, 0);
  if (rows !== neededNumber(header, DATA_V2.rows))
    throw notRewritten(`has ${rows} rows in a page that names another number`);
  const sizeBytes = bodyBytes - reader.offset;
  const values = reader.rest();
  const isCompressed = booleanOf(header, DATA_V2.isCompressed) ?? true;
  return { repetition, definition, values: isCompressed ? codec.decompress(values, sizeBytes) : values };
}

function levels(bytes: Uint8Array, entries: number, most: number): Uint8Array {
  if (most > 0xff) throw notRewritten(`has columns nested ${most} deep`);
  const found = new Uint8Array(entries);
  readHybrid(bytes, bitWidth(most), found);
  if (found.some((level) => level > most)) throw notRewritten('has levels that its schema has not');
  return found;
}

function countOf(numbers: Uint8Array, wanted: number): number {
  let count = 0;
  for (const number of numbers) if (number === wanted) count += 1;
  return count;
}

/** Of a page whose entries are those with a value, and whose body is no more than these. */
function valuesOf({ encoding, body, entries }: Page, { leaf, dictionarySize }: PageReading): PlainValues | Uint32Array {
  const isIndexes = encoding === ENCODING.plainDictionary || encoding === ENCODING.rleDictionary;
  if (isIndexes) return indexes(body, entries, dictionarySize);
  // What some encodings have of no values, as headers, is let be.
  if (entries === 0) return readPlain(new Uint8Array(), 0, leaf);
  switch (encoding) {
    case ENCODING.plain:
      return readPlain(body, entries, leaf);
    case ENCODING.rle:
      return runs(body, entries, leaf);
    case ENCODING.deltaBinaryPacked:
      return deltaIntegers(body, entries, leaf);
    case ENCODING.deltaLengthByteArray:
      return deltaLengthValues(body, entries, leaf);
    case ENCODING.deltaByteArray:
      return deltaByteValues(body, entries, leaf);
    case ENCODING.byteStreamSplit:
      return joinedStreams(body, entries, leaf);
    default:
      throw notRewritten(`has values in encoding ${encoding}`);
  }
}

function indexes(bytes: Uint8Array, count: number, dictionarySize: number): Uint32Array {
  const found = new Uint32Array(count);
  if (count === 0) return found;
  const reader = new ByteReader(bytes);
  const width = reader.byte();
  // Of no bits all are 0, and some writers have no run of them.
  if (width > 0) readHybrid(reader.rest(), width, found);
  if (found.some((index) => index >= dictionarySize)) throw notRewritten('has values that its dictionary has not');
  return found;
}

function runs(bytes: Uint8Array, count: number, { type }: Leaf): PlainValues {
  if (type !== TYPE.boolean) throw notRewritten(`has runs of values of type ${type}`);
  const found = new Uint8Array(count);
  const reader = new ByteReader(bytes);
  readHybrid(reader.take(reader.uint32()), 1, found);
  return { bytes: found, count, places: 1 };
}
