import { createHash, type Hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { crcOf } from '../../domain/checksum/crc.ts';
import { combineCrc } from './combine-crc.ts';
import { Crc64Nvme } from './crc64nvme.ts';
import { s3Errors } from './s3-error.ts';

export const ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];
export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE';

export interface Checksum {
  readonly algorithm: Algorithm;
  /** Base64; `…-N` for a composite of N parts. */
  readonly value: string;
}

const DIGEST_BYTES: Readonly<Record<Algorithm, number>> = { CRC32: 4, CRC32C: 4, CRC64NVME: 8, SHA1: 20, SHA256: 32 };

/** A checksum being computed over bytes as they pass. */
export interface RunningChecksum {
  update(bytes: Uint8Array): void;
  /** Base64. */
  digest(): string;
}

export function startChecksum(algorithm: Algorithm): RunningChecksum {
  if (algorithm === 'SHA1' || algorithm === 'SHA256') return startHash(createHash(algorithm.toLowerCase()));
  if (algorithm === 'CRC64NVME') {
    const crc = new Crc64Nvme();
    return { update: (bytes) => crc.update(bytes), digest: () => toBase64(algorithm, crc.digest()) };
  }
  const crc = crcOf(algorithm);
  let sum = 0;
  return {
    update: (bytes) => {
      sum = crc.sum(bytes, sum);
    },
    digest: () => toBase64(algorithm, BigInt(sum)),
  };
}

function startHash(hash: Hash): RunningChecksum {
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('base64') };
}

export function checksumHeader(algorithm: Algorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

export function parseAlgorithm(text: string): Algorithm {
  const algorithm = ALGORITHMS.find((known) => known === text.toUpperCase());
  if (algorithm === undefined) throw s3Errors.invalidRequest(`Checksum algorithm provided is unsupported: ${text}`);
  return algorithm;
}

/** The one x-amz-checksum-* value of a request, or undefined. Two of them are refused, and so are values of a wrong length. */
export function requestedChecksum(headers: IncomingHttpHeaders): Checksum | undefined {
  const found = ALGORITHMS.filter((algorithm) => headers[checksumHeader(algorithm)] !== undefined);
  if (found.length > 1) throw s3Errors.invalidRequest('Expecting a single x-amz-checksum- header.');
  const algorithm = found[0];
  if (algorithm === undefined) return undefined;
  return validated({ algorithm, value: String(headers[checksumHeader(algorithm)]) });
}

/** Refuses values that cannot be a checksum of their algorithm; a composite's `-N` is allowed. */
export function validated(checksum: Checksum): Checksum {
  const bytes = Buffer.from(checksum.value.replace(/-\d+$/, ''), 'base64');
  if (bytes.length !== DIGEST_BYTES[checksum.algorithm])
    throw s3Errors.invalidRequest(`Value for ${checksumHeader(checksum.algorithm)} header is invalid.`);
  return checksum;
}

interface SummedPart {
  readonly checksum: string;
  readonly sizeBytes: number;
}

/** The checksum of a whole multipart object from those of its parts: the CRC over all bytes, or the hash of the parts' digests with `-N`. */
export function joinChecksums(algorithm: Algorithm, type: ChecksumType, parts: readonly SummedPart[]): string {
  if (type === 'COMPOSITE') {
    const whole = startChecksum(algorithm);
    for (const part of parts) whole.update(Buffer.from(part.checksum, 'base64'));
    return `${whole.digest()}-${parts.length}`;
  }
  if (algorithm === 'SHA1' || algorithm === 'SHA256')
    throw s3Errors.invalidRequest(`The FULL_OBJECT checksum type cannot be used with the ${algorithm} algorithm.`);
  let crc = 0n;
  for (const part of parts)
    crc = combineCrc(algorithm, crc, { crc: fromBase64(part.checksum), sizeBytes: part.sizeBytes });
  return toBase64(algorithm, crc);
}

function toBase64(algorithm: Algorithm, crc: bigint): string {
  const hex = crc.toString(16).padStart(DIGEST_BYTES[algorithm] * 2, '0');
  return Buffer.from(hex, 'hex').toString('base64');
}

function fromBase64(text: string): bigint {
  return BigInt(`0x${Buffer.from(text, 'base64').toString('hex')}`);
}
