import { createHash, type Hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AwsChunkedDecoder } from './aws-chunked.ts';
import {
  ALGORITHMS,
  checksumHeader,
  requestedChecksum,
  startChecksum,
  validated,
  type Algorithm,
  type Checksum,
  type RunningChecksum,
} from './checksum.ts';
import type { DataFiles } from './data-files.ts';
import { S3Error, s3Errors } from './s3-error.ts';

interface ReceivedBody {
  readonly file: string;
  readonly sizeBytes: number;
  /** Hexadecimal. */
  readonly md5: string;
  /** Computed here over what arrived. */
  readonly checksum: Checksum;
}

/**
 * Streams a request body into a new file and checks everything the client said about it: length, Content-MD5, x-amz-content-sha256,
 * x-amz-checksum-* in header or trailer. Nothing is left behind on an error. `algorithm` says what to compute where the client sent no checksum.
 */
export async function receiveBody(
  request: IncomingMessage,
  data: DataFiles,
  algorithm: Algorithm,
): Promise<ReceivedBody> {
  const expected = expectations(request);
  const sums = new BodySums(request, expected.algorithm ?? algorithm);
  const decoder = isAwsChunked(request) ? new AwsChunkedDecoder() : undefined;
  const { file, handle } = await data.create();
  try {
    // Without this option an early end would destroy the socket, and with it the error answer.
    const source = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    for await (const bytes of decoder?.decode(source) ?? source) {
      sums.update(bytes);
      await handle.appendFile(bytes);
    }
    await handle.close();
    const checksum = sums.check(expected.checksum ?? trailerChecksum(decoder, expected.algorithm));
    return { file, sizeBytes: sums.sizeBytes, md5: sums.md5Hex, checksum };
  } catch (error) {
    await handle.close().catch(() => undefined);
    await data.remove([file]);
    throw error;
  }
}

interface Expectations {
  /** Of the checksum that the header holds or the trailer will. */
  readonly algorithm: Algorithm | undefined;
  readonly checksum: Checksum | undefined;
}

function expectations({ headers }: IncomingMessage): Expectations {
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined)
    throw new S3Error('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411);
  const trailer = headers['x-amz-trailer'];
  const checksum = requestedChecksum(headers);
  if (trailer === undefined) return { algorithm: checksum?.algorithm, checksum };
  const algorithm = ALGORITHMS.find((known) => checksumHeader(known) === String(trailer).toLowerCase());
  if (algorithm === undefined)
    throw s3Errors.invalidRequest('The value specified in the x-amz-trailer header is not supported');
  if (checksum !== undefined) throw s3Errors.invalidRequest('Expecting a single x-amz-checksum- header.');
  return { algorithm, checksum: undefined };
}

function trailerChecksum(
  decoder: AwsChunkedDecoder | undefined,
  algorithm: Algorithm | undefined,
): Checksum | undefined {
  if (algorithm === undefined) return undefined;
  const value = decoder?.trailers.get(checksumHeader(algorithm));
  if (value === undefined)
    throw new S3Error('MalformedTrailerError', 'The request contained trailing data that was not well-formed');
  return validated({ algorithm, value });
}

function isAwsChunked(request: IncomingMessage): boolean {
  return String(request.headers['x-amz-content-sha256']).startsWith('STREAMING-');
}

/** Every sum that a body needs, computed in one pass. */
class BodySums {
  sizeBytes = 0;
  md5Hex = '';
  readonly #request: IncomingMessage;
  readonly #md5: Hash = createHash('md5');
  readonly #sha256: Hash | undefined;
  readonly #algorithm: Algorithm;
  readonly #checksum: RunningChecksum;

  constructor(request: IncomingMessage, algorithm: Algorithm) {
    this.#request = request;
    this.#algorithm = algorithm;
    this.#checksum = startChecksum(algorithm);
    const payloadHash = String(request.headers['x-amz-content-sha256']);
    this.#sha256 = /^[0-9a-f]{64}$/.test(payloadHash) ? createHash('sha256') : undefined;
  }

  update(bytes: Uint8Array): void {
    this.sizeBytes += bytes.length;
    this.#md5.update(bytes);
    this.#sha256?.update(bytes);
    this.#checksum.update(bytes);
  }

  check(expected: Checksum | undefined): Checksum {
    this.#checkLength();
    const { headers } = this.#request;
    if (this.#sha256 !== undefined && this.#sha256.digest('hex') !== headers['x-amz-content-sha256'])
      throw new S3Error(
        'XAmzContentSHA256Mismatch',
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
      );
    const md5 = this.#md5.digest();
    this.md5Hex = md5.toString('hex');
    this.#checkMd5(md5);
    const value = this.#checksum.digest();
    if (expected !== undefined && expected.value !== value) throw s3Errors.badDigest(expected.algorithm);
    return { algorithm: this.#algorithm, value };
  }

  #checkLength(): void {
    const { headers } = this.#request;
    const declared = isAwsChunked(this.#request) ? headers['x-amz-decoded-content-length'] : headers['content-length'];
    if (declared !== undefined && Number(declared) !== this.sizeBytes)
      throw new S3Error(
        'IncompleteBody',
        'You did not provide the number of bytes specified by the Content-Length HTTP header.',
      );
  }

  #checkMd5(actual: Buffer): void {
    const declared = this.#request.headers['content-md5'];
    if (declared === undefined) return;
    const expected = Buffer.from(String(declared), 'base64');
    if (expected.length !== actual.length)
      throw new S3Error('InvalidDigest', 'The Content-MD5 you specified is not valid.');
    if (!expected.equals(actual)) throw s3Errors.badDigest('Content-MD5');
  }
}
