import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { spark as installedSpark } from './install.ts';
import { javaOptions, writeSite } from './java-server.ts';
import { acceptsConnections, freePorts, startServer, type RunningServer } from './server-process.ts';

export interface Spark {
  /** Spark's own HiveServer2: the same protocol. */
  readonly thriftServer: { readonly host: string; readonly port: number };
  readonly server: RunningServer;
}

const OPENED = [
  'java.base/java.lang.invoke',
  'java.base/sun.nio.cs',
  'java.base/sun.security.action',
  'java.base/sun.util.calendar',
];

/** Settings of the session that read what Hive has written as Hive and Athena read it (docs/reconcile.md). */
const READING_SETTINGS = {
  'spark.sql.session.timeZone': 'UTC',
  // Hive 3 counts days and seconds in the calendar of today, back to year 1, and so do Trino and Athena.
  'spark.sql.parquet.datetimeRebaseModeInRead': 'CORRECTED',
  'spark.sql.parquet.int96RebaseModeInRead': 'CORRECTED',
} as const;

/** Spark SQL over the tables of a Hive metastore, in one process on loopback. */
export async function startSpark(directory: string, metastore: string): Promise<Spark> {
  const { jars } = await installedSpark();
  const [port] = await freePorts(1);
  const config = join(directory, 'conf');
  await mkdir(config, { recursive: true });
  await writeSite(config, 'hive-site.xml', {
    'hive.metastore.uris': metastore,
    'hive.server2.thrift.port': port!,
    'hive.server2.thrift.bind.host': '127.0.0.1',
    'hive.exec.scratchdir': join(directory, 'scratch'),
  });
  const settings = {
    ...READING_SETTINGS,
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.driver.host': '127.0.0.1',
    'spark.ui.enabled': 'false',
    'spark.sql.catalogImplementation': 'hive',
    'spark.sql.shuffle.partitions': '1',
    'spark.sql.warehouse.dir': join(directory, 'warehouse'),
  };
  const server = await startServer({
    name: 'spark',
    command: 'java',
    args: [
      ...javaOptions(1024),
      ...OPENED.map((name) => `--add-opens=${name}=ALL-UNNAMED`),
      '-cp',
      [config, join(jars, '*')].join(':'),
      'org.apache.spark.deploy.SparkSubmit',
      '--master',
      'local[2]',
      '--class',
      'org.apache.spark.sql.hive.thriftserver.HiveThriftServer2',
      ...Object.entries(settings).flatMap(([name, value]) => ['--conf', `${name}=${value}`]),
      'spark-internal',
    ],
    cwd: directory,
    env: { SPARK_HOME: directory, SPARK_LOCAL_IP: '127.0.0.1', HADOOP_USER_NAME: 'hdfs' },
    logFile: join(directory, 'spark.log'),
    isReady: () => acceptsConnections(port!),
    readyWithinMs: 120_000,
  });
  return { thriftServer: { host: '127.0.0.1', port: port! }, server };
}
