import { crcOf, crcToBase64 } from '../../domain/checksum/crc.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { FileItem } from '../../domain/plan.ts';
import { isRetryable } from '../../errors.ts';
import type { ObjectRecord } from '../../ports/ledger.ts';
import { failed, type CopyContext, type Decided, type Failure } from './copy-context.ts';
import { expectUnmoved, readRange } from './source-calls.ts';

const crc32c = crcOf('CRC32C');

/**
 * Looks at what was copied a second time, as far as that was asked for: at both ends where the source offers no checksum, and at the object alone where it is to be read back.
 * What is found against an object stands in the ledger, and fails its file until a later look finds nothing or the object is gone.
 */
export async function lookAgain(item: FileItem, outcome: Outcome, context: CopyContext): Promise<Outcome> {
  const { ledger, rereadUnproven, readBack } = context;
  const record = outcome.proof === undefined ? undefined : ledger.findObject(item.target);
  if (record === undefined) return outcome;
  const isRereadWhole = rereadUnproven && outcome.proof === 'target-only';
  const isReadBack = isRereadWhole || (readBack && record.isReadBack !== true);
  if (isRereadWhole) await compareSource(item, record, context);
  else if (record.objection === SOURCE.code) throw failed(item, { ...SOURCE, message: EARLIER });
  if (isReadBack) await compareTarget(item, record, context);
  else if (record.objection === TARGET.code) throw failed(item, { ...TARGET, message: EARLIER });
  if (!isReadBack) return outcome;
  const proof = isRereadWhole ? 'reread' : record.proof;
  ledger.putObject({ ...record, proof, isReadBack: true, objection: undefined });
  return { ...outcome, proof };
}

const SOURCE = {
  code: 'REREAD_SOURCE_DIFFERS',
  hint: 'Check the file with "hdfs fsck"; delete the object to have it copied again.',
};
const TARGET = {
  code: 'REREAD_TARGET_DIFFERS',
  hint: 'The store does not hold what it acknowledged: report it to its operator, and delete the object to have it copied again.',
};
const EARLIER = 'An earlier second reading gave other bytes than were copied';

async function compareSource(item: FileItem, record: ObjectRecord, context: CopyContext): Promise<void> {
  const source = crcToBase64(await sumSource(item, context));
  await expectUnmoved(item, context);
  if (source === record.crc32c) return;
  const message = `A second read of the source gave other bytes (CRC32C ${source}) than the first (${record.crc32c})`;
  throw objected(item, record, { ...SOURCE, message }, context);
}

async function compareTarget(item: FileItem, record: ObjectRecord, context: CopyContext): Promise<void> {
  const target = crcToBase64(await sumTarget(item, context));
  if (target === record.crc32c) return;
  const message = `The object gave other bytes (CRC32C ${target}) than were sent (${record.crc32c})`;
  throw objected(item, record, { ...TARGET, message }, context);
}

function objected(item: FileItem, record: ObjectRecord, why: Failure, { ledger }: CopyContext): Decided {
  ledger.putObject({ ...record, isReadBack: undefined, objection: why.code });
  return failed(item, why);
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
