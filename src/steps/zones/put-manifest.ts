import { createHash } from 'node:crypto';
import { s3Key, type S3Key } from '../../domain/names.ts';
import type { ObjectAddress } from '../../domain/plan.ts';
import { LakeliftError } from '../../errors.ts';
import type { TargetObjectStore } from '../../ports/target-object-store.ts';
import { holdsBytes, putChanged } from '../put-changed.ts';
import type { PublishOutcome } from './publish-dataset.ts';

export interface ManifestRequest {
  /** `absences/arrets`: whose it is. */
  readonly owner: string;
  /** What its name begins with: `_manifests/absences/arrets`. */
  readonly name: string;
  readonly bucket: string;
  readonly objects: readonly ObjectAddress[];
  readonly store: Pick<TargetObjectStore, 'findObject' | 'putObject'>;
  /** Nothing is written without. */
  readonly isConfirmed: boolean;
  readonly signal: AbortSignal;
}

export interface Manifest {
  readonly bucket: string;
  readonly key: S3Key;
  /** undefined where it would have been written. */
  readonly outcome: PublishOutcome | undefined;
}

const MARK = 'lakelift-manifest';

/**
 * Writes the list that a Distributed Map reads (small-file-states.ts): a JSON array of `{ bucket, key }`, under a name that has the SHA-256 of its bytes, so that
 * the same objects are the same list and an execution under way keeps its own. Throws `conflict` for what is not of this dataset.
 */
export async function putManifest(request: ManifestRequest): Promise<Manifest> {
  const { owner, name, bucket, objects, store, isConfirmed, signal } = request;
  const body = Buffer.from(textOf(objects));
  const sha256 = createHash('sha256').update(body).digest('hex');
  const address = { bucket, key: s3Key(`${name}-${sha256.slice(0, 12)}.json`) };
  const standing = await store.findObject(address, signal);
  if (standing !== undefined && standing.metadata[MARK] !== owner) throw foreign(address);
  if (isConfirmed) {
    const outcome = await putChanged(store, { address, body, mark: { [MARK]: owner }, standing }, signal);
    return { ...address, outcome };
  }
  return { ...address, outcome: standing !== undefined && holdsBytes(standing, body) ? 'unchanged' : undefined };
}

/** An object a line, for people to compare. */
function textOf(objects: readonly ObjectAddress[]): string {
  return `[\n${objects.map(({ bucket, key }) => JSON.stringify({ bucket, key })).join(',\n')}\n]\n`;
}

function foreign({ bucket, key }: ObjectAddress): LakeliftError {
  const subject = `s3://${bucket}/${key}`;
  return new LakeliftError(`${subject} stands there and is no list of this dataset`, {
    kind: 'conflict',
    code: 'MANIFEST_FOREIGN',
    subject,
    hint: 'Move what stands there away; it was left as it is.',
  });
}
