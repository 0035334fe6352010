import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ErasureRecord } from '../../src/domain/privacy/erasure.ts';
import { pseudonym } from '../../src/domain/privacy/pseudonym.ts';
import type { ServingImport } from '../../src/domain/serving/serving-import.ts';
import type { AccessPattern } from '../../src/generate/dynamodb/access-patterns.ts';
import type { TargetObjectStore } from '../../src/ports/target-object-store.ts';
import { faultsOf, medianMultiple, percentiles, plannedReads, queryOf } from '../generate/dynamodb/planned-reads.ts';
import { readItems, type Item, type Read, type Reading } from '../generate/dynamodb/read-items.ts';
import { ServedTable } from '../generate/dynamodb/served-table.ts';
import type { Machine } from '../generate/step-functions/run-states.ts';
import type { StackAddresses } from '../stack/stack.ts';
import type { TestProject } from './project.ts';

/** Reads of one kind, from all over its items. */
const MOST_READS = 12;
/** That one of its kind may take as long as. The emulator looks through the whole table for a query, which DynamoDB does not: 7 to 46 were seen. */
const MOST_BARE_READS = { GetItem: 4, Query: 120 } as const;

/** A project whose use case is migrated, built and generated. */
export interface FieldSales {
  readonly project: TestProject;
  readonly stack: StackAddresses;
  /** Where its zones are. */
  readonly store: TargetObjectStore;
  /** The key of its pseudonyms, in hexadecimal digits. */
  readonly key: string;
}

