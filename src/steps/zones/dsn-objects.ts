import { rulingOnTableEntry } from '../../domain/hidden-name.ts';
import type { PathMapping } from '../../domain/mapping.ts';
import { s3Key } from '../../domain/names.ts';
import { joinKey } from '../../domain/object-key.ts';
import { DSN_NO_FILES } from '../../domain/privacy/erasure.ts';
import { LakeliftError } from '../../errors.ts';
import type { ListedObject, TargetObjectStore } from '../../ports/target-object-store.ts';
import { unpacked } from '../dsn/unpacked.ts';
import type { ZoneTarget } from '../plan/plan-context.ts';

export interface DsnObjectsRequest {
  readonly path: PathMapping;
  readonly zone: ZoneTarget;
  readonly store: Pick<TargetObjectStore, 'listObjects'>;
  readonly signal: AbortSignal;
}

export interface NamedObject extends ListedObject {
  /** Below the folder. */
  readonly name: string;
}

export interface DsnObjects {
  readonly files: readonly NamedObject[];
  /** Left out by their names, as engines do. */
  readonly hidden: readonly NamedObject[];
}

/** Objects below a folder of DSN files. Throws `usage` where no DSN file is. */
export async function listDsnObjects(request: DsnObjectsRequest): Promise<DsnObjects> {
  const found = await listFolder(request);
  if (found.files.length > 0) return found;
  const { path, zone } = request;
  const subject = `s3://${zone.bucket}/${joinKey(zone.prefix, path.target.prefix)}/`;
  throw new LakeliftError(`${subject} holds no DSN file`, {
    kind: 'usage',
    code: DSN_NO_FILES,
    subject,
    hint: 'Run the use case first; "lakelift status" says how far it is.',
  });
}

/** The same, and nothing where nothing is. */
export async function listFolder({ path, zone, store, signal }: DsnObjectsRequest): Promise<DsnObjects> {
  const prefix = `${joinKey(zone.prefix, path.target.prefix)}/`;
  const files: NamedObject[] = [];
  const hidden: NamedObject[] = [];
  for await (const object of store.listObjects(zone.bucket, prefix, signal)) {
    const name = object.key.slice(prefix.length);
    const isShown = name.split('/').every((part) => rulingOnTableEntry(part) === undefined);
    (isShown ? files : hidden).push({ ...object, name });
  }
  return { files, hidden };
}

export interface DsnObjectRequest {
  readonly object: NamedObject;
  readonly zone: ZoneTarget;
  readonly store: Pick<TargetObjectStore, 'readObject'>;
  readonly signal: AbortSignal;
}

/** Its bytes, unpacked where it is packed. */
export function readDsnObject({ object, zone, store, signal }: DsnObjectRequest): AsyncGenerator<Uint8Array> {
  return unpacked(object.name, contentOf());
  async function* contentOf(): AsyncGenerator<Uint8Array> {
    yield* await store.readObject({ bucket: zone.bucket, key: s3Key(object.key) }, signal);
  }
}
