import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { UseCaseId } from '../../../src/domain/names.ts';
import type { TableMapping } from '../../../src/domain/mapping.ts';
import { smallObjectNames, type NamingKey } from '../../../src/domain/privacy/small-object-name.ts';
import type { Blueprint } from '../../../src/generate/blueprint.ts';
import { glueJobs } from '../../../src/generate/glue/glue-jobs.ts';
import type { Dataset } from '../../../src/domain/privacy/dataset.ts';
import { dsnText } from '../../../src/sandbox/lake/dsn-declaration.ts';
import { Random } from '../../../src/sandbox/lake/random.ts';
import { employees } from '../../../src/sandbox/lake/rh.ts';
import { aDataset } from '../../domain/privacy/a-dataset.ts';
import { runJobs, s3OfStack, tableStatements } from '../../stack/run-jobs.ts';
import { blueprintOf } from '../blueprint.ts';

const stack = inject('stack');
const KEY = 'd4'.repeat(32);
const NAMES_KEY = 'e5'.repeat(32);
const PSEUDONYMS: NamingKey = {
  scheme: { domain: 'rh', version: 1 },
  keys: new Map([[1, Buffer.from(KEY, 'hex')]]),
};
/** Spaces, accents and signs that URLs have codes for, as Hive leaves them. */
const READ = ['rh/lieux/annee=2024/000000_0', 'rh/lieux/annee=2024/reçu n°1 %2F.txt'] as const;
const DSN_READ = 'data/rh/dsn/2024/dépôt n°1.dsn';
/** Engines pass over it. */
const DSN_NOT_READ = 'data/rh/dsn/_tmp/02.dsn';
/** Its partition is in no catalog. */
const LATE_KEY = 'rh/lieux/annee=2024/late';
const NOT_READ = 'rh/lieux/annee=2023/000000_0';
/** A function writes one object anew, and removes another, just before the job would remove them. */
const OVERTAKEN = `
import sys
from pyspark.sql import SparkSession
from lakelift_beside import Beside

spark = SparkSession.builder.getOrCreate()
folder, place = sys.argv[1:3]
beside = Beside(spark, folder)
for name in ("a", "anew", "removed"):
    beside.name_by(lambda place, name=name: name)
beside.saw([place])
remove = beside._remove

def overtaken(path, version):
    files = path.getFileSystem(spark._jsc.hadoopConfiguration())
    if path.getName() == "removed.jsonl.gz":
        files.delete(path, False)
    if path.getName() == "anew.jsonl.gz":
        stream = files.create(path, True)
        stream.write(bytearray(b"of a newer version of its source"))
        stream.close()
    return remove(path, version)

beside._remove = overtaken
print("overtaken:", beside.remove())
`;

/** A job into whose source somebody puts an object once its rows were looked at. */
const LATE = `
import runpy, sys
import lakelift_job
from pyspark.sql import SparkSession

place = sys.argv.pop(1)
look = lakelift_job.Job.refuse_leaks

def put_after(*given):
    look(*given)
    spark = SparkSession.builder.getOrCreate()
    path = spark._jvm.org.apache.hadoop.fs.Path(place)
    stream = path.getFileSystem(spark._jsc.hadoopConfiguration()).create(path, True)
    stream.write(bytearray(b"9|06 12 34 56 78"))
    stream.close()

lakelift_job.Job.refuse_leaks = put_after
sys.argv.pop(0)
runpy.run_path(sys.argv[0], run_name="__main__")
`;

