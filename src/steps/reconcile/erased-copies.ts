import { s3Key } from '../../domain/names.ts';
import type { ComparedObject } from '../../domain/object-comparison.ts';
import type { ObjectSum } from '../../domain/object-metadata.ts';
import { ERASURE_SCHEMA, type ErasureRecord, type RawObject } from '../../domain/privacy/erasure.ts';
import type { ReconcileRequest } from './reconcile-context.ts';

/**
 * Objects that people were erased from, as the records of these erasures have them: from the bytes that stand to those that were copied, erasure by erasure. An object's own word is
 * not taken for it.
 */
export class ErasedCopies {
  readonly #request: Pick<ReconcileRequest, 'store' | 'signal'>;
  readonly #buckets: ReadonlySet<string>;
  /** Of all records of a folder, by the bytes that an erasure left: several objects may end alike. */
  readonly #folders = new Map<string, Promise<ReadonlyMap<string, readonly Erased[]>>>();
  /** By scope and partition. */
  readonly #rows = new Map<string, bigint>();

  /** Of buckets that files of the use case are copied to: records elsewhere are nobody's. */
  constructor(request: Pick<ReconcileRequest, 'store' | 'signal'>, buckets: ReadonlySet<string>) {
    this.#request = request;
    this.#buckets = buckets;
  }

  /** Rows that went, from what was copied to what stands, by the records beside the last one (`s3://bucket/key`, percent-encoded); undefined where these do not lead there. */
  async rowsGone(record: string, copied: ObjectSum, standing: ComparedObject): Promise<number | undefined> {
    const [, bucket = '', folder] = RECORD.exec(plain(record)) ?? [];
    if (folder === undefined || !this.#buckets.has(bucket)) return undefined;
    const place = `${bucket}/${folder}`;
    let erasures = this.#folders.get(place);
    if (erasures === undefined) this.#folders.set(place, (erasures = this.#read(bucket, folder)));
    return rowsBetween(sumText(copied), sumText(standing), await erasures);
  }

  add(scope: string, partition: string | undefined, rows: number): void {
    const place = placeOf(scope, partition);
    this.#rows.set(place, (this.#rows.get(place) ?? 0n) + BigInt(rows));
  }

  /** Rows that were erased from a table, or from one of its partitions, of the objects that were found. */
  rowsOf(scope: string, partition: string | undefined): bigint {
    return this.#rows.get(placeOf(scope, partition)) ?? 0n;
  }

  async #read(bucket: string, folder: string): Promise<ReadonlyMap<string, readonly Erased[]>> {
    const { store, signal } = this.#request;
    const found = new Map<string, Erased[]>();
    for await (const { key } of store.listObjects(bucket, folder, signal)) {
      const pieces = await Array.fromAsync(await store.readObject({ bucket, key: s3Key(key) }, signal));
      for (const { replaced, rows } of objectsOf(Buffer.concat(pieces).toString()))
        if (replaced !== undefined) {
          const after = sumText(replaced.after);
          found.set(after, [...(found.get(after) ?? []), { before: sumText(replaced.before), rows }]);
        }
    }
    return found;
  }
}

/** Where erasures keep their records, below the prefix of the zone. */
const RECORD = /^s3:\/\/([^/]+)\/((?:.+\/)?_audit\/[^/]+\/erasures\/)[^/]+$/s;

interface Erased {
  readonly before: string;
  readonly rows: number;
}

/** Rows that erasures took from the one to the other; undefined where none of them lead there. */
function rowsBetween(
  copied: string,
  standing: string,
  known: ReadonlyMap<string, readonly Erased[]>,
): number | undefined {
  const seen = new Set<string>();
  const open = [{ at: standing, rows: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { at, rows } = next;
    if (at === copied) return rows;
    if (seen.has(at)) continue;
    seen.add(at);
    for (const { before, rows: gone } of known.get(at) ?? []) open.push({ at: before, rows: rows + gone });
  }
  return undefined;
}

function plain(record: string): string {
  try {
    return decodeURI(record);
  } catch {
    return record;
  }
}

/** Nothing where it is no record, whoever has put it there. */
function objectsOf(text: string): readonly RawObject[] {
  try {
    const said = JSON.parse(text) as ErasureRecord;
    return said.schema === ERASURE_SCHEMA ? said.raw.flatMap(({ objects }) => objects) : [];
  } catch {
    return [];
  }
}

function sumText({ sizeBytes, crc32c }: Pick<ComparedObject, 'sizeBytes' | 'crc32c'>): string {
  return `${sizeBytes} ${crc32c ?? ''}`;
}

function placeOf(scope: string, partition: string | undefined): string {
  return partition === undefined ? scope : `${scope}\0${partition}`;
}
