import { s3Errors, S3Error } from './s3-error.ts';

const CRLF = '\r\n';
/** A chunk header or trailer line longer than this is no aws-chunked body. */
const MAX_LINE_BYTES = 4096;

type State = 'header' | 'data' | 'data-end' | 'trailer' | 'done';

/**
 * Takes the aws-chunked framing off a body (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html).
 * Chunk signatures are not verified: the seed signature in the header is.
 */
export class AwsChunkedDecoder {
  /** Filled while the last chunk is read; names in lower case. */
  readonly trailers = new Map<string, string>();
  #state: State = 'header';
  #rest: Buffer = Buffer.alloc(0);
  #remainingBytes = 0;

  async *decode(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const bytes of source) {
      this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
      yield* this.#drain();
    }
    // Some clients leave out the empty line after the trailers.
    if (this.#state !== 'done' && this.#state !== 'trailer')
      throw new S3Error('IncompleteBody', 'The request body terminated unexpectedly');
  }

  *#drain(): Generator<Buffer> {
    for (;;) {
      if (this.#state === 'data') {
        const data = this.#rest.subarray(0, this.#remainingBytes);
        if (data.length === 0) return;
        this.#take(data.length);
        this.#remainingBytes -= data.length;
        if (this.#remainingBytes === 0) this.#state = 'data-end';
        yield data;
        continue;
      }
      const line = this.#state === 'done' ? undefined : this.#takeLine();
      if (line === undefined) return;
      this.#readLine(line);
    }
  }

  #readLine(line: string): void {
    if (this.#state === 'header') {
      const size = line.split(';')[0]!;
      if (!/^[0-9a-fA-F]{1,13}$/.test(size)) throw s3Errors.invalidRequest('The chunk size is not a number');
      this.#remainingBytes = parseInt(size, 16);
      this.#state = this.#remainingBytes === 0 ? 'trailer' : 'data';
    } else if (this.#state === 'data-end') {
      if (line !== '') throw s3Errors.invalidRequest('A chunk is longer than its size says');
      this.#state = 'header';
    } else if (line === '') {
      this.#state = 'done';
    } else {
      const colon = line.indexOf(':');
      this.trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
    }
  }

  #takeLine(): string | undefined {
    const end = this.#rest.indexOf(CRLF);
    if (end > MAX_LINE_BYTES || (end < 0 && this.#rest.length > MAX_LINE_BYTES))
      throw s3Errors.invalidRequest('The aws-chunked framing is broken');
    if (end < 0) return undefined;
    const line = this.#rest.toString('latin1', 0, end);
    this.#take(end + CRLF.length);
    return line;
  }

  #take(length: number): void {
    this.#rest = this.#rest.subarray(length);
  }
}
