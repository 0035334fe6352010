import type { IncomingMessage } from 'node:http';
import { expectText } from './http-exchange.ts';
import { WebHdfsError } from './webhdfs-error.ts';

/** Puts a body of exactly `target.length` bytes into `target`; rejects on fewer, on more, and on an error answer. */
export async function readInto(incoming: IncomingMessage, target: Uint8Array): Promise<void> {
  await expectSuccess(incoming);
  expectLength(incoming.headers['content-length'], target.length);
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  let filled = 0;
  incoming.on('data', (chunk: Buffer) => {
    if (filled + chunk.length > target.length) {
      incoming.destroy();
      return reject(new WebHdfsError(`More than the ${target.length} bytes asked for arrived`, { failure: 'corrupt' }));
    }
    target.set(chunk, filled);
    filled += chunk.length;
  });
  const settle = (cause?: unknown): void => {
    if (filled === target.length) resolve(undefined);
    else reject(shortBody(filled, target.length, cause));
  };
  incoming.on('end', settle).on('error', settle).on('close', settle);
  await promise;
}

/** A DataNode that dies after the headers ends the body early, without any error of its own. */
export function shortBody(receivedBytes: number, expectedBytes: number, cause?: unknown): WebHdfsError {
  return new WebHdfsError(`The body ended after ${receivedBytes} of ${expectedBytes} bytes`, {
    failure: 'unavailable',
    cause,
  });
}

export async function expectSuccess(incoming: IncomingMessage): Promise<void> {
  const status = incoming.statusCode ?? 0;
  if (status < 200 || status > 299) await expectText(incoming);
}

/** HttpFS announces no length; a DataNode's must be what was asked for. */
function expectLength(announced: string | undefined, expectedBytes: number): void {
  if (announced === undefined || Number(announced) === expectedBytes) return;
  throw new WebHdfsError(
    `${announced} bytes are announced where ${expectedBytes} were asked for; the file may have changed`,
    { failure: 'corrupt' },
  );
}
