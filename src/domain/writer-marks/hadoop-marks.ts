import type { MarksReading } from './writer-marks.ts';

/** The first version of SequenceFile whose header says whether blocks are compressed, and the first that names the codec. */
const WITH_BLOCKS = 4;
const WITH_CODEC = 5;
/** What earlier ones were compressed with. */
const DEFAULT_CODEC = 'org.apache.hadoop.io.compress.DefaultCodec';

/**
 * Reads the header that a SequenceFile or RCFile begins with (`SequenceFile.Reader.init` of Hadoop, `RCFile.Reader.init` of Hive, whose first
 * files had the header of a SequenceFile). It names the class of its codec, and says nothing of days.
 */
export function hadoopMarks(head: Uint8Array): MarksReading {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const magic = bytes.toString('latin1', 0, 3);
  if (magic !== 'SEQ' && magic !== 'RCF') return undefined;
  try {
    const reader = new HeaderReader(bytes, magic.length);
    const codec = magic === 'SEQ' ? sequenceCodec(reader) : rcCodec(reader);
    return { oldColumns: [], codecs: codec === undefined ? [] : [codec] };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { neededBytes: bytes.length * 4 };
  }
}

function sequenceCodec(reader: HeaderReader): string | undefined {
  const version = reader.readByte();
  reader.readText();
  reader.readText();
  const isCompressed = reader.readByte() !== 0;
  if (version >= WITH_BLOCKS) reader.readByte();
  if (!isCompressed) return undefined;
  return version >= WITH_CODEC ? reader.readText() : DEFAULT_CODEC;
}

function rcCodec(reader: HeaderReader): string | undefined {
  reader.readByte();
  return reader.readByte() === 0 ? undefined : reader.readText();
}

/** Throws a RangeError at the end of the bytes. */
class HeaderReader {
  readonly #bytes: Buffer;
  #next: number;

  constructor(bytes: Buffer, start: number) {
    this.#bytes = bytes;
    this.#next = start;
  }

  readByte(): number {
    return this.#bytes.readInt8(this.#next++);
  }

  readText(): string {
    const length = this.#readLength();
    const end = this.#next + length;
    if (end > this.#bytes.length) throw new RangeError('the header goes on');
    const text = this.#bytes.toString('utf8', this.#next, end);
    this.#next = end;
    return text;
  }

  /** `WritableUtils.readVInt`: up to 127 in one byte, else the count of the bytes that follow, from -113 downwards. */
  #readLength(): number {
    const first = this.readByte();
    if (first >= -112) return Math.max(0, first);
    const count = Math.min(-112 - first, 4);
    const length = this.#bytes.readUIntBE(this.#next, count);
    this.#next += count;
    return length;
  }
}
