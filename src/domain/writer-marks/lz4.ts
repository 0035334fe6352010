const LONG = 15;
const LEAST_MATCH = 4;

/** More than any footer takes: what is damaged may ask for any amount. */
const MOST_BYTES = 16 * 1024 * 1024;

/** One block of LZ4 (its block format): literals and, but for the last of them, a match in what is there already. Throws a RangeError where it is cut, or grows without end. */
export function lz4Decompressed(block: Buffer): Buffer {
  const bytes: number[] = [];
  let next = 0;
  const lengthOf = (short: number): number => {
    let length = short;
    for (let more = short === LONG; more; next += 1) {
      const byte = block.readUInt8(next);
      length += byte;
      more = byte === 0xff;
    }
    return length;
  };
  while (next < block.length) {
    const token = block.readUInt8(next);
    next += 1;
    const literals = lengthOf(token >> 4);
    for (const end = next + literals; next < end; next += 1) bytes.push(block.readUInt8(next));
    if (next === block.length) break;
    const distance = block.readUInt16LE(next);
    next += 2;
    const match = lengthOf(token & LONG) + LEAST_MATCH;
    if (bytes.length + match > MOST_BYTES) throw new RangeError(`LZ4 of more than ${MOST_BYTES} bytes`);
    for (let left = match; left > 0; left -= 1) bytes.push(bytes.at(-distance) ?? 0);
  }
  return Buffer.from(bytes);
}
