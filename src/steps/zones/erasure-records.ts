import type { UseCaseId } from '../../domain/names.ts';
import { s3Key } from '../../domain/names.ts';
import { joinKey } from '../../domain/object-key.ts';
import { auditFolder } from '../../domain/privacy/dataset-folder.ts';
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

/** The first of those that have not ended: others wait for it. */
export async function findOpenErasure(records: ErasureRecords): Promise<OpenErasure | undefined> {
  for await (const open of openErasures(records)) return open;
  return undefined;
}

async function* openErasures(records: ErasureRecords): AsyncGenerator<OpenErasure> {
  const { store, zone, signal } = records;
  for await (const { key } of store.listObjects(zone.bucket, `${folderOf(records)}/`, signal)) {
    const standing = await store.findObject({ bucket: zone.bucket, key: s3Key(key) }, signal);
    if (standing?.metadata[STATE_MARK] !== 'open') continue;
    const pieces: Uint8Array[] = [];
    for await (const piece of await store.readObject({ bucket: zone.bucket, key: s3Key(key) }, signal))
      pieces.push(piece);
    yield { key, standing, record: JSON.parse(Buffer.concat(pieces).toString()) as ErasureRecord };
  }
}

/**
 * Puts the record of an erasure before anything is read, so that whoever must not pass it sees it. Where two begin at once, each withdraws that sees the other. Throws
 * `ERASURE_OPEN`.
 */
export async function beginErasure(records: ErasureRecords, record: ErasureRecord): Promise<OpenErasure> {
  const own = await putErasure(records, record, undefined);
  for await (const other of openErasures(records)) {
    if (other.key === own.key) continue;
    const error = erasureOpen(other, records);
    await withdrawErasure(records, own, error.code);
    throw error;
  }
  return own;
}

/** Ends one that has written nothing, and could not. */
export async function withdrawErasure(records: ErasureRecords, open: OpenErasure, reason: string): Promise<void> {
  const endedAt = new Date().toISOString();
  await putErasure(records, { ...open.record, person: undefined, endedAt, withdrawn: reason }, open);
}

/** Puts a record, open until it has an end, in place of the open one that it goes on from. Throws `conflict` where somebody else goes on with it. */
export async function putErasure(
  records: ErasureRecords,
  record: ErasureRecord,
  open: OpenErasure | undefined,
): Promise<OpenErasure> {
  const { store, zone, signal } = records;
  const key = open?.key ?? `${folderOf(records)}/${record.begunAt.replaceAll(/[:.]/g, '-')}.json`;
  const address = { bucket: zone.bucket, key: s3Key(key) };
  const mark = { [STATE_MARK]: record.endedAt === undefined ? 'open' : 'ended' };
  const body = Buffer.from(textOfErasure(record));
  await putChanged(store, { address, body, mark, standing: open?.standing }, signal);
  return { key, standing: (await store.findObject(address, signal))!, record };
}

export function locationOfErasure({ zone }: Pick<ErasureRecords, 'zone'>, { key }: OpenErasure): string {
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

export function erasureOpen(open: OpenErasure, records: Pick<ErasureRecords, 'zone'>): LakeliftError {
  const { record } = open;
  return new LakeliftError(`An erasure that ${record.by} began at ${record.begunAt} has not ended`, {
    kind: 'usage',
    code: 'ERASURE_OPEN',
    subject: locationOfErasure(records, open),
    hint: `Run "lakelift erase ${record.useCase} --yes" with the identifiers that it was begun with.`,
  });
}

function folderOf({ useCase, zone }: ErasureRecords): string {
  return joinKey(zone.prefix, auditFolder(useCase), 'erasures');
}
