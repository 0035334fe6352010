import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './cache.ts';
import type { Hive } from './hive.ts';
import { hive4Jars, hive4Scripts } from './hive4-install.ts';
import { hadoopJars } from './install.ts';
import { javaCodecs, oldNames } from './old-classes.ts';
import { javaOptions, mergedClassPath, writeLogging, writeSite, type Settings } from './java-server.ts';
import { acceptsConnections, freePorts, startServer, type RunningServer } from './server-process.ts';

/** Beside those that Hadoop finds by itself; a name that ends in what one of them writes is read with it. */
const JAVA_CODECS = ['lz4.Lz4Codec', 'lzo.LzoCodec', 'lzo.LzopCodec', 'zstd.ZstdCodec'];

/** Hive 4 on Java 17, over the HDFS of the stack: metastore and HiveServer2. Started by the tests that need it, not with the stack. */
export async function startHive4(directory: string, hdfsAuthority: string, timeZone?: string): Promise<Hive> {
  const classPath = await mergedClassPath(await hive4Jars(), await javaCodecs(), await oldNames(), await hadoopJars());
  const [metastorePort, serverPort] = (await freePorts(2)) as [number, number];
  const metastore = `thrift://127.0.0.1:${metastorePort}`;
  const config = await configure(directory, { metastore, metastorePort, serverPort, hdfsAuthority });
  const java = (main: string, ...args: readonly string[]): string[] => [
    ...javaOptions(main.endsWith('HiveServer2') ? 768 : 512, timeZone),
    `-Dderby.system.home=${directory}`,
    '-Dderby.system.durability=test',
    `-Dlog4j.configurationFile=${join(config, 'log4j2.properties')}`,
    '-cp',
    [config, ...classPath].join(':'),
    main,
    ...args,
  ];
  const env = { HADOOP_USER_NAME: 'hdfs' };
  const schemaTool = java(
    'org.apache.hadoop.hive.metastore.tools.schematool.MetastoreSchemaTool',
    '-dbType',
    'derby',
    '-initSchema',
  );
  await run('java', schemaTool, { cwd: directory, env: { ...env, METASTORE_HOME: await hive4Scripts() } });
  const servers: RunningServer[] = [];
  const start = async (name: string, port: number, args: readonly string[]): Promise<void> => {
    const isReady = (): Promise<boolean> => acceptsConnections(port);
    const logFile = join(directory, `${name}.log`);
    servers.push(
      await startServer({ name, command: 'java', args, cwd: directory, env, logFile, isReady, readyWithinMs: 180_000 }),
    );
  };
  try {
    await start(
      'metastore4',
      metastorePort,
      java('org.apache.hadoop.hive.metastore.HiveMetaStore', '-p', String(metastorePort)),
    );
    await start('hiveserver2-4', serverPort, java('org.apache.hive.service.server.HiveServer2'));
  } catch (error) {
    await Promise.all(servers.map((server) => server.stop()));
    throw error;
  }
  return { metastore, hiveServer2: { host: '127.0.0.1', port: serverPort }, servers };
}

interface Places {
  readonly metastore: string;
  readonly metastorePort: number;
  readonly serverPort: number;
  readonly hdfsAuthority: string;
}

async function configure(directory: string, places: Places): Promise<string> {
  const config = join(directory, 'conf');
  await mkdir(join(directory, 'scratch'), { recursive: true });
  const database: Settings = {
    'javax.jdo.option.ConnectionURL': `jdbc:derby:${join(directory, 'metastore_db')};create=true`,
    'javax.jdo.option.ConnectionDriverName': 'org.apache.derby.jdbc.EmbeddedDriver',
    'metastore.thrift.uris': places.metastore,
    'metastore.thrift.bind.host': '127.0.0.1',
    'metastore.warehouse.dir': '/warehouse4/managed',
    'metastore.warehouse.external.dir': '/warehouse4/external',
    'metastore.event.db.notification.api.auth': false,
    'metastore.schema.verification': true,
  };
  await writeSite(config, 'metastore-site.xml', database);
  await writeSite(config, 'hive-site.xml', {
    ...database,
    'hive.metastore.uris': places.metastore,
    'hive.metastore.warehouse.dir': '/warehouse4/managed',
    'hive.metastore.warehouse.external.dir': '/warehouse4/external',
    'hive.metastore.event.db.notification.api.auth': false,
    'hive.execution.engine': 'mr',
    'mapreduce.framework.name': 'local',
    'hive.exec.mode.local.auto': true,
    // As in hive.ts: each job would take a second at least otherwise.
    'hive.exec.counters.pull.interval': 50,
    'hive.exec.submit.local.task.via.child': false,
    'hive.exec.submitviachild': false,
    'hive.exec.dynamic.partition.mode': 'nonstrict',
    'hive.exec.local.scratchdir': join(directory, 'scratch'),
    'hive.exec.scratchdir': '/tmp/hive4',
    'hive.auto.convert.join': false,
    'hive.vectorized.execution.enabled': false,
    'hive.stats.column.autogather': false,
    'hive.support.concurrency': true,
    'hive.txn.manager': 'org.apache.hadoop.hive.ql.lockmgr.DbTxnManager',
    'hive.server2.enable.doAs': false,
    'hive.server2.thrift.bind.host': '127.0.0.1',
    'hive.server2.thrift.port': places.serverPort,
    'hive.server2.webui.port': 0,
    'hive.server2.authentication': 'NONE',
    'hive.server2.logging.operation.enabled': false,
    'hive.server2.metrics.enabled': false,
    'hive.security.authorization.enabled': false,
    'hive.async.log.enabled': false,
  });
  await writeSite(config, 'core-site.xml', {
    'fs.defaultFS': `hdfs://${places.hdfsAuthority}`,
    'hadoop.tmp.dir': join(directory, 'tmp'),
    'io.compression.codecs': JAVA_CODECS.map((name) => `io.airlift.compress.${name}`).join(','),
  });
  await writeLogging(config);
  return config;
}
