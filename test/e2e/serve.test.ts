import { DuckDBInstance } from '@duckdb/node-api';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crcOf, crcToBase64 } from '../../src/domain/checksum/crc.ts';
import { s3Key, type UseCaseId } from '../../src/domain/names.ts';
import { servedFrom } from '../../src/domain/serving/serving-place.ts';
import type { ErasureRecord } from '../../src/domain/privacy/erasure.ts';
import { pseudonym } from '../../src/domain/privacy/pseudonym.ts';
import type { ServingImport } from '../../src/domain/serving/serving-import.ts';
import { mapping, openSandboxProject, script, type SandboxProject } from './sandbox-project.ts';

const KEY = 'c3'.repeat(32);

let project: SandboxProject;
beforeAll(async () => {
  project = await openSandboxProject({
    migrations: { 'field-sales': script('field-sales') },
    mappings: { 'field-sales': mapping('field-sales') },
    environment: { LAKELIFT_KEY_COMMERCE: KEY },
    change: (config) => ({ ...config, privacy: { keys: { commerce: { version: 1, env: 'LAKELIFT_KEY_COMMERCE' } } } }),
  });
  const datasets = readFileSync(join(import.meta.dirname, '../../mappings/field-sales.datasets.yaml'), 'utf8');
  writeFileSync(join(project.root, 'mappings/field-sales.datasets.yaml'), datasets);
  await project.run('field-sales');
});
afterAll(() => project.close());

const NO_TABLES = { kind: 'serving-tables', location: 'lakelift-field-sales-serving-*', reason: 'NO_DYNAMODB' };

const read = async (key: string): Promise<Buffer> => {
  const pieces = await Array.fromAsync(await project.store.readObject({ bucket: 'sandbox-cleaned', key: s3Key(key) }));
  return Buffer.concat(pieces);
};

const erase = (who = 'text nobody') => {
  const file = join(project.root, 'person.txt');
  writeFileSync(file, `${who}\n`);
  return project.lakelift('erase', 'field-sales', '--from', file, '--yes', '--json');
};

type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string; readonly BOOL?: boolean }>>;
interface ItemMapper {
  readonly rowOf: (item: Item) => {
    readonly dataset: string;
    readonly row: Readonly<Record<string, string | boolean | undefined>>;
  };
  readonly keyOf: (dataset: string, row: object, index?: string) => Item | undefined;
}

/** By the compiler, as strict as an application may have it. */
function faultsOfTypes(file: string): string[] {
  const options = { strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, noEmit: true };
  const program = ts.createProgram([file], { ...options, target: ts.ScriptTarget.ES2024, types: [] });
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

/** As it stands, every value as text. */
async function rowsOfDataset(name: string): Promise<(string | null)[][]> {
  const file = join(project.root, `${name}.parquet`);
  writeFileSync(file, await read(`cleaned_commerce/${name}/part-00000.parquet`));
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    const found = await connection.runAndReadAll(`SELECT CAST(COLUMNS(*) AS varchar) FROM '${file}'`);
    return found.getRowsJson() as (string | null)[][];
  } finally {
    connection.closeSync();
  }
}

const byText = (one: unknown, other: unknown): number => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);

