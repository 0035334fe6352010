import type { UseCaseId } from '../../domain/names.ts';
import { s3Key } from '../../domain/names.ts';
import { joinKey } from '../../domain/object-key.ts';
import type { ErasureRecord } from '../../domain/privacy/erasure.ts';
import { LakeliftError } from '../../errors.ts';
import type { StoredObject, TargetObjectStore } from '../../ports/target-object-store.ts';
import type { ZoneTarget } from '../plan/plan-context.ts';
import { putChanged } from '../put-changed.ts';

/** Where records of erasures stand: in raw, beside those of executions, so that every machine sees one that was cut off. */
export interface ErasureRecords {
  readonly useCase: UseCaseId;
  readonly zone: ZoneTarget;
  readonly store: Pick<TargetObjectStore, 'listObjects' | 'findObject' | 'readObject' | 'putObject'>;
  readonly signal: AbortSignal;
}

/** One that was begun and has not ended. */
export interface OpenErasure {
  readonly key: string;
  readonly standing: StoredObject;
  readonly record: ErasureRecord;
}

const STATE_MARK = 'lakelift-erasure';

export async function findOpenErasure(records: ErasureRecords): Promise<OpenErasure | undefined> {
  const { store, zone, signal } = records;
  for await (const { key } of store.listObjects(zone.bucket, `${folderOf(records)}/`, signal)) {
    const standing = await store.findObject({ bucket: zone.bucket, key: s3Key(key) }, signal);
    if (standing?.metadata[STATE_MARK] !== 'open') continue;
    const pieces: Uint8Array[] = [];
    for await (const piece of await store.readObject({ bucket: zone.bucket, key: s3Key(key) }, signal))
      pieces.push(piece);
    return { key, standing, record: JSON.parse(Buffer.concat(pieces).toString()) as ErasureRecord };
  }
  return undefined;
}

/** Puts a record, open until it has an end, in place of the open one that it goes on from. Returns where it stands. */
export async function putErasure(
  records: ErasureRecords,
  record: ErasureRecord,
  open: OpenErasure | undefined,
): Promise<string> {
  const { store, zone, signal } = records;
  const key = open?.key ?? `${folderOf(records)}/${record.begunAt.replaceAll(/[:.]/g, '-')}.json`;
  const address = { bucket: zone.bucket, key: s3Key(key) };
  const mark = { [STATE_MARK]: record.endedAt === undefined ? 'open' : 'ended' };
  const body = Buffer.from(textOfErasure(record));
  await putChanged(store, { address, body, mark, standing: open?.standing }, signal);
  return `s3://${zone.bucket}/${key}`;
}

/** As it is kept and signed. */
export function textOfErasure(record: ErasureRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** Nothing may change pseudonyms, or give datasets away, while a person is half gone from them. */
export async function refuseOpenErasure(records: ErasureRecords): Promise<void> {
  const open = await findOpenErasure(records);
  if (open !== undefined) throw erasureOpen(open, records);
}

export function erasureOpen({ key, record }: OpenErasure, { zone }: ErasureRecords): LakeliftError {
  return new LakeliftError(`An erasure that ${record.by} began at ${record.begunAt} has not ended`, {
    kind: 'usage',
    code: 'ERASURE_OPEN',
    subject: `s3://${zone.bucket}/${key}`,
    hint: `Run "lakelift erase ${record.useCase} --yes" with the identifiers that it was begun with.`,
  });
}

function folderOf({ useCase, zone }: ErasureRecords): string {
  return joinKey(zone.prefix, '_audit', useCase, 'erasures');
}
