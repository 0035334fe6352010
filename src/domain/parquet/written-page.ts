import { crc32 } from 'node:zlib';
import { ByteWriter } from 'hyparquet-writer';
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js';
import type { Codec } from './codecs.ts';
import { DATA, DICTIONARY, ENCODING, PAGE, PAGE_TYPE } from './format.ts';
import { bitWidth, type Numbers } from './hybrid.ts';
import type { KeptContent } from './kept-content.ts';
import type { Leaf } from './schema-leaves.ts';
import { int32, structField, writtenStruct, type ThriftField } from './thrift-struct.ts';

export interface WrittenPage {
  readonly header: Uint8Array;
  /** As it is stored. */
  readonly body: Uint8Array;
  /** With the header, before the body was compressed. */
  readonly uncompressedBytes: number;
}

/** What both kinds of pages are written with. */
export interface PageWriting {
  readonly codec: Codec;
  readonly encoding: number;
  /** Whether the page had a checksum; it has one again. */
  readonly hasCrc: boolean;
}

/** Of the PLAIN bytes of its values. */
export function dictionaryPage(plain: Uint8Array, count: number, writing: PageWriting): WrittenPage {
  const header = structField(
    new Map([
      [DICTIONARY.values, int32(count)],
      [DICTIONARY.encoding, int32(writing.encoding)],
    ]),
  );
  return page(plain, { type: PAGE_TYPE.dictionary, field: PAGE.dictionary, header }, writing);
}

/** Of V1. Values that are indexes are those into a dictionary of `dictionarySize`. */
export function dataPage(
  content: KeptContent,
  leaf: Leaf,
  writing: PageWriting & { readonly dictionarySize: number },
): WrittenPage {
  const { entries, repetition, definition, values } = content;
  const header = structField(
    new Map([
      [DATA.values, int32(entries)],
      [DATA.encoding, int32(writing.encoding)],
      [DATA.definitionEncoding, int32(ENCODING.rle)],
      [DATA.repetitionEncoding, int32(ENCODING.rle)],
    ]),
  );
  const body = Buffer.concat([
    levels(repetition, leaf.maxRepetition),
    levels(definition, leaf.maxDefinition),
    values instanceof Uint32Array ? indexes(values, writing.dictionarySize) : values,
  ]);
  return page(body, { type: PAGE_TYPE.data, field: PAGE.data, header }, writing);
}

function levels(numbers: Uint8Array | undefined, most: number): Uint8Array {
  if (numbers === undefined) return new Uint8Array();
  const runs = hybrid(numbers, bitWidth(most));
  const writer = new ByteWriter(4);
  writer.appendUint32(runs.length);
  return Buffer.concat([writer.getBytes(), runs]);
}

/** At least one bit: not every reader knows none. */
function indexes(numbers: Uint32Array, dictionarySize: number): Uint8Array {
  const width = Math.max(1, bitWidth(dictionarySize - 1));
  return Buffer.concat([Uint8Array.of(width), hybrid(numbers, width)]);
}

function hybrid(numbers: Numbers, width: number): Uint8Array {
  const writer = new ByteWriter();
  writeRleBitPackedHybrid(writer, numbers, width);
  return writer.getBytes();
}

interface Kind {
  readonly type: number;
  /** Of {@link PAGE}, where the header of this kind stands. */
  readonly field: number;
  readonly header: ThriftField;
}

function page(plain: Uint8Array, { type, field, header: kind }: Kind, { codec, hasCrc }: PageWriting): WrittenPage {
  const body = codec.compress(plain);
  const header = writtenStruct(
    new Map([
      [PAGE.type, int32(type)],
      [PAGE.bytes, int32(plain.length)],
      [PAGE.compressedBytes, int32(body.length)],
      ...(hasCrc ? [[PAGE.crc, int32(crc32(body) | 0)] as const] : []),
      [field, kind],
    ]),
  );
  return { header, body, uncompressedBytes: header.length + plain.length };
}
