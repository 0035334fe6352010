import { gunzipSync, gzipSync } from 'node:zlib';
import { crcOf, crcToBase64 } from '../../src/domain/checksum/crc.ts';
import { s3Key } from '../../src/domain/names.ts';
import type { SandboxProject } from './sandbox-project.ts';

const FUNCTION = { 'lakelift-dataset': 'absences/arrets' };

/** Puts an object into cleaned, whatever stands there. */
export async function putCleaned(
  { store }: SandboxProject,
  name: string,
  { content, metadata = {} }: { readonly content: string | Uint8Array; readonly metadata?: Record<string, string> },
): Promise<void> {
  const body = Buffer.from(content);
  const address = { bucket: 'sandbox-cleaned', key: s3Key(name) };
  const crc32c = crcToBase64(crcOf('CRC32C').sum(body));
  const standing = await store.findObject(address);
  const condition =
    standing === undefined ? ({ kind: 'if-absent' } as const) : ({ kind: 'if-match', etag: standing.etag } as const);
  await store.putObject({ address, body, crc32c, metadata, condition });
}

/** Rows as the function of the dataset `arrets` writes them. */
export async function putRows(project: SandboxProject, name: string, lines: readonly string[]): Promise<void> {
  const content = gzipSync(lines.map((line) => `${line}\n`).join(''));
  await putCleaned(project, name, { content, metadata: FUNCTION });
}

export async function rowsIn({ store }: SandboxProject, name: string): Promise<string[]> {
  const pieces = await Array.fromAsync(await store.readObject({ bucket: 'sandbox-cleaned', key: s3Key(name) }));
  const text = gunzipSync(Buffer.concat(pieces)).toString('utf8');
  return text.split('\n').filter((line) => line !== '');
}
