/** Widths and reflected polynomials of the CRCs that S3 can give over a whole multipart object. */
const FIELDS = {
  CRC32: { width: 32n, polynomial: 0xedb88320n },
  CRC32C: { width: 32n, polynomial: 0x82f63b78n },
  CRC64NVME: { width: 64n, polynomial: 0x9a6c9329ac4bc9b5n },
} as const;

type CrcName = keyof typeof FIELDS;

/**
 * CRC of A followed by B: crc(A) · x^(8·|B|) mod P, xor crc(B).
 * Written apart from the copy engine's own arithmetic, so that one checks the other.
 */
export function combineCrc(name: CrcName, crcA: bigint, part: { crc: bigint; sizeBytes: number }): bigint {
  return multiply(name, crcA, xToThe(name, part.sizeBytes)) ^ part.crc;
}

function multiply(name: CrcName, a: bigint, b: bigint): bigint {
  const { width, polynomial } = FIELDS[name];
  let product = 0n;
  let power = b;
  for (let bit = width - 1n; bit >= 0n; bit--) {
    if ((a >> bit) & 1n) product ^= power;
    power = power & 1n ? (power >> 1n) ^ polynomial : power >> 1n;
  }
  return product;
}

function xToThe(name: CrcName, lengthBytes: number): bigint {
  const one = 1n << (FIELDS[name].width - 1n);
  let result = one;
  let square = one >> 8n;
  for (let rest = lengthBytes; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = multiply(name, result, square);
    square = multiply(name, square, square);
  }
  return result;
}
