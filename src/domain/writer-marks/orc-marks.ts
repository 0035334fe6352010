import { inflateRawSync, zstdDecompressSync } from 'node:zlib';
import { snappyUncompress } from 'hyparquet/src/snappy.js';
import { lz4Decompressed } from './lz4.ts';
import { packedVarints, protobufFields, signed } from './protobuf.ts';
import { isOldDay, isOldInstant, type Calendar, type MarksReading, type WriterMarks } from './writer-marks.ts';

/** Numbers of fields and kinds as in ORC's `orc_proto.proto`. */
const POSTSCRIPT = { footerLength: 1, compression: 2, magic: 8000 };
const FOOTER = { types: 4, statistics: 7, encryption: 10, calendar: 11 };
const TYPE = { subtypes: 2, fieldNames: 3 };
const STATISTICS = { date: 7, timestamp: 9 };
const LEAST = 1;
const LEAST_UTC = 3;
const CALENDARS: Readonly<Record<number, Calendar>> = { 1: 'hybrid', 2: 'proleptic' };

/** Reads the footer from the last bytes of an ORC file. Of one whose codec Athena does not read (LZO, Brotli, what ORC does not have yet) it tells the codec alone. */
export function orcMarks(tail: Uint8Array): MarksReading {
  const bytes = Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength);
  const postscriptLength = bytes.at(-1) ?? 0;
  const footerEnd = bytes.length - 1 - postscriptLength;
  if (footerEnd < 0) return undefined;
  const postscript = [...protobufFields(bytes.subarray(footerEnd, -1))];
  const numberOf = (field: number): number => Number(postscript.find((one) => one.field === field)?.value ?? 0);
  if (String(postscript.find(({ field }) => field === POSTSCRIPT.magic)?.value) !== 'ORC') return undefined;
  const footerStart = footerEnd - numberOf(POSTSCRIPT.footerLength);
  if (footerStart < 0) return { neededBytes: bytes.length - footerStart };
  const compression = numberOf(POSTSCRIPT.compression);
  const { name, decompress }: Codec = CODECS[compression] ?? { name: `number ${compression}` };
  const footer = decompress?.(bytes.subarray(footerStart, footerEnd));
  return { ...(footer === undefined ? { oldColumns: [] } : marksOf(footer)), codecs: [name] };
}

type Decompression = (bytes: Buffer) => Buffer;

interface Codec {
  readonly name: string;
  readonly decompress?: Decompression;
}

/** By ORC's number. */
const CODECS: readonly Codec[] = [
  { name: 'NONE', decompress: (bytes) => bytes },
  { name: 'ZLIB', decompress: inChunks(inflateRawSync) },
  { name: 'SNAPPY', decompress: inChunks(unsnapped) },
  { name: 'LZO' },
  { name: 'LZ4', decompress: inChunks(lz4Decompressed) },
  { name: 'ZSTD', decompress: inChunks(zstdDecompressSync) },
  { name: 'BROTLI' },
];

/** Each chunk begins with three bytes: its length, and in the lowest bit whether it was left as it is. */
function inChunks(decompress: Decompression): Decompression {
  return (bytes) => {
    const chunks: Buffer[] = [];
    for (let next = 0; next < bytes.length;) {
      const header = bytes.readUIntLE(next, 3);
      const chunk = bytes.subarray(next + 3, next + 3 + (header >> 1));
      chunks.push(header % 2 === 1 ? chunk : decompress(chunk));
      next += 3 + (header >> 1);
    }
    return Buffer.concat(chunks);
  };
}

/** Snappy begins with the length of what it holds. */
function unsnapped(chunk: Buffer): Buffer {
  const end = chunk.findIndex((byte) => byte < 0x80) + 1;
  const target = Buffer.alloc(packedVarints(chunk.subarray(0, end))[0] ?? 0);
  snappyUncompress(chunk, target);
  return target;
}

function marksOf(footer: Buffer): Omit<WriterMarks, 'codecs'> {
  const types: ColumnType[] = [];
  const isOld: boolean[] = [];
  let calendar: Calendar | undefined;
  let isEncrypted: true | undefined;
  for (const { field, value } of protobufFields(footer)) {
    if (field === FOOTER.calendar) calendar = CALENDARS[Number(value)];
    else if (field === FOOTER.encryption) isEncrypted = true;
    else if (field === FOOTER.types) types.push(typeOf(value as Buffer));
    else if (field === FOOTER.statistics) isOld.push(reachesOldDays(value as Buffer));
  }
  const columnNames = types[0]?.fieldNames;
  const calendars = { dayCalendar: calendar, timeCalendar: calendar };
  return { ...calendars, oldColumns: oldColumnsOf(types, isOld), columnNames, isEncrypted };
}

interface ColumnType {
  readonly subtypes: readonly number[];
  readonly fieldNames: readonly string[];
}

function typeOf(message: Buffer): ColumnType {
  const fields = [...protobufFields(message)];
  const subtypes = fields.filter(({ field }) => field === TYPE.subtypes);
  return {
    subtypes: subtypes.flatMap(({ value }) => (typeof value === 'number' ? [value] : packedVarints(value))),
    fieldNames: fields.filter(({ field }) => field === TYPE.fieldNames).map(({ value }) => String(value)),
  };
}

/** Types stand in the order of a walk from the root, so that those below a column are the ones before the next column. */
function oldColumnsOf([root]: readonly ColumnType[], isOld: readonly boolean[]): string[] {
  if (root === undefined) return [];
  return root.fieldNames.filter((_, index) =>
    isOld.slice(root.subtypes[index], root.subtypes[index + 1] ?? isOld.length).includes(true),
  );
}

function reachesOldDays(statistics: Buffer): boolean {
  for (const { field, value } of protobufFields(statistics)) {
    const least = (number: number): number =>
      signed(Number([...protobufFields(value as Buffer)].find((one) => one.field === number)?.value ?? 0));
    if (field === STATISTICS.date) return isOldDay(least(LEAST));
    if (field === STATISTICS.timestamp) return isOldInstant(Math.min(least(LEAST), least(LEAST_UTC)));
  }
  return false;
}