describe('lakelift serve', () => {
  it('asks for the datasets to be built first', async () => {
    expect(await project.lakelift('serve', 'field-sales')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('DATASET_MISSING') as string,
    });
  });

  it('has an erasure name the tables, which it cannot ask for here, before anything was served', async () => {
    expect(await project.lakelift('zones', 'build', 'field-sales')).toMatchObject({ code: 0 });
    const erased = await erase();
    expect(erased.code).toBe(3);
    expect(JSON.parse(erased.stdout)).toMatchObject({
      isDone: false,
      served: [],
      publishedNotErased: [NO_TABLES],
    });
  });

  it('writes the items of the datasets of a use case, the same again for the same rows', async () => {
    expect(await project.lakelift('zones', 'build', 'field-sales')).toMatchObject({ code: 0 });
    const { code, stdout, stderr } = await project.lakelift('serve', 'field-sales', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const made = JSON.parse(stdout) as ServingImport;
    expect(made).toMatchObject({ bucket: 'sandbox-cleaned', datasets: { prospects: 1500, visites: 1152 } });
    // The rule that deletes old versions names this folder.
    expect(made.prefix).toBe(`_serving/field-sales/items/${made.version}/`);
    const again = await project.lakelift('serve', 'field-sales', '--json');
    expect(JSON.parse(again.stdout)).toEqual(made);

    const file = await read(`${made.prefix}prospects.json.gz`);
    const lines = gunzipSync(file).toString().trimEnd().split('\n');
    expect(lines).toHaveLength(1500);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      Item: {
        dataset: { S: 'prospects' },
        pk: { S: expect.stringMatching(/^PROSPECT#v1\.[0-9a-f]{32}$/) as string },
        sk: { S: 'FICHE' },
        score: { N: expect.stringMatching(/^\d+$/) as string },
      },
    });
  });

  it('generates what an application reads items with: each is the row of its dataset again, and found by its key', async () => {
    expect(await project.lakelift('generate', 'field-sales')).toMatchObject({ code: 0 });
    const mapper = join(project.root, 'generated/field-sales/dynamodb/items.ts');
    expect(faultsOfTypes(mapper)).toEqual([]);
    const { rowOf, keyOf } = (await import(mapper)) as ItemMapper;
    const { prefix, datasets } = JSON.parse(
      (await read('_serving/field-sales/latest.json')).toString(),
    ) as ServingImport;
    for (const name of Object.keys(datasets)) {
      const lines = gunzipSync(await read(`${prefix}${name}.json.gz`))
        .toString()
        .trimEnd()
        .split('\n');
      const items = lines.map((line) => (JSON.parse(line) as { Item: Item }).Item);
      const rows = items.map((item) => rowOf(item));
      expect(new Set(rows.map(({ dataset }) => dataset))).toEqual(new Set([name]));
      const texts = rows.map(({ row }) =>
        Object.values(row).map((value) => (value === undefined ? null : String(value))),
      );
      expect(texts.toSorted(byText)).toEqual((await rowsOfDataset(name)).toSorted(byText));
      for (const [at, item] of items.entries())
        expect(keyOf(name, rows[at]!.row)).toEqual({ pk: item['pk'], sk: item['sk'] });
    }
    const [index, row] = ['commercial', { id_commercial: 'a#1%', date_visite: '2024-01-02', id_visite: '7' }] as const;
    expect(keyOf('visites', row, index)).toEqual({
      commercial_pk: { S: 'COMMERCIAL#a%231%25' },
      commercial_sk: { S: 'VISITE#2024-01-02#7' },
    });
    expect(keyOf('visites', { ...row, id_visite: undefined }, index)).toBe(undefined);
    expect(() => keyOf('visites', row, 'secteur')).toThrow('has no index');
    expect(() => rowOf({ dataset: { S: 'salaires' } })).toThrow('no item of a dataset that is served');
  });

  it('notes the scheme of pseudonyms, and writes files that an erasure takes a person out of', async () => {
    const latest = async () => JSON.parse((await read('_serving/field-sales/latest.json')).toString()) as ServingImport;
    const made = await latest();
    expect(made.pseudonyms).toBe('hmac-sha256-128 commerce v1');
    const them = pseudonym({ domain: 'commerce', version: 1 }, Buffer.from(KEY, 'hex'), 'text', '7');
    const linesOf = async (name: string) => gunzipSync(await read(`${made.prefix}${name}.json.gz`)).toString();
    expect(await linesOf('prospects')).toContain(`PROSPECT#${them}`);
    const { code, stdout } = await erase('text 7');
    expect(code).toBe(3);
    const { served, publishedNotErased } = JSON.parse(stdout) as ErasureRecord;
    const location = `s3://sandbox-cleaned/${made.prefix}`;
    const [files] = served;
    expect(served).toEqual([
      {
        kind: 'serving-files',
        location,
        itemsBefore: 2652,
        itemsErased: 2652 - files!.itemsAfter!,
        itemsAfter: files!.itemsAfter,
      },
    ]);
    expect(files!.itemsErased).toBeGreaterThan(0);
    expect(publishedNotErased).toEqual([NO_TABLES]);
    for (const name of ['prospects', 'visites']) expect(await linesOf(name)).not.toContain(them);
    expect(await latest()).toMatchObject({ version: made.version, items: files!.itemsAfter });
    // Built without the person, the items are another version, and as many.
    const again = await project.lakelift('serve', 'field-sales', '--json');
    const next = JSON.parse(again.stdout) as ServingImport;
    expect(next.version).not.toBe(made.version);
    expect(next.items).toBe(files!.itemsAfter);
  });

  it('leaves alone what somebody else put where the latest version is named', async () => {
    const { latest } = servedFrom('field-sales' as UseCaseId, { prefix: '' });
    const address = { bucket: 'sandbox-cleaned', key: s3Key(latest) };
    const ours = (await project.store.findObject(address))!;
    const body = Buffer.from('theirs');
    const crc32c = crcToBase64(crcOf('CRC32C').sum(body));
    const condition = { kind: 'if-match', etag: ours.etag } as const;
    const { etag } = await project.store.putObject({ address, body, crc32c, metadata: {}, condition });
    const { stderr } = await project.lakelift('serve', 'field-sales');
    expect(stderr).toContain('SERVING_FOREIGN');
    expect(await project.store.findObject(address)).toMatchObject({ etag });
  });

  it('says where nothing is served', async () => {
    const path = join(project.root, 'mappings/field-sales.datasets.yaml');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^ {4}serving:\n( {6}.*\n)+/gm, ''));
    const { code, stderr } = await project.lakelift('serve', 'field-sales', '--lang', 'fr');
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('NOTHING_SERVED') as string });
  });
});
