import { crcOf, crcToBase64 } from '../../domain/checksum/crc.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { FileItem } from '../../domain/plan.ts';
import { isRetryable } from '../../errors.ts';
import { failed, type CopyContext } from './copy-context.ts';
import { expectUnmoved, readRange } from './source-calls.ts';

const crc32c = crcOf('CRC32C');

/** Where the source offers no checksum: reads both ends once more and compares. The outcome then carries the stronger proof, or the file has failed. */
export async function reread(item: FileItem, outcome: Outcome, context: CopyContext): Promise<Outcome> {
  const source = crcToBase64(await sumSource(item, context));
  await expectUnmoved(item, context);
  if (source !== outcome.crc32c)
    throw failed(item, {
      code: 'REREAD_SOURCE_DIFFERS',
      message: `A second read of the source gave other bytes (CRC32C ${source}) than the first (${outcome.crc32c})`,
      hint: 'Check the file with "hdfs fsck"; delete the object to have it copied again.',
    });
  const target = crcToBase64(await sumTarget(item, context));
  if (target !== outcome.crc32c)
    throw failed(item, {
      code: 'REREAD_TARGET_DIFFERS',
      message: `The object gave other bytes (CRC32C ${target}) than were sent (${outcome.crc32c})`,
      hint: 'The store does not hold what it acknowledged: report it to its operator, and delete the object to have it copied again.',
    });
  const record = context.ledger.findObject(item.target);
  if (record !== undefined) context.ledger.putObject({ ...record, proof: 'reread' });
  return { ...outcome, proof: 'reread' };
}

async function sumSource(item: FileItem, context: CopyContext): Promise<number> {
  const { sizeBytes } = item.source;
  const { partSizeBytes } = context.limits;
  let crc = 0;
  for (let offset = 0; offset < sizeBytes; offset += partSizeBytes) {
    const length = Math.min(partSizeBytes, sizeBytes - offset);
    crc = await context.slots.parts.run(async () => {
      const body = context.buffers.parts.take(length, length);
      try {
        await readRange(item, context, { offset, length }, body);
        return crc32c.sum(body, crc);
      } finally {
        context.buffers.parts.give(body);
      }
    });
  }
  return crc;
}

const READ_ATTEMPTS = 5;

async function sumTarget(item: FileItem, { target, signal }: CopyContext): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    try {
      let crc = 0;
      for await (const chunk of await target.readObject(item.target, signal)) crc = crc32c.sum(chunk, crc);
      return crc;
    } catch (error) {
      // A body that was cut short cannot be continued: it is read again from its first byte.
      if (!isRetryable(error) || attempt === READ_ATTEMPTS) throw error;
      signal.throwIfAborted();
    }
  }
}
