import { LakeliftError } from '../../errors.ts';
import { translateS3Error, type S3Work } from './s3-errors.ts';

/** Passes the bytes on and fails with `unavailable` when they are cut short: an answer that ends early can look like one that ended. */
export async function* readWholeBody(
  body: AsyncIterable<Uint8Array>,
  sizeBytes: number,
  work: S3Work,
): AsyncGenerator<Uint8Array> {
  let receivedBytes = 0;
  const iterator = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await nextOf(iterator, work);
      if (done === true) break;
      receivedBytes += value.length;
      yield value;
    }
  } finally {
    await iterator.return?.();
  }
  if (receivedBytes !== sizeBytes)
    throw new LakeliftError(`${work.subject}: ${receivedBytes} of ${sizeBytes} bytes came`, {
      kind: 'unavailable',
      code: 'S3_CUT_SHORT',
      subject: work.subject,
      hint: 'The connection broke; it is read again.',
    });
}

async function nextOf(
  iterator: AsyncIterator<Uint8Array, unknown>,
  work: S3Work,
): Promise<IteratorResult<Uint8Array, unknown>> {
  try {
    return await iterator.next();
  } catch (error) {
    throw translateS3Error(error, work);
  }
}