/** Commands make the files and the template, the emulator of DynamoDB imports them, and AWS's own client reads. */
export function servedFieldSales(id: string, open: () => FieldSales): void {
  describe('and the application of the sales force, in the emulator of DynamoDB', () => {
    let served: ServedTable;
    let made: ServingImport;
    let table: string;
    let patterns: readonly AccessPattern[];
    let items: readonly Item[];

    beforeAll(async () => {
      served = new ServedTable(open().stack, id);
      made = await serve();
      await refresh();
      ({ patterns } = generated('access-patterns.json') as { readonly patterns: readonly AccessPattern[] });
      table = await served.inUse();
      items = await served.items(table);
    }, 240_000);

    const generated = (name: string): unknown =>
      JSON.parse(readFileSync(join(open().project.root, 'generated', id, 'dynamodb', name), 'utf8'));
    const refresh = (): Promise<void> =>
      served.refresh(generated('refresh.json') as Machine, { made, store: open().store });
    const read = (reads: readonly Read[]): Promise<Reading[]> => readItems(open().stack, { table, reads });

    async function lakelift<Answer>(...args: readonly string[]): Promise<Answer> {
      const { code, stdout, stderr } = await open().project.lakelift(...args, '--json');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return JSON.parse(stdout) as Answer;
    }
    const serve = (): Promise<ServingImport> => lakelift<ServingImport>('serve', id);

    it('has every item that was made, in the table and with the indexes of its template, and nobody by name', async () => {
      expect(table).toBe(`lakelift-${id}-serving-${made.version}`);
      const counts = Map.groupBy(items, ({ dataset }) => dataset!.S!);
      expect(Object.fromEntries([...counts].map(([name, all]) => [name, all.length]))).toEqual(made.datasets);
      const { Table } = await served.call('DescribeTable', { TableName: table });
      const { GlobalSecondaryIndexes: indexes } = Table as { readonly GlobalSecondaryIndexes: { IndexName: string }[] };
      expect(indexes.map(({ IndexName }) => IndexName).sort()).toEqual(['commercial', 'secteur']);
      const columns = new Set(items.flatMap(Object.keys));
      for (const name of ['nom', 'prenom', 'email', 'telephone', 'commune', 'compte_rendu'])
        expect(columns).not.toContain(name);
    });

    it('is read in each way that is declared, in as many requests as the plan says, and all is found', async () => {
      expect(patterns.map(({ dataset, index, operation }) => [dataset, index, operation])).toEqual([
        ['prospects', null, 'GetItem'],
        ['prospects', 'secteur', 'Query'],
        ['visites', null, 'GetItem'],
        ['visites', null, 'Query'],
        ['visites', 'commercial', 'Query'],
      ]);
      const planned = patterns.flatMap((pattern) => {
        const all = plannedReads(pattern, items);
        const step = Math.ceil(all.length / MOST_READS);
        return all.filter((_, at) => at % step === 0);
      });
      expect(new Set(planned.map(({ pattern }) => pattern)).size).toBe(patterns.length);
      const readings = await read(planned.map((one) => one.read));
      planned.forEach(({ pattern, expected }, at) => {
        expect(faultsOf(pattern, readings[at]!)).toEqual([]);
        expect(sorted(readings[at]!)).toEqual(sorted({ items: expected }));
      });
      for (const pattern of patterns) {
        const own = readings.filter((_, at) => planned[at]!.pattern === pattern);
        const way = `${pattern.operation} of ${pattern.index ?? 'the table'}, ${pattern.dataset}`;
        console.info(`${way}: ${percentiles(own)}`);
        expect(medianMultiple(own)).toBeLessThan(MOST_BARE_READS[pattern.operation]);
      }
    });

    const sorted = ({ items: some }: Pick<Reading, 'items'>): string[] =>
      some.map(({ pk, sk }) => `${pk!.S} ${sk!.S}`).sort();

    it('loses a person from the table in use and from the files of its import, with a proof, and no refresh brings them back', async () => {
      const [them, theirs] = [...Map.groupBy(items, ({ pk }) => pk!.S!)].toSorted(
        ([, a], [, b]) => b.length - a.length,
      )[0]!;
      expect(theirs.length).toBeGreaterThan(1);
      const { project, key } = open();
      const pseudonymOf = (value: number): string =>
        pseudonym({ domain: 'commerce', version: 1 }, Buffer.from(key, 'hex'), 'text', String(value));
      const number = Array.from({ length: 1500 }, (_, at) => at + 1).find(
        (one) => `PROSPECT#${pseudonymOf(one)}` === them,
      );
      const file = join(project.root, 'prospect.txt');
      writeFileSync(file, `text ${number}\n`);
      const erase = (...args: string[]): Promise<ErasureRecord> => lakelift('erase', id, '--from', file, ...args);
      const figures = (itemsBefore: number, itemsErased: number) => ({
        ...{ itemsBefore, itemsErased, itemsAfter: itemsBefore - itemsErased },
      });
      const found = figures(items.length, theirs.length);
      const location = `s3://${made.bucket}/${made.prefix}`;
      const erasedFrom = [
        { kind: 'serving-files', location, ...found },
        { kind: 'serving-table', location: table, ...found },
      ];
      expect((await erase()).served).toEqual(erasedFrom);
      expect(await served.items(table)).toHaveLength(items.length);

      const record = await erase('--yes');
      expect(record).toMatchObject({
        isDone: true,
        endedAt: expect.any(String) as string,
        served: erasedFrom,
        publishedNotErased: [],
      });
      const reads: Read[] = [
        queryOf(undefined, them),
        ...theirs.map(({ pk, sk }): Read => ({ operation: 'GetItem', request: { Key: { pk, sk } } })),
      ];
      for (const reading of await read(reads)) expect(reading.items).toEqual([]);
      const left = items.filter((item) => !theirs.includes(item));
      expect(sorted({ items: await served.items(table) })).toEqual(sorted({ items: left }));

      // The version is in use, and stays as it is.
      await refresh();
      expect(await served.inUse()).toBe(table);
      expect(await served.items(table)).toHaveLength(left.length);
      // What is erased from imports whole: as many items as are said to be the latest.
      await served.forget();
      await refresh();
      expect(sorted({ items: await served.items(await served.inUse()) })).toEqual(sorted({ items: left }));

      const next = await serve();
      expect([next.version === made.version, next.items]).toEqual([false, left.length]);
      await refresh();
      const nextTable = await served.inUse();
      expect(nextTable).toBe(`lakelift-${id}-serving-${next.version}`);
      const again = await erase('--yes');
      expect(again.served.map((one) => [one.location, one.itemsBefore, one.itemsErased])).toEqual(
        expect.arrayContaining([table, nextTable].map((name) => [name, left.length, 0])),
      );
      expect(again.isDone).toBe(true);
    }, 600_000);
  });
}
