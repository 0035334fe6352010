import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DuckDbDatasetEngine } from '../../../src/adapters/duckdb/duckdb-dataset-engine.ts';
import { TargetLake } from '../../../src/adapters/duckdb/target-lake.ts';
import type { ColumnMapping, TableMapping } from '../../../src/domain/mapping.ts';
import type { UseCaseId } from '../../../src/domain/names.ts';
import type { Dataset } from '../../../src/domain/privacy/dataset.ts';
import { functionCalls } from '../../../src/domain/privacy/function-figures.ts';
import type { PseudonymScheme } from '../../../src/domain/privacy/pseudonym.ts';
import { smallObjectNames } from '../../../src/domain/privacy/small-object-name.ts';
import { expiredObjectsSql } from '../../../src/generate/gdpr/retention.ts';
import { smallFileFunctions } from '../../../src/generate/lambda/small-files.ts';
import { buildDataset, type KeyedScheme } from '../../../src/steps/zones/build-dataset.ts';
import { rotateSmallFiles } from '../../../src/steps/zones/rotate-small-files.ts';
import { aDataset } from '../../domain/privacy/a-dataset.ts';
import { calls, result } from '../../steps/zones/function-results.ts';
import { blueprintOf } from '../blueprint.ts';
import { openFunctionWorld } from './function-world.ts';
import { deployed, differences, invokeFunction, linesOf, type Invoked, type Outcome } from './invoke.ts';
import { COLUMNS, LINES as ROWS, PARTITION } from './people-lines.ts';

const stack = inject('stack');
const { signal } = new AbortController();
const KEY = 'b2'.repeat(32);
/** Beside others' on a shared stack. */
const SECRET = `lakelift/${randomUUID()}`;
const SCHEME = { domain: 'rh', version: 1 };

const PUBLIC_ID: (typeof COLUMNS)[string] = ['int', { class: 'public' }];
const PUBLIC_TEXT: (typeof COLUMNS)[string] = ['string', { class: 'public' }];
/** Read as Hive reads them, and told. */
const ILL_TYPED = ['5x|1|1985-13-13|75011|2|douze|x|y|300|oui|2024-02-30|hier|é|'];
/** Hive reads them with NULL for what they lack, and without what they have beyond the columns. */
const OF_OTHER_COUNT = ['trop|court', `${ROWS[0]!}|trop`];

