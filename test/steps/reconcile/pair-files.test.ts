import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareUtf8 } from '../../../src/domain/utf8-order.ts';
import { outermost, pairFiles, type BucketObject } from '../../../src/steps/reconcile/pair-files.ts';
import { fileItem } from '../../contracts/ledger.ts';

async function* listed(keys: readonly string[]): AsyncGenerator<BucketObject> {
  for (const key of keys) yield { bucket: 'raw', key, sizeBytes: 1, etag: 'e' };
}

describe('pairFiles', () => {
  it('meets every file and every object once, and pairs those of one key', async () => {
    const key = fc.string({ unit: fc.constantFrom('a', 'b', '/', '-', '\uffee', '😀'), minLength: 1, maxLength: 4 });
    const keys = fc.uniqueArray(key).map((list) => list.sort(compareUtf8));
    await fc.assert(
      fc.asyncProperty(keys, keys, async (planned, present) => {
        const items = planned.map((name) => fileItem(name));
        const seen: string[] = [];
        for await (const { file, object } of pairFiles(items, listed(present))) {
          const name = file?.target.key ?? object!.key;
          expect(object === undefined).toBe(!present.includes(name));
          expect(file === undefined).toBe(!planned.includes(name));
          seen.push(name);
        }
        expect(seen).toEqual([...new Set([...planned, ...present])].sort(compareUtf8));
      }),
    );
  });
});

describe('outermost', () => {
  it('leaves out roots inside others, so that no object is listed twice', () => {
    const root = (bucket: string, prefix: string) => ({ scope: prefix, bucket, prefix });
    const roots = [root('raw', 'rh/a/'), root('raw', 'rh/'), root('raw-2', 'rh/'), root('raw', 'rh-b/')];
    expect(outermost(roots).map(({ bucket, prefix }) => `${bucket}/${prefix}`)).toEqual([
      'raw-2/rh/',
      'raw/rh-b/',
      'raw/rh/',
    ]);
  });
});
