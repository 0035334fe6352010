const BLOCK = 512;
const LONGEST_NAME = 100;
/** What eleven octal digits hold. */
const LARGEST_ENTRY_BYTES = 8 ** 11 - 1;

/**
 * The header of one file in a tar archive (POSIX ustar): nobody's, of no time, readable by all, so that the same files give the same bytes.
 * A reader that knows name and size knows every byte of it. Throws RangeError for what does not fit.
 */
export function tarHeader(name: string, sizeBytes: number): Buffer {
  if (Buffer.byteLength(name) > LONGEST_NAME) throw new RangeError(`"${name}" is too long for an entry`);
  if (sizeBytes > LARGEST_ENTRY_BYTES) throw new RangeError(`"${name}" is larger than an entry may be`);
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 'utf8');
  header.write('0000644\0', 100, 'latin1');
  header.write('0000000\0', 108, 'latin1');
  header.write('0000000\0', 116, 'latin1');
  header.write(`${octal(sizeBytes, 11)}\0`, 124, 'latin1');
  header.write('00000000000\0', 136, 'latin1');
  header.write('        ', 148, 'latin1');
  header.write('0', 156, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148, 'latin1');
  return header;
}

/** Name and size as a header has them; whether it is one of ours is for {@link tarHeader} to say. */
export function readTarHeader(header: Buffer): { readonly name: string; readonly sizeBytes: number } {
  const name = header.subarray(0, LONGEST_NAME).toString('utf8').replace(/\0.*$/s, '');
  const sizeBytes = Number.parseInt(header.toString('latin1', 124, 135), 8);
  return { name, sizeBytes };
}

/** Bytes between the end of a file and the next header. */
export function tarPadding(sizeBytes: number): number {
  return (BLOCK - (sizeBytes % BLOCK)) % BLOCK;
}

export const TAR_BLOCK_BYTES = BLOCK;
/** Two empty blocks end an archive. */
export const TAR_END_BYTES = 2 * BLOCK;

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}
