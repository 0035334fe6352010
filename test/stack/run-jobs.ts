import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TargetTable } from '../../src/domain/target-table.ts';
import { run } from './cache.ts';
import { hadoopClientJars, jsonSerdeJar, s3aJars, spark } from './install.ts';
import type { StackAddresses } from './stack.ts';

/** A session as Glue gives one to a job: its tables stand in the catalog, here one in memory. */
const RUNNER = `
import json, runpy, sys
from pyspark.sql import SparkSession

with open(sys.argv[1]) as file:
    given = json.load(file)
builder = SparkSession.builder.master("local[2]")
# Its catalog takes seconds to begin.
if given["statements"]:
    builder = builder.enableHiveSupport()
for name, value in given["settings"].items():
    builder = builder.config(name, value)
session = builder.getOrCreate()
session.sparkContext.setLogLevel("ERROR")
for statement in given["statements"]:
    session.sql(statement)
for job in given["jobs"]:
    sys.argv = job
    try:
        runpy.run_path(job[0], run_name="__main__")
    except Exception as error:
        if not given["goesOn"] or type(error).__name__ != "Refused":
            raise
        print(f"Refused: {error}")
`;

export interface JobRun {
  /** For whatever Spark writes on its own. */
  readonly directory: string;
  /** Where the jobs and their modules stand. */
  readonly modules: string;
  readonly statements: readonly string[];
  /** Each job's file, then its arguments. */
  readonly jobs: readonly (readonly string[])[];
  /** Jobs that read and write S3: where it answers, and the variables of an AWS account. */
  readonly s3?: { readonly endpoint: string; readonly environment: Readonly<Record<string, string>> } | undefined;
  /** A job that refuses is printed, and the next one runs. */
  readonly goesOn?: boolean | undefined;
}

/** The stack's, for {@link JobRun}; `more` are variables that a job reads besides. */
export function s3OfStack(
  stack: StackAddresses,
  more: Readonly<Record<string, string>> = {},
): NonNullable<JobRun['s3']> {
  const environment = {
    ...more,
    AWS_DEFAULT_REGION: stack.region,
    AWS_ACCESS_KEY_ID: stack.accessKeyId,
    AWS_SECRET_ACCESS_KEY: stack.secretAccessKey,
  };
  return { endpoint: stack.s3Endpoint, environment };
}

/** URLs of generated jobs are `s3://`, as Glue has them. */
async function s3Settings(endpoint: string, environment: Readonly<Record<string, string>>) {
  const settings = {
    'fs.s3.impl': 'org.apache.hadoop.fs.s3a.S3AFileSystem',
    'fs.s3a.endpoint': endpoint,
    'fs.s3a.endpoint.region': environment['AWS_DEFAULT_REGION']!,
    'fs.s3a.path.style.access': 'true',
    'fs.s3a.access.key': environment['AWS_ACCESS_KEY_ID']!,
    'fs.s3a.secret.key': environment['AWS_SECRET_ACCESS_KEY']!,
  };
  return {
    'spark.driver.extraClassPath': [await hadoopClientJars(), await s3aJars()].map((jars) => join(jars, '*')).join(':'),
    ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [`spark.hadoop.${name}`, value])),
  };
}

/** Runs generated jobs one after the other in one real Spark; returns what they printed. */
export async function runJobs({ directory, modules, statements, jobs, s3, goesOn = false }: JobRun): Promise<string> {
  const { home, pythonPath } = await spark();
  const settings = {
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.driver.host': '127.0.0.1',
    'spark.driver.memory': '1g',
    // Compiled well, nothing here would run for long enough. In Glue, clocks are those of UTC.
    'spark.driver.extraJavaOptions': '-XX:TieredStopAtLevel=1 -Duser.timezone=UTC',
    'spark.ui.enabled': 'false',
    'spark.ui.showConsoleProgress': 'false',
    'spark.jars': await jsonSerdeJar(),
    'spark.sql.shuffle.partitions': '2',
    'spark.sql.warehouse.dir': join(directory, 'warehouse'),
    'spark.hadoop.javax.jdo.option.ConnectionURL': 'jdbc:derby:memory:lakelift;create=true',
    ...(s3 === undefined ? {} : await s3Settings(s3.endpoint, s3.environment)),
  };
  await mkdir(directory, { recursive: true });
  const plan = join(directory, 'plan.json');
  await writeFile(plan, JSON.stringify({ settings, statements, jobs, goesOn }));
  await writeFile(join(directory, 'runner.py'), RUNNER);
  return run('python3', [join(directory, 'runner.py'), plan], {
    cwd: directory,
    env: {
      SPARK_HOME: home,
      SPARK_LOCAL_IP: '127.0.0.1',
      ...s3?.environment,
      PYTHONPATH: [pythonPath, modules, s3?.environment['PYTHONPATH']].filter(Boolean).join(':'),
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
}

type DeclaredTable = Pick<TargetTable, 'database' | 'name' | 'partitionKeys' | 'parameters'> & {
  readonly storage: Pick<
    TargetTable['storage'],
    'columns' | 'location' | 'inputFormat' | 'outputFormat' | 'serdeLibrary' | 'serdeParameters'
  >;
};

/** Statements that make a table one of Spark's or Hive's, over the files that stand there. */
export function tableStatements(
  { database, name, partitionKeys, storage, parameters }: DeclaredTable,
  partitions: readonly { readonly values: readonly string[]; readonly location: string }[],
): string[] {
  const columns = (list: TargetTable['partitionKeys']) => list.map((one) => `\`${one.name}\` ${one.type}`).join(', ');
  const quoted = (value: string) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const pairs = (record: Readonly<Record<string, string>>) =>
    Object.entries(record)
      .map(([key, value]) => `'${key}' = ${quoted(value)}`)
      .join(', ');
  const table = `\`${database}\`.\`${name}\``;
  const skipped = Object.fromEntries(Object.entries(parameters).filter(([key]) => key.startsWith('skip.')));
  const properties = Object.keys(skipped).length === 0 ? '' : ` TBLPROPERTIES (${pairs(skipped)})`;
  const serde =
    Object.keys(storage.serdeParameters).length === 0
      ? ''
      : ` WITH SERDEPROPERTIES (${pairs(storage.serdeParameters)})`;
  const added = partitions.map(({ values, location }) => {
    const spec = partitionKeys.map((key, at) => `\`${key.name}\` = ${quoted(values[at]!)}`).join(', ');
    return `ALTER TABLE ${table} ADD PARTITION (${spec}) LOCATION ${quoted(location)}`;
  });
  return [
    `CREATE DATABASE IF NOT EXISTS \`${database}\``,
    `CREATE EXTERNAL TABLE ${table} (${columns(storage.columns)})${partitionKeys.length === 0 ? '' : ` PARTITIONED BY (${columns(partitionKeys)})`}
     ROW FORMAT SERDE '${storage.serdeLibrary}'${serde}
     STORED AS INPUTFORMAT '${storage.inputFormat}' OUTPUTFORMAT '${storage.outputFormat}'
     LOCATION '${storage.location}'${properties}`,
    ...added,
  ];
}
