import type { IncomingMessage } from 'node:http';
import { Transform, type Readable, type TransformCallback } from 'node:stream';
import { abortError } from './exchange-limits.ts';
import { expectText } from './http-exchange.ts';
import { WebHdfsError } from './webhdfs-error.ts';

/** Puts a body of exactly `target.length` bytes into `target`; rejects on fewer, on more, and on an error answer. */
export async function readInto(incoming: IncomingMessage, target: Uint8Array): Promise<void> {
  try {
    await expectBody(incoming, target.length);
    await fill(incoming, target);
  } finally {
    incoming.destroy();
  }
}

function fill(incoming: IncomingMessage, target: Uint8Array): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let filled = 0;
  incoming.on('data', (chunk: Buffer) => {
    if (filled + chunk.length > target.length) return reject(tooMuch(target.length));
    target.set(chunk, filled);
    filled += chunk.length;
  });
  const settle = (cause?: unknown): void => {
    if (filled === target.length) resolve();
    else reject(cutOff({ received: filled, expected: target.length }, cause));
  };
  incoming.on('end', settle).on('error', settle).on('close', settle);
  return promise;
}

/** The body as a stream with the consumer's back-pressure, that errors rather than ends short. Destroying it closes the connection. */
export async function countedStream(
  incoming: IncomingMessage,
  sizeBytes: number,
  signal: AbortSignal | undefined,
): Promise<Readable> {
  try {
    await expectBody(incoming, sizeBytes);
  } catch (error) {
    incoming.destroy();
    throw error;
  }
  const counted = new ExactLength(sizeBytes);
  incoming.on('error', (cause) => {
    const count = { received: counted.receivedBytes, expected: sizeBytes };
    counted.destroy(signal?.aborted === true ? abortError(signal) : cutOff(count, cause));
  });
  counted.once('close', () => incoming.destroy());
  return incoming.pipe(counted);
}

class ExactLength extends Transform {
  readonly #expectedBytes: number;
  receivedBytes = 0;

  constructor(expectedBytes: number) {
    super();
    this.#expectedBytes = expectedBytes;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.receivedBytes += chunk.length;
    if (this.receivedBytes > this.#expectedBytes) done(tooMuch(this.#expectedBytes));
    else done(null, chunk);
  }

  override _flush(done: TransformCallback): void {
    const { receivedBytes: received } = this;
    done(received === this.#expectedBytes ? null : cutOff({ received, expected: this.#expectedBytes }));
  }
}

/** A DataNode that dies after the headers ends the body early, without any error of its own. A time-out stays what it is. */
export function cutOff({ received, expected }: { received: number; expected: number }, cause?: unknown): WebHdfsError {
  if (cause instanceof WebHdfsError) return cause;
  const message = `The body ended after ${received} of ${expected} bytes`;
  return new WebHdfsError(message, { failure: 'unavailable', cause });
}

function tooMuch(expectedBytes: number): WebHdfsError {
  return new WebHdfsError(`More than the ${expectedBytes} bytes asked for arrived`, { failure: 'corrupt' });
}

async function expectBody(incoming: IncomingMessage, expectedBytes: number): Promise<void> {
  const status = incoming.statusCode ?? 0;
  if (status < 200 || status > 299) await expectText(incoming);
  expectLength(incoming.headers['content-length'], expectedBytes);
}

/** A large answer of HttpFS announces no length; one that is announced must be what was asked for. */
export function expectLength(announced: string | undefined, expectedBytes: number): void {
  if (announced === undefined || Number(announced) === expectedBytes) return;
  throw new WebHdfsError(
    `${announced} bytes are announced where ${expectedBytes} were asked for; the file may have changed`,
    { failure: 'corrupt' },
  );
}
