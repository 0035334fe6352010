import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './cache.ts';
import { hadoopJars, hive3ContribJars, hive3Jars, hive3Scripts } from './install.ts';
import { javaCodecs } from './old-classes.ts';
import {
  compiledPatches,
  javaOptions,
  mergedClassPath,
  writeLogging,
  writeSite,
  type Settings,
} from './java-server.ts';
import { acceptsConnections, freePorts, startServer, type RunningServer } from './server-process.ts';
import { VERSIONS } from './versions.ts';

export interface Hive {
  readonly metastore: string;
  readonly hiveServer2: { readonly host: string; readonly port: number };
  readonly servers: readonly RunningServer[];
}

/** Hive 3 on Java 17: metastore over Derby with its full schema (so that transactions work) and HiveServer2 with local MapReduce. */
export async function startHive3(directory: string, hdfsAuthority: string): Promise<Hive> {
  const classPath = await mergedClassPath(
    await hive3Jars(),
    await hive3ContribJars(),
    await javaCodecs(),
    await hadoopJars(),
  );
  const patches = await compiledPatches(VERSIONS.hive3, classPath);
  const [metastorePort, serverPort] = await freePorts(2);
  const metastore = `thrift://127.0.0.1:${metastorePort!}`;
  const config = await configure(directory, {
    hdfsAuthority,
    metastore,
    metastorePort: metastorePort!,
    serverPort: serverPort!,
  });
  const java = (main: string, ...args: readonly string[]): string[] => [
    ...javaOptions(main.endsWith('HiveServer2') ? 768 : 384),
    `-Dderby.system.home=${directory}`,
    // Derby waits for a sync on each commit otherwise; these tables do not outlive the test run.
    '-Dderby.system.durability=test',
    `-Dlog4j.configurationFile=${join(config, 'log4j2.properties')}`,
    `-Dlauncher.classpath=${[config, patches, ...classPath].join(':')}`,
    '-cp',
    patches,
    'Launcher',
    main,
    ...args,
  ];
  await initialiseSchema(directory, java);
  const start = (name: string, port: number, args: readonly string[]): Promise<RunningServer> =>
    startServer({
      name,
      command: 'java',
      args,
      cwd: directory,
      env: { HADOOP_USER_NAME: 'hdfs' },
      logFile: join(directory, `${name}.log`),
      isReady: () => acceptsConnections(port),
      readyWithinMs: 120_000,
    });
  const servers = [
    await start(
      'metastore3',
      metastorePort!,
      java('org.apache.hadoop.hive.metastore.HiveMetaStore', '-p', String(metastorePort!)),
    ),
  ];
  servers.push(await start('hiveserver2', serverPort!, java('org.apache.hive.service.server.HiveServer2')));
  return { metastore, hiveServer2: { host: '127.0.0.1', port: serverPort! }, servers };
}

async function initialiseSchema(
  directory: string,
  java: (main: string, ...args: readonly string[]) => string[],
): Promise<void> {
  const scripts = await hive3Scripts();
  const main = 'org.apache.hadoop.hive.metastore.tools.MetastoreSchemaTool';
  await run('java', java(main, '-dbType', 'derby', '-initSchema'), {
    cwd: directory,
    env: { METASTORE_HOME: scripts, HADOOP_USER_NAME: 'hdfs' },
  });
}

interface HivePlaces {
  readonly hdfsAuthority: string;
  readonly metastore: string;
  readonly metastorePort: number;
  readonly serverPort: number;
}

async function configure(directory: string, places: HivePlaces): Promise<string> {
  const config = join(directory, 'conf');
  await mkdir(join(directory, 'scratch'), { recursive: true });
  const settings: Settings = {
    'hive.metastore.uris': places.metastore,
    'javax.jdo.option.ConnectionURL': `jdbc:derby:${join(directory, 'metastore_db')};create=true`,
    'javax.jdo.option.ConnectionDriverName': 'org.apache.derby.jdbc.EmbeddedDriver',
    'metastore.schema.verification': true,
    'hive.metastore.schema.verification': true,
    'hive.metastore.warehouse.dir': '/warehouse/tablespace/managed/hive',
    'hive.metastore.event.db.notification.api.auth': false,
    'hive.execution.engine': 'mr',
    'mapreduce.framework.name': 'local',
    // Each job takes this from the server's own heap; several at a time at the default of 100 bring it down.
    'mapreduce.task.io.sort.mb': 10,
    'mapreduce.jobtracker.staging.root.dir': '/tmp/staging',
    'hive.exec.mode.local.auto': true,
    // Jobs are looked at this often until they are done, in ms; each would take a second at least otherwise.
    'hive.exec.counters.pull.interval': 50,
    'hive.exec.submit.local.task.via.child': false,
    'hive.exec.submitviachild': false,
    'hive.exec.dynamic.partition.mode': 'nonstrict',
    'hive.exec.max.dynamic.partitions': 10000,
    'hive.exec.max.dynamic.partitions.pernode': 10000,
    'hive.exec.local.scratchdir': join(directory, 'scratch'),
    'hive.exec.scratchdir': '/tmp/hive',
    'hive.auto.convert.join': false,
    'hive.vectorized.execution.enabled': false,
    'hive.stats.column.autogather': false,
    'hive.compute.query.using.stats': false,
    'hive.support.concurrency': true,
    'hive.txn.manager': 'org.apache.hadoop.hive.ql.lockmgr.DbTxnManager',
    'hive.server2.enable.doAs': false,
    'hive.server2.thrift.port': places.serverPort,
    'hive.server2.webui.port': 0,
    'hive.server2.authentication': 'NONE',
    'hive.server2.logging.operation.enabled': false,
    'hive.server2.metrics.enabled': false,
    'hive.security.authorization.enabled': false,
    'hive.async.log.enabled': false,
    'datanucleus.schema.autoCreateAll': false,
  };
  await writeSite(config, 'hive-site.xml', settings);
  await writeSite(config, 'metastore-site.xml', settings);
  await writeSite(config, 'core-site.xml', {
    'fs.defaultFS': `hdfs://${places.hdfsAuthority}`,
    'hadoop.tmp.dir': join(directory, 'tmp'),
  });
  await writeLogging(config);
  return config;
}
