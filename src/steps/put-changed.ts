import { createHash } from 'node:crypto';
import { crcOf, crcToBase64 } from '../domain/checksum/crc.ts';
import { SHA256 } from '../domain/object-metadata.ts';
import type { ObjectAddress } from '../domain/plan.ts';
import type { StoredObject, TargetObjectStore } from '../ports/target-object-store.ts';

export interface ChangedObject {
  readonly address: ObjectAddress;
  readonly body: Uint8Array;
  /** Whose it is; kept with it. */
  readonly mark: Readonly<Record<string, string>>;
  /** What was found there; whether it may be replaced is for the caller to say. */
  readonly standing: StoredObject | undefined;
}

/** Nobody has written anything else there. */
export function holdsBytes({ metadata, sizeBytes }: StoredObject, body: Uint8Array): boolean {
  return metadata[SHA256] === sha256Of(body) && sizeBytes === body.length;
}

function sha256Of(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}

/** Puts an object unless the same bytes stand there. Throws `conflict` when somebody else wrote there since it was looked at. */
export async function putChanged(
  store: Pick<TargetObjectStore, 'putObject'>,
  { address, body, mark, standing }: ChangedObject,
  signal: AbortSignal,
): Promise<'created' | 'updated' | 'unchanged'> {
  if (standing !== undefined && holdsBytes(standing, body)) return 'unchanged';
  const condition =
    standing === undefined ? ({ kind: 'if-absent' } as const) : ({ kind: 'if-match', etag: standing.etag } as const);
  const crc32c = crcToBase64(crcOf('CRC32C').sum(body));
  await store.putObject({ address, body, crc32c, metadata: { ...mark, [SHA256]: sha256Of(body) }, condition }, signal);
  return standing === undefined ? 'created' : 'updated';
}
