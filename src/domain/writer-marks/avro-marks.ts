import { hiveCalendar, type MarksReading } from './writer-marks.ts';

const MAGIC = 'Obj\u0001';

/** Reads the metadata that an Avro file begins with, from its first bytes. */
export function avroMarks(head: Uint8Array): MarksReading {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return undefined;
  const reader = new AvroReader(bytes, MAGIC.length);
  const metadata = new Map<string, string>();
  try {
    for (let count = reader.readBlockCount(); count > 0; count = reader.readBlockCount())
      for (; count > 0; count -= 1) metadata.set(reader.readText(), reader.readText());
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { neededBytes: bytes.length * 4 };
  }
  // Its zone, unlike that of Parquet, is honoured by readers (seen with Trino 476), so that it marks nothing.
  const codecs = [(metadata.get('avro.codec') ?? 'null').toUpperCase()];
  const calendar = hiveCalendar(metadata, 'writer.proleptic');
  return { dayCalendar: calendar, timeCalendar: calendar, oldColumns: [], codecs };
}

/** What an Avro header is made of. Throws a RangeError at the end of the bytes. */
class AvroReader {
  readonly #bytes: Buffer;
  #next: number;

  constructor(bytes: Buffer, start: number) {
    this.#bytes = bytes;
    this.#next = start;
  }

  /** Items in the next block of a map; a negative count comes with the length of the block. */
  readBlockCount(): number {
    const count = this.#readLong();
    if (count < 0) this.#readLong();
    return Math.abs(count);
  }

  readText(): string {
    const length = this.#readLong();
    const end = this.#next + length;
    if (length < 0 || end > this.#bytes.length) throw new RangeError('the header goes on');
    const text = this.#bytes.toString('utf8', this.#next, end);
    this.#next = end;
    return text;
  }

  #readLong(): number {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = this.#bytes.readUInt8(this.#next);
      this.#next += 1;
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
  }
}
