import {
  brotliCompressSync,
  brotliDecompressSync,
  gunzipSync,
  gzipSync,
  zstdCompressSync,
  zstdDecompressSync,
} from 'node:zlib';
import { snappyUncompress } from 'hyparquet/src/snappy.js';
import { snappyCompress } from 'hyparquet-writer/src/snappy.js';
import { ByteReader } from './byte-reader.ts';
import { notRewritten } from './not-rewritten.ts';

export interface Codec {
  readonly compress: (bytes: Uint8Array) => Uint8Array;
  /** Throws where it is not exactly as many bytes as `sizeBytes`. */
  readonly decompress: (bytes: Uint8Array, sizeBytes: number) => Uint8Array;
}

/** Refuses one that cannot be written as well as read. */
export function codecOf(number: number): Codec {
  const codec = CODECS[number];
  if (codec === undefined) throw notRewritten(`is compressed with ${UNWRITTEN[number] ?? `codec ${number}`}`);
  return {
    compress: codec.compress,
    decompress: (bytes, sizeBytes) => {
      // Of a page of NULLs there may be nothing that was compressed.
      const decompressed = sizeBytes === 0 ? new Uint8Array() : codec.decompress(bytes, sizeBytes);
      if (decompressed.length === sizeBytes) return decompressed;
      throw notRewritten(`has a page of ${decompressed.length} bytes that should have ${sizeBytes}`);
    },
  };
}

/** Those that the format names beside them. */
const UNWRITTEN: Readonly<Record<number, string>> = { 3: 'LZO', 5: 'LZ4', 7: 'LZ4_RAW' };

/** By the number that the format gives them. */
const CODECS: Readonly<Record<number, Codec>> = {
  0: { compress: (bytes) => bytes, decompress: (bytes) => bytes },
  1: { compress: snappyCompress, decompress: unsnapped },
  2: { compress: (bytes) => gzipSync(bytes), decompress: (bytes, most) => gunzipSync(bytes, atMost(most)) },
  4: {
    compress: (bytes) => brotliCompressSync(bytes),
    decompress: (bytes, most) => brotliDecompressSync(bytes, atMost(most)),
  },
  6: {
    compress: (bytes) => zstdCompressSync(bytes),
    decompress: (bytes, most) => zstdDecompressSync(bytes, atMost(most)),
  },
};

/** Of what is damaged there may be any amount. */
const atMost = (sizeBytes: number) => ({ maxOutputLength: sizeBytes });

function unsnapped(bytes: Uint8Array, sizeBytes: number): Uint8Array {
  const output = new Uint8Array(sizeBytes);
  // Which hyparquet passes over.
  const stated = new ByteReader(bytes).varint();
  if (stated !== sizeBytes) throw notRewritten(`has a page of ${stated} bytes that should have ${sizeBytes}`);
  snappyUncompress(bytes, output);
  return output;
}