describe.skipIf(stack === undefined)('A function for small files, by Python and boto3 on the real stack', () => {
  const name = `sf_${randomUUID().slice(0, 8)}`;
  const [rawBucket, cleanedBucket] = [`${name.replace('_', '-')}-raw`, `${name.replace('_', '-')}-cleaned`];
  const { region, credentials, s3, store, catalog, trino, folder, keysBelow, body, close } = openFunctionWorld(
    stack,
    name,
  );
  const place = (key: string) => `people/annee=2024/${key}`;
  const put = (key: string, body: string | Uint8Array) =>
    s3.send(new PutObjectCommand({ Bucket: rawBucket, Key: key, Body: Buffer.from(body) }));

  beforeAll(async () => {
    for (const bucket of [rawBucket, cleanedBucket]) await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    for (const database of [`raw_${name}`, `cleaned_${name}`]) await catalog.createDatabase(database, 'test');
    await table('people', COLUMNS, 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe', {
      'field.delim': '|',
      'serialization.format': '|',
    });
  });
  afterAll(close);

  async function table(
    tableName: string,
    columns: typeof COLUMNS,
    serdeLibrary: string,
    serdeParameters: Record<string, string> = {},
  ): Promise<void> {
    const location = `s3://${rawBucket}/${tableName}/`;
    const storage = {
      columns: Object.entries(columns).map(([each, [type]]) => ({ name: each, type, comment: undefined })),
      location,
      inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
      outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
      serdeLibrary,
      serdeParameters,
      isCompressed: false,
      bucketCount: 0,
      bucketColumns: [],
      sortColumns: [],
    };
    await catalog.createTable({
      database: `raw_${name}`,
      name: tableName,
      type: 'EXTERNAL_TABLE',
      description: undefined,
      owner: undefined,
      partitionKeys: [{ name: PARTITION[0], type: PARTITION[1], comment: undefined }],
      storage,
      parameters: { EXTERNAL: 'TRUE' },
    });
    const partition = { values: ['2024'], storage: { ...storage, location: `${location}annee=2024/` }, parameters: {} };
    await catalog.createPartitions({ database: `raw_${name}`, name: tableName }, [partition]);
  }

  function mappingOf(tableName: string, columns: Readonly<Record<string, ColumnMapping>>): TableMapping {
    return {
      target: { zone: 'raw', database: `raw_${name}`, table: tableName },
      storage: 'keep',
      partitions: { offPath: 'relocate', missingFolder: 'register-empty' },
      columns: { ...columns, annee: { class: 'technical' } },
      reconcile: { level: 'rows' },
    };
  }
  const PEOPLE = Object.fromEntries(Object.entries(COLUMNS).map(([each, [, mapped]]) => [each, mapped]));

  const datasetOf = (over: Partial<Dataset> & { readonly name: string }): Dataset =>
    aDataset({
      from: 'rh.people',
      target: { zone: 'cleaned', database: `cleaned_${name}`, table: over.name },
      ...over,
    });

  /** The generated function of a dataset, as its folder would be deployed. */
  async function generated(
    dataset: Dataset,
    mapping: TableMapping,
    scheme: PseudonymScheme | 'none' = SCHEME,
  ): Promise<string> {
    const blueprint = await blueprintOf('absences');
    const files = smallFileFunctions({
      ...blueprint,
      mapping: { ...blueprint.mapping, tables: { [dataset.from]: mapping } },
      datasets: { useCase: 'absences', pseudonyms: scheme === 'none' ? undefined : scheme, datasets: [dataset] },
      zones: { raw: { bucket: rawBucket, prefix: '' }, cleaned: { bucket: cleanedBucket, prefix: 'lake' } },
    });
    return deployed(files, folder, dataset.name);
  }

  async function invoke(functionFolder: string, ...events: readonly unknown[]): Promise<Invoked> {
    return invokeWith(KEY, functionFolder, events);
  }

  async function invokeWith(
    key: string,
    functionFolder: string,
    events: readonly unknown[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Invoked> {
    return invokeFunction(stack!, { folder: functionFolder, secret: SECRET, key, events, environment });
  }

  const written = (dataset: Dataset, { source }: Outcome) =>
    body(cleanedBucket, `lake/cleaned_${name}/${dataset.name}_small_files/${source}.jsonl.gz`);

  /** Between what `zones build` makes of what lies in the table now, and the function. */
  async function differencesOf(
    dataset: Dataset,
    mapping: TableMapping,
    packed: Buffer,
    pseudonyms: KeyedScheme = { ...SCHEME, keys: new Map([[SCHEME.version, Buffer.from(KEY, 'hex')]]) },
  ): Promise<unknown[][]> {
    const engine = new DuckDbDatasetEngine(new TargetLake(catalog, store));
    const sources = { tables: { [dataset.from]: mapping }, paths: {} };
    const built = await buildDataset({ dataset, mapping: sources, made: new Map(), engine, pseudonyms, signal });
    return differences(built, packed, folder);
  }

  it('gives the rows that "zones build" gives, types and treatments alike, and Trino reads them', async () => {
    const dataset = datasetOf({ name: 'people' });
    await put(place('000000_0'), [...ROWS, ...ILL_TYPED, ''].join('\n'));
    const { answers, log } = await invoke(await generated(dataset, mappingOf('people', PEOPLE)), {
      bucket: rawBucket,
      key: place('000000_0'),
    });
    const [outcome] = answers[0]!.objects!;
    expect(outcome).toMatchObject({ status: 'written', rows: ROWS.length + 1, suppressedRows: 0 });
    // As the privacy report of what stands reads it, where Step Functions has written it down.
    const [call] = functionCalls(
      calls(result({ key: place('000000_0'), at: '2026-11-26T08:00:00Z', answer: outcome! })),
    );
    const { source, rows, sourceRows, suppressedRows, inQuarantine } = outcome!;
    expect(call!.answer).toMatchObject({ source, rows, sourceRows, suppressedRows, inQuarantine });
    const packed = await written(dataset, outcome!);
    expect(await differencesOf(dataset, mappingOf('people', PEOPLE), packed)).toEqual([]);

    const found = await trino.query(
      `SELECT id, nir, CAST(taux AS varchar), CAST(vu AS varchar), libelle, annee, lakelift_source FROM cleaned_${name}.people_small_files WHERE id = 1`,
    );
    const [line] = linesOf(packed).filter(({ id }) => id === 1);
    expect(found).toEqual([
      ['1', line!['nir'], '1.005', '2024-01-31 10:00:00.500', 'été à Zürich', '2024', outcome!.source],
    ]);
    const said = JSON.stringify(answers) + log;
    for (const value of ['1850578006084', '75011', '2499.99', 'Zürich', 'douze', '000000_0', KEY])
      expect(said).not.toContain(value);
  });

  it('goes on from an earlier key as "zones build" does, by the very versions of secrets that it is told', async () => {
    const scheme = { ...SCHEME, version: 2, from: [1] };
    const next = 'c3'.repeat(32);
    const secrets = new SecretsManagerClient({ region, endpoint: stack!.glueEndpoint, credentials });
    const putText = async (id: string, text: string) =>
      (await secrets.send(new PutSecretValueCommand({ SecretId: id, SecretString: text }))).VersionId!;
    const [current, earlier] = [`${SECRET}-2`, `${SECRET}-1`];
    const versions: Record<string, string> = {};
    for (const [id, text] of [
      [current, next],
      [earlier, KEY],
    ] as const) {
      await secrets.send(new CreateSecretCommand({ Name: id, SecretString: 'none yet' }));
      versions[id] = await putText(id, text);
      // What somebody puts there later changes no pseudonym.
      await putText(id, 'dd'.repeat(32));
    }
    secrets.destroy();
    const dataset = datasetOf({ name: 'turned' });
    const mapping = mappingOf('people', PEOPLE);
    await put(place('000000_0'), ROWS.join('\n'));
    const target = await generated(dataset, mapping, scheme);
    const event = { bucket: rawBucket, key: place('000000_0') };
    const environment = {
      LAKELIFT_KEY_SECRET: current,
      LAKELIFT_KEY_SECRET_VERSION: versions[current]!,
      LAKELIFT_EARLIER_KEYS: JSON.stringify([{ version: 1, secret: earlier, secretVersion: versions[earlier] }]),
    };
    const [answer] = (await invokeWith(KEY, target, [event], environment)).answers;
    const packed = await written(dataset, answer!.objects![0]!);
    const hex = (text: string) => Buffer.from(text, 'hex');
    const keys = new Map([
      [1, hex(KEY)],
      [2, hex(next)],
    ]);
    expect(await differencesOf(dataset, mapping, packed, { ...scheme, keys })).toEqual([]);
    expect(linesOf(packed)[0]!['nir'] ?? linesOf(packed)[1]!['nir']).toMatch(/^v2[.]/);
    const [unnamed] = (await invokeWith(KEY, target, [event])).answers;
    expect(unnamed).toEqual({ error: 'RuntimeError', message: expect.stringContaining('key of version 1') as string });
    const [alike] = (
      await invokeWith(KEY, target, [event], {
        ...environment,
        LAKELIFT_KEY_SECRET: earlier,
        LAKELIFT_KEY_SECRET_VERSION: versions[earlier]!,
      })
    ).answers;
    expect(alike).toEqual({
      error: 'RuntimeError',
      message: expect.stringContaining('PSEUDONYM_KEY_SHARED') as string,
    });

    // What it wrote with the earlier key alone is, once rotated, to the byte what it writes with both.
    await invoke(await generated(dataset, mapping), event);
    const before = await written(dataset, answer!.objects![0]!);
    const zone = { bucket: cleanedBucket, prefix: 'lake' };
    const at = { useCase: 'absences' as UseCaseId, dataset, zone, store, catalog, signal };
    const table = { database: `cleaned_${name}`, name: 'turned_small_files' };
    const said = async () => (await catalog.findTable(table))!.table.parameters['lakelift.pseudonyms'];
    // Which of both an object has, only a rotation looks at.
    expect(await said()).toBe('hmac-sha256-128 rh v1; hmac-sha256-128 rh v2 from v1');
    const rotated = await rotateSmallFiles({ ...at, scheme, keys, isConfirmed: true });
    expect(rotated).toMatchObject({ rowsAfter: ROWS.length, left: 0 });
    const after = await written(dataset, answer!.objects![0]!);
    expect(gunzipSync(after)).toEqual(gunzipSync(packed));
    expect(gunzipSync(after)).not.toEqual(gunzipSync(before));
    expect(await said()).toBe('hmac-sha256-128 rh v2 from v1');

    // What is rewritten keeps the date of its source, and retention counts from that.
    const old = `lake/cleaned_${name}/turned_small_files/old.jsonl.gz`;
    const line = `{"id":7,"nir":"v1.${'7'.repeat(32)}","lakelift_source_time":"2019-01-31 10:00:00"}\n`;
    const mark = { 'lakelift-dataset': 'absences/turned' };
    await s3.send(new PutObjectCommand({ Bucket: cleanedBucket, Key: old, Body: gzipSync(line), Metadata: mark }));
    const due = async () => {
      const sql = expiredObjectsSql(dataset, 366);
      const on = (today: string) => trino.query(sql.replace('current_date', `DATE '${today}'`));
      return [await on('2020-01-31'), await on('2020-02-02')];
    };
    const theirs = [[], [[`s3://${cleanedBucket}/${old}`, '1']]];
    expect(await due()).toEqual(theirs);
    const again = await rotateSmallFiles({ ...at, scheme, keys, isConfirmed: true });
    expect(again).toMatchObject({ rowsChanged: 1, left: 0 });
    expect(linesOf(await body(cleanedBucket, old))[0]!['nir']).toMatch(/^v2[.]/);
    expect(await due()).toEqual(theirs);
  });

  it('puts lines that cannot be read into quarantine with their numbers, says what else Hive would read as NULL, and counts lines with other numbers of fields', async () => {
    const dataset = datasetOf({ name: 'odd' });
    const key = place('000001_0');
    await put(
      key,
      Buffer.concat([Buffer.from([ROWS[0], ...OF_OTHER_COUNT, ''].join('\n')), Buffer.from([0x31, 0xe9, 0x0a])]),
    );
    const [answer] = (await invoke(await generated(dataset, mappingOf('people', PEOPLE)), { bucket: rawBucket, key }))
      .answers;
    const [outcome] = answer!.objects!;
    expect(outcome).toMatchObject({ status: 'written', rows: 3, linesOfOtherFieldCount: 2, inQuarantine: 2 });
    const quarantine = `_quarantine/absences/odd/lines/${outcome!.source}.jsonl.gz`;
    expect(linesOf(await body(rawBucket, quarantine))).toEqual([
      { line: 2, reason: 'not-of-its-type', column: 'id', text: OF_OTHER_COUNT[0] },
      { line: 4, reason: 'not-utf-8', text: '1é' },
    ]);

    // The object is replaced: nothing is left of what stood there before, and the same again gives the same bytes.
    await put(key, [ROWS[3], ...ILL_TYPED].join('\n'));
    const folderOfOdd = await generated(dataset, mappingOf('people', PEOPLE));
    const [first] = (await invoke(folderOfOdd, { bucket: rawBucket, key })).answers;
    const bytes = await written(dataset, outcome!);
    expect(first!.objects![0]).toMatchObject({ source: outcome!.source, rows: 2, inQuarantine: 9 });
    expect(linesOf(await body(rawBucket, quarantine)).map(({ line, column }) => [line, column])).toEqual(
      ['id', 'naissance', 'salaire', 'taux', 'score', 'rang', 'actif', 'debut', 'vu'].map((column) => [2, column]),
    );
    await invoke(folderOfOdd, { bucket: rawBucket, key });
    expect(await written(dataset, outcome!)).toEqual(bytes);
    await put(key, ROWS[3]!);
    await invoke(folderOfOdd, { bucket: rawBucket, key });
    expect(await keysBelow(rawBucket, '_quarantine/absences/odd/lines/')).toEqual([]);
    await put(key, '');
  });

  it('leaves the rows of the newest version where an object is written while it is taken', async () => {
    const dataset = datasetOf({ name: 'newest' });
    const key = place('newest');
    const line = (id: number) => `${id}|1|1985-07-13|75011|2|3|1|1|7|true|2024-01-31|2024-01-31 10:00:00|a|`;
    const functionFolder = await generated(dataset, mappingOf('people', PEOPLE));
    const invoked = async (ids: readonly number[]): Promise<Invoked['answers'][0]> => {
      await put(key, line(0));
      const newer = { key, bodies: ids.map(line) };
      const events = [{ bucket: rawBucket, key }];
      return (await invokeFunction(stack!, { folder: functionFolder, secret: SECRET, key: KEY, events, newer }))
        .answers[0]!;
    };
    const { objects } = await invoked([1, 2]);
    expect(objects).toMatchObject([{ status: 'written', rows: 1 }]);
    expect(linesOf(await written(dataset, objects![0]!)).map(({ id }) => id)).toEqual([2]);
    expect(await invoked([1, 2, 3, 4, 5])).toMatchObject({
      error: 'RuntimeError',
      message: expect.stringContaining('again and again') as string,
    });
  });

  it('takes a batch, chooses rows, and keeps classes of people that are large enough', async () => {
    const dataset = datasetOf({
      name: 'few',
      where: [
        { column: 'id', is: '>=', values: [1] },
        { column: 'libelle', is: 'in', values: ['a', 'b'] },
        { column: 'debut', is: '<', values: ['2024-02'] },
        { column: 'actif', is: 'not-null', values: [] },
      ],
      columns: { telephone: { treat: 'drop' } },
      anonymity: { k: 2, over: ['naissance', 'actif'], diversity: { of: 'code_postal', l: 2 }, onFailure: 'suppress' },
      checks: [
        { rule: 'unique', columns: ['id'], severity: 'refuse' },
        { rule: 'between', column: 'rang', min: -128, max: 7, severity: 'warn' },
        { rule: 'in', column: 'code_postal', values: ['75', '2B'], severity: 'warn' },
        { rule: 'matches', column: 'nir', pattern: 'v1[.][0-9a-f]{32}', severity: 'refuse' },
        { rule: 'not-null', column: 'code_postal', severity: 'warn' },
      ],
    });
    const people = [
      '1|1|1985-07-13|75011|2|3|1|1|7|true|2024-01-31|2024-01-31 10:00:00|a|',
      '2|2|1989-01-01|20200|2|3|1|1|8|true|2024-01-31|2024-01-31 10:00:00|a|',
      '3|3|1989-01-01|20200|2|3|1|1|7|false|2024-01-31|2024-01-31 10:00:00|a|',
      '4|4|1989-01-01|20200|2|3|1|1|7|false|2024-01-31|2024-01-31 10:00:00|a|',
      '0|5|1985-07-13|75011|2|3|1|1|7|true|2024-01-31|2024-01-31 10:00:00|a|',
    ].join('\n');
    await put(place('000000_0'), people);
    await put(place('a.gz'), gzipSync(people));
    const [answer] = (
      await invoke(await generated(dataset, mappingOf('people', PEOPLE)), {
        Items: [{ bucket: rawBucket, key: place('000000_0') }, { Key: place('a.gz') }],
        BatchInput: {},
      })
    ).answers;
    expect(answer!.objects).toHaveLength(2);
    for (const outcome of answer!.objects!) {
      expect(outcome).toMatchObject({
        status: 'written',
        rows: 2,
        suppressedRows: 2,
        ...{ k: 2, l: 2, smallestClass: 2, leastDiversity: 2 },
        warnings: { 'between rang': 1 },
      });
      expect(linesOf(await written(dataset, outcome)).map(({ id }) => id)).toEqual([1, 2]);
    }
    expect(new Set(answer!.objects!.map(({ source }) => source)).size).toBe(2);

    const anonymity = { k: 2, over: ['id'], blank: ['id'], onFailure: 'refuse' } as const;
    const blanked = datasetOf({ name: 'blanked', columns: { telephone: { treat: 'drop' } }, anonymity });
    const outcome = await invoke(await generated(blanked, mappingOf('people', PEOPLE)), {
      key: place('000000_0'),
    });
    const [{ objects }] = outcome.answers as [{ objects: Outcome[] }];
    expect(objects[0]).toMatchObject({ rows: 5, suppressedRows: 0, blankedRows: 5, blankedCells: 5 });
    expect(linesOf(await written(blanked, objects[0]!)).map(({ id }) => id)).toEqual(Array(5).fill(null));
    const said = async (): Promise<unknown> => {
      const found = await catalog.findTable({ database: `cleaned_${name}`, name: 'blanked_small_files' });
      return found!.table.parameters;
    };
    const before = await said();
    expect(before).toMatchObject({ 'lakelift.k-anonymity': '2', 'lakelift.blanked-columns': 'id' });
    const more = { ...blanked, anonymity: { ...anonymity, k: 3 } };
    await invoke(await generated(more, mappingOf('people', PEOPLE)), { key: place('000000_0') });
    expect(await said()).toEqual({ ...(before as object), 'lakelift.k-anonymity': '3' });
    // Once it is anonymous no more, nothing says that it is.
    const open = { ...blanked, anonymity: undefined, notAnonymous: 'test' };
    await invoke(await generated(open, mappingOf('people', PEOPLE)), { key: place('000000_0') });
    expect(Object.keys((await said()) as object)).not.toContain('lakelift.k-anonymity');
    expect(Object.keys((await said()) as object)).not.toContain('lakelift.blanked-columns');
    expect(await said()).toMatchObject({ 'lakelift.pseudonyms': 'hmac-sha256-128 rh v1' });
  });

  it.each([
    [
      'a value of a person in clear',
      { columns: {} },
      { libelle: 'appeler le 06 12 34 56 78' },
      /clear: libelle \(1 phone\)/,
    ],
    ['one number of a company', {}, { id: 732829320 }, /clear: id \(1 siren, 1 finess\)/],
    ['classes that are too small', { anonymity: { k: 2, over: ['id'], onFailure: 'refuse' } }, {}, /2 of 2 rows stand/],
    [
      'a check that fails',
      { checks: [{ rule: 'unique', columns: ['rang'], severity: 'refuse' }] },
      {},
      /unique rang: 2 rows/,
    ],
  ] as const)(
    'takes nothing of an object with %s, and says so without a value',
    async (_, over, { id = 2, libelle = 'a' }: { id?: number; libelle?: string }, reason) => {
      const dataset = datasetOf({ name: 'refused', ...(over as Partial<Dataset>) });
      const row = (id: number, text: string) =>
        `${id}|1|1985-07-13|75011|2|3|1|1|7|true|2024-01-31|2024-01-31 10:00:00|${text}|`;
      await put(place('000002_0'), `${row(1, 'a')}\n${row(id, libelle)}`);
      const [answer] = (await invoke(await generated(dataset, mappingOf('people', PEOPLE)), { key: place('000002_0') }))
        .answers;
      expect(answer).toMatchObject({ error: 'Refused', message: expect.stringMatching(reason) as string });
      expect(answer!.message).not.toContain('06 12');
      expect(await keysBelow(cleanedBucket, `lake/cleaned_${name}/refused_small_files/`)).toEqual([]);
      await put(place('000002_0'), '');
    },
  );

  it('refuses what is not of its table, and a table that has a column which nobody has classed', async () => {
    const dataset = datasetOf({ name: 'elsewhere' });
    const other = ['people/x', 'people/annee=2024/_temporary', 'people/mois=01/x', 'elsewhere/annee=2024/x'];
    const { answers } = await invoke(
      await generated(dataset, mappingOf('people', PEOPLE)),
      ...other.map((key) => ({ bucket: rawBucket, key })),
      { bucket: cleanedBucket, key: place('000000_0') },
      {},
    );
    expect(answers.map(({ error }) => error)).toEqual(Array(6).fill('Refused'));
    for (const key of other) expect(JSON.stringify(answers)).not.toContain(key);

    const classed = Object.fromEntries(Object.entries(PEOPLE).filter(([column]) => column !== 'libelle'));
    const [answer] = (await invoke(await generated(dataset, mappingOf('people', classed)), { key: place('000000_0') }))
      .answers;
    expect(answer).toMatchObject({
      error: 'Refused',
      message: expect.stringContaining('nobody has classed libelle') as string,
    });
  });

  it.each([
    [
      'CSV as OpenCSVSerde reads it',
      'csv',
      'org.apache.hadoop.hive.serde2.OpenCSVSerde',
      ['"1","a ""b"" c",x', '2,"",', '3," é, ","\\"q\\""', '4,a"b"c,\\\\', '5,\'x\',"un;deux"'],
    ],
    [
      'lines of JSON',
      'json',
      'org.apache.hive.hcatalog.data.JsonSerDe',
      [
        '{"id":"1","nir":"1850578006084","libelle":"é"}',
        '',
        '{"id":12,"libelle":1.50,"autre":[1]}',
        '{"id":true,"nir":null}',
      ],
    ],
  ])('reads %s like "zones build"', async (_, tableName, serde, lines) => {
    const { id, nir, libelle } = COLUMNS as Record<string, (typeof COLUMNS)[string]>;
    await table(tableName, { id: ['string', id![1]], nir: nir!, libelle: ['string', libelle![1]] }, serde);
    const mapping = mappingOf(tableName, { id: { class: 'technical' }, nir: nir![1], libelle: { class: 'public' } });
    const dataset = datasetOf({ name: `of_${tableName}` });
    const key = `${tableName}/annee=2024/f`;
    await put(key, lines.join('\n'));
    const [answer] = (await invoke(await generated(dataset, mapping), { key })).answers;
    const [outcome] = answer!.objects!;
    expect(outcome).toMatchObject({
      status: 'written',
      rows: lines.filter((line) => line !== '').length,
      inQuarantine: 0,
    });
    expect(await differencesOf(dataset, mapping, await written(dataset, outcome!))).toEqual([]);
  });

  it('names objects by no digest that a name could be guessed from, with a key of pseudonyms or without', async () => {
    const columns = { id: PUBLIC_ID, libelle: PUBLIC_TEXT };
    await table('lieux', columns, 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe', { 'field.delim': '|' });
    const mapping = mappingOf('lieux', { id: { class: 'public' }, libelle: { class: 'public' } });
    const dataset = datasetOf({ name: 'lieux', from: 'rh.lieux' });
    const key = 'lieux/annee=2024/1850578006084';
    await put(key, '1|Paris');
    const guessed = createHash('sha256').update(`s3://${rawBucket}/${key}`).digest('hex').slice(0, 32);
    const written = `lake/cleaned_${name}/lieux_small_files/`;
    const said = { bucket: cleanedBucket, key: `${written}${guessed}.jsonl.gz` };
    const invoked = async (scheme?: 'none'): Promise<Outcome> => {
      // As versions of lakelift left it that named objects so.
      await s3.send(new PutObjectCommand({ Bucket: said.bucket, Key: said.key, Body: gzipSync('{"id":1}\n') }));
      const { answers, log } = await invoke(await generated(dataset, mapping, scheme), { bucket: rawBucket, key });
      expect(JSON.stringify(answers) + log).not.toContain('1850578006084');
      return answers[0]!.objects![0]!;
    };
    const unkeyed = await invoked('none');
    expect(unkeyed).toMatchObject({
      status: 'written',
      rows: 1,
      source: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    });
    expect(unkeyed.source).not.toBe(guessed);
    expect(await keysBelow(cleanedBucket, written)).toEqual([`${written}${unkeyed.source}.jsonl.gz`]);
    // A function that begins anew finds the bytes that the first one has put into raw.
    expect((await invoked('none')).source).toBe(unkeyed.source);
    const names = (await body(rawBucket, '_names/absences/lieux/key')).toString();
    const byThem = createHmac('sha256', Buffer.from(names, 'hex')).update(`s3://${rawBucket}/${key}`).digest('hex');
    expect(byThem.slice(0, 32)).toBe(unkeyed.source);
    const object = `s3://${rawBucket}/${key}`;
    expect(smallObjectNames(object, [Buffer.from(names, 'hex')])).toEqual([unkeyed.source, guessed]);

    const keyed = await invoked();
    expect(keyed.source).toMatch(/^v1[.][0-9a-f]{32}$/);
    const keys = new Map([[1, Buffer.from(KEY, 'hex')]]);
    expect(smallObjectNames(object, [{ scheme: SCHEME, keys }])).toEqual([keyed.source, guessed]);
    const { table: made } = (await catalog.findTable({ database: `cleaned_${name}`, name: 'lieux_small_files' }))!;
    expect(made.parameters).not.toHaveProperty('lakelift.pseudonyms');
  });

  it('does not work without its key, and repeats no wrong one', async () => {
    const target = await generated(datasetOf({ name: 'keyless' }), mappingOf('people', PEOPLE));
    const wrong = await invokeWith('c0ffee', target, [{ key: place('000000_0') }]);
    expect(wrong.answers[0]!.error).toBe('RuntimeError');
    expect(JSON.stringify(wrong)).not.toContain('c0ffee');
  });
});