describe.skipIf(stack === undefined)('What functions wrote beside a dataset, once its job has made it anew', () => {
  const id = randomUUID().slice(0, 8);
  const [bucket, database] = [`beside-${id}`, `beside_${id}`];
  const region = stack?.region ?? '';
  const credentials = { accessKeyId: stack?.accessKeyId ?? '', secretAccessKey: stack?.secretAccessKey ?? '' };
  const client = new S3Client({ region, endpoint: stack?.s3Endpoint ?? '', credentials, forcePathStyle: true });
  const folder = mkdtempSync(join(tmpdir(), 'lakelift-beside-'));
  const mapping: TableMapping = {
    target: { zone: 'raw', database: `raw_${database}`, table: 'lieux' },
    storage: 'keep',
    partitions: { offPath: 'relocate', missingFolder: 'register-empty' },
    columns: { id: { class: 'public' }, libelle: { class: 'public' }, annee: { class: 'technical' } },
    reconcile: { level: 'rows' },
  };
  const paths: Blueprint['mapping']['paths'] = {
    '/data/rh/dsn': { target: { zone: 'raw', prefix: 'data/rh/dsn' }, dsn: { as: 'dsn_rh', rubrics: {} } },
  };
  const datasetOf = (name: string) =>
    aDataset({ name, from: 'rh.lieux', target: { zone: 'cleaned', database, table: name } });
  const declares = aDataset({
    name: 'declares',
    from: 'dsn_rh.individu',
    target: { zone: 'cleaned', database, table: 'declares' },
    columns: { r001: { treat: 'drop' }, dsn_line: { as: 'ligne' } },
  });
  const small = (name: string): string => `lake/${database}/${name}_small_files/`;
  let printed = '';

  const put = (key: string, body: string | Uint8Array) =>
    client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  const keysBelow = async (prefix: string): Promise<string[]> => {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
    // Hadoop's clients put an object of no name for a folder.
    return Contents.map(({ Key }) => Key!.slice(prefix.length)).filter((name) => name !== '');
  };
  const nameOf = (key: string, naming: NamingKey | undefined): string =>
    `${smallObjectNames(`s3://${bucket}/${key}`, naming === undefined ? [] : [naming])[0]!}.jsonl.gz`;
  const figuresOf = (name: string): unknown =>
    JSON.parse(printed.split('\n').find((line) => line.startsWith(`{"dataset": "${name}"`))!);

  beforeAll(async () => {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    for (const key of [...READ, NOT_READ]) await put(key, '1|Paris\n');
    await put('_names/absences/nomme/key', NAMES_KEY);
    const all: readonly [string, NamingKey | undefined][] = [
      ['secret', PSEUDONYMS],
      ['sans_cle', PSEUDONYMS],
      ['nomme', Buffer.from(NAMES_KEY, 'hex')],
      ['ancien', undefined],
    ];
    for (const [name, naming] of all) {
      for (const key of [...READ, NOT_READ]) await put(`${small(name)}${nameOf(key, naming)}`, gzipSync('{"id":1}\n'));
      await put(`${small(name)}others.txt`, 'of somebody who is no function');
    }
    for (const name of ['a', 'anew', 'removed'])
      await put(`${small('depasse')}${name}.jsonl.gz`, gzipSync('{"id":1}\n'));
    const declaration = dsnText([{ month: '01012024', members: employees().slice(0, 3) }], new Random('beside'));
    for (const key of [DSN_READ, DSN_NOT_READ]) {
      await put(key, Buffer.from(declaration, 'latin1'));
      await put(`${small('declares')}${nameOf(key, PSEUDONYMS)}`, gzipSync('{"ligne":1}\n'));
    }
    const scheme = { domain: 'rh', version: 1 };
    await generate('keyed', [datasetOf('secret'), datasetOf('sans_cle'), declares], scheme);
    await generate('unkeyed', [datasetOf('nomme'), datasetOf('ancien'), datasetOf('tard')], undefined);
    const keyFile = join(folder, 'key');
    writeFileSync(keyFile, KEY);
    const overtaken = join(folder, 'overtaken.py');
    writeFileSync(overtaken, OVERTAKEN);
    const late = join(folder, 'late.py');
    writeFileSync(late, LATE);
    const storage = {
      columns: ['id', 'libelle'].map((name) => ({ name, type: 'string', comment: undefined })),
      location: `s3://${bucket}/rh/lieux/`,
      inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
      outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
      serdeLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
      serdeParameters: { 'field.delim': '|' },
    };
    const partitionKeys = [{ name: 'annee', type: 'string', comment: undefined }];
    const table = { database: `raw_${database}`, name: 'lieux', partitionKeys, parameters: {}, storage };
    printed = await runJobs({
      directory: join(folder, 'spark'),
      modules: join(folder, 'keyed/glue'),
      statements: [
        `CREATE DATABASE ${database}`,
        ...tableStatements(table, [{ values: ['2024'], location: `s3://${bucket}/rh/lieux/annee=2024/` }]),
      ],
      jobs: [
        [join(folder, 'keyed/glue/secret.py'), '--key-file', keyFile],
        [join(folder, 'keyed/glue/sans_cle.py')],
        [join(folder, 'unkeyed/glue/nomme.py')],
        [join(folder, 'unkeyed/glue/ancien.py')],
        [join(folder, 'keyed/glue/declares.py'), '--key-file', keyFile],
        // Its table is its own again, although Spark hides properties with such a word in them; nothing is left that was read.
        [join(folder, 'keyed/glue/secret.py'), '--key-file', keyFile, '--run', 'again'],
        [late, `s3://${bucket}/${LATE_KEY}`, join(folder, 'unkeyed/glue/tard.py')],
        [overtaken, `s3://${bucket}/${small('depasse')}`, `s3://${bucket}/${READ[0]}`],
      ],
      s3: s3OfStack(stack!),
    });
  }, 300_000);
  afterAll(() => {
    client.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  async function generate(
    place: string,
    datasets: readonly Dataset[],
    pseudonyms: Blueprint['datasets']['pseudonyms'],
  ) {
    const blueprint: Blueprint = {
      ...(await blueprintOf('absences')),
      mapping: { useCase: 'absences' as UseCaseId, paths, tables: { 'rh.lieux': mapping } },
      datasets: { useCase: 'absences', pseudonyms, datasets },
      zones: { raw: { bucket, prefix: '' }, cleaned: { bucket, prefix: 'lake' } },
    };
    for (const { path, text } of glueJobs(blueprint)) {
      mkdirSync(dirname(join(folder, place, path)), { recursive: true });
      writeFileSync(join(folder, place, path), text);
    }
  }

  it.each([
    ['secret', PSEUDONYMS],
    ['nomme', Buffer.from(NAMES_KEY, 'hex')],
    ['ancien', undefined],
  ] as const)('is removed where the job has read its source, and stays where it has not: %s', async (name, naming) => {
    expect(await keysBelow(small(name))).toEqual([nameOf(NOT_READ, naming), 'others.txt'].sort());
    expect(figuresOf(name)).toMatchObject({ rows: 2, smallFiles: { removed: 2, left: 1 } });
  });

  it('is removed where the job has read its DSN file, and stays where that is hidden', async () => {
    expect(figuresOf('declares')).toMatchObject({ rows: 3, smallFiles: { removed: 1, left: 1 } });
    expect(await keysBelow(small('declares'))).toEqual([nameOf(DSN_NOT_READ, PSEUDONYMS)]);
  });

  it('stays, and that is said, where the job was given no key that says what it is of', async () => {
    expect(await keysBelow(small('sans_cle'))).toHaveLength(4);
    expect(printed).toContain(
      'sans_cle: without a key (Refused), what functions have written of the same objects stays beside',
    );
    expect(figuresOf('sans_cle')).toMatchObject({ rows: 2 });
  });

  it('is not counted again once it is gone', () => {
    const again = printed.split('\n').find((line) => line.includes('"run": "again"'))!;
    expect(JSON.parse(again)).toMatchObject({ rows: 2, smallFiles: { removed: 0, left: 1 } });
  });

  it('stays where a function has written it anew since the job looked at it', async () => {
    expect(printed).toContain('overtaken: (2, 1)');
    expect(await keysBelow(small('depasse'))).toEqual(['anew.jsonl.gz']);
  });

  it('has no part in what came into the source meanwhile: that waits for the next job, and is not written unlooked at', async () => {
    expect(await keysBelow(LATE_KEY.replace('late', ''))).toContain('late');
    expect(figuresOf('tard')).toMatchObject({ rows: 2 });
  });

  it('is removed by the names of before functions had a key, and the missing key is told', () => {
    expect(printed).toContain('ancien: the key of names could not be read');
    expect(printed).not.toContain('nomme: the key of names');
  });
});
