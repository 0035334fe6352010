import type { FileItem } from '../../domain/plan.ts';
import { compareUtf8 } from '../../domain/utf8-order.ts';
import type { ListedObject, TargetObjectStore } from '../../ports/target-object-store.ts';

/** A prefix of a bucket below which everything belongs to one table or path. */
export interface TargetRoot {
  readonly scope: string;
  readonly bucket: string;
  /** Ends with a slash; empty for a whole bucket. */
  readonly prefix: string;
}

export interface BucketObject extends ListedObject {
  readonly bucket: string;
}

export type Pairing =
  | { readonly file: FileItem; readonly object: BucketObject | undefined }
  | { readonly file: undefined; readonly object: BucketObject };

/**
 * Merges planned files with what the store lists, both in order of UTF-8 bytes of `bucket/key`, holding one of each. Files outside the
 * listed roots come without an object.
 */
export async function* pairFiles(
  files: Iterable<FileItem>,
  objects: AsyncIterable<BucketObject>,
): AsyncGenerator<Pairing> {
  const planned = files[Symbol.iterator]();
  let file = planned.next();
  for await (const object of objects) {
    const address = `${object.bucket}/${object.key}`;
    while (file.done !== true && compareUtf8(addressOf(file.value), address) < 0) {
      yield { file: file.value, object: undefined };
      file = planned.next();
    }
    if (file.done !== true && addressOf(file.value) === address) {
      yield { file: file.value, object };
      file = planned.next();
    } else yield { file: undefined, object };
  }
  for (; file.done !== true; file = planned.next()) yield { file: file.value, object: undefined };
}

function addressOf({ target }: FileItem): string {
  return `${target.bucket}/${target.key}`;
}

/** Everything below the roots, each object once, in order of UTF-8 bytes of `bucket/key`. `onError` is told of a root that cannot be listed. */
export async function* listRoots(
  store: Pick<TargetObjectStore, 'listObjects'>,
  roots: readonly TargetRoot[],
  { signal, onError }: { readonly signal: AbortSignal; readonly onError: (root: TargetRoot, error: unknown) => void },
): AsyncGenerator<BucketObject> {
  for (const root of outermost(roots)) {
    try {
      for await (const object of store.listObjects(root.bucket, root.prefix, signal)) {
        yield { ...object, bucket: root.bucket };
      }
    } catch (error) {
      onError(root, error);
    }
  }
}

/** Roots that lie in no other, in the order their objects have. */
export function outermost(roots: readonly TargetRoot[]): TargetRoot[] {
  const sorted = [...roots].sort((a, b) => compareUtf8(uriOf(a), uriOf(b)));
  const kept: TargetRoot[] = [];
  for (const root of sorted) {
    const last = kept.at(-1);
    if (last === undefined || !uriOf(root).startsWith(uriOf(last))) kept.push(root);
  }
  return kept;
}

function uriOf({ bucket, prefix }: TargetRoot): string {
  return `${bucket}/${prefix}`;
}

/** Whose object this is: the innermost root that holds it. */
export function scopeOf(roots: readonly TargetRoot[], object: BucketObject): string {
  const holding = roots.filter(({ bucket, prefix }) => bucket === object.bucket && object.key.startsWith(prefix));
  return holding.reduce((best, root) => (root.prefix.length > best.prefix.length ? root : best), holding[0]!).scope;
}
