import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run, write } from './cache.ts';
import { hadoopJars } from './install.ts';
import { emptyWebPages, javaOptions, writeLogging, writeSite, type Settings } from './java-server.ts';
import { answersOk, freePorts, startServer, type RunningServer } from './server-process.ts';

export interface Hdfs {
  readonly webHdfsUrl: string;
  readonly httpFsUrl: string;
  /** What stands after hdfs:// in locations. */
  readonly authority: string;
  readonly servers: readonly RunningServer[];
}

const HEAP_MEGABYTES = 384;

/** NameNode, two DataNodes and HttpFS, out of safe mode. */
export async function startHdfs(directory: string): Promise<Hdfs> {
  const jars = await hadoopJars();
  const [rpcPort, httpPort, httpFsPort, ...dataNodePorts] = await freePorts(9);
  const authority = `127.0.0.1:${rpcPort!}`;
  const core: Settings = {
    'fs.defaultFS': `hdfs://${authority}`,
    'hadoop.tmp.dir': join(directory, 'tmp'),
    'hadoop.proxyuser.hdfs.hosts': '*',
    'hadoop.proxyuser.hdfs.groups': '*',
    'hadoop.security.token.service.use_ip': true,
  };
  const site: Settings = {
    'dfs.namenode.name.dir': join(directory, 'name'),
    'dfs.namenode.rpc-address': authority,
    'dfs.namenode.http-address': `127.0.0.1:${httpPort!}`,
    'dfs.namenode.safemode.extension': 0,
    'dfs.namenode.fs-limits.min-block-size': 1024,
    'dfs.namenode.delegation.token.always-use': true,
    'dfs.namenode.acls.enabled': true,
    'dfs.block.access.token.enable': true,
    'dfs.namenode.heartbeat.recheck-interval': 2000,
    'dfs.heartbeat.interval': 1,
    'dfs.namenode.redundancy.interval.seconds': 1,
    'dfs.ls.limit': 100,
    'dfs.replication': 2,
    'dfs.permissions.superusergroup': 'hdfs',
    'dfs.webhdfs.user.provider.user.pattern': '^[A-Za-z_][A-Za-z0-9._-]*[$]?$',
    'dfs.client.block.write.replace-datanode-on-failure.policy': 'NEVER',
    'dfs.namenode.edits.noeditlogchannelflush': true,
  };
  const java = new HadoopJava(directory, `${await emptyWebPages(join(directory, 'web'))}:${jars}/*`);

  const nameNodeConfig = await java.configure('namenode', core, site);
  await run(
    'java',
    java.args(
      nameNodeConfig,
      'org.apache.hadoop.hdfs.server.namenode.NameNode',
      '-format',
      '-nonInteractive',
      '-force',
    ),
    { env: { HADOOP_USER_NAME: 'hdfs' } },
  );
  const webHdfsUrl = `http://127.0.0.1:${httpPort!}`;
  const nameNode = java.start('namenode', {
    config: nameNodeConfig,
    main: 'org.apache.hadoop.hdfs.server.namenode.NameNode',
    isReady: () => answersOk(`${webHdfsUrl}/jmx?qry=java.lang:type=Runtime`),
  });
  const dataNodes = [0, 1].map(async (index) => {
    const [dataPort, dataHttpPort, ipcPort] = dataNodePorts.slice(index * 3);
    const name = `datanode${index + 1}`;
    const config = await java.configure(name, core, {
      ...site,
      'dfs.datanode.data.dir': join(directory, name),
      'dfs.datanode.address': `127.0.0.1:${dataPort!}`,
      'dfs.datanode.http.address': `127.0.0.1:${dataHttpPort!}`,
      'dfs.datanode.ipc.address': `127.0.0.1:${ipcPort!}`,
      'dfs.datanode.hostname': '127.0.0.1',
      'dfs.datanode.fileio.profiling.sampling.percentage': 0,
    });
    await nameNode;
    return java.start(name, {
      config,
      main: 'org.apache.hadoop.hdfs.server.datanode.DataNode',
      isReady: () => answersOk(`http://127.0.0.1:${dataHttpPort!}/jmx?qry=java.lang:type=Runtime`),
    });
  });
  const httpFs = startHttpFs(java, { directory, core, site, port: httpFsPort! });
  const servers = await Promise.all([nameNode, ...dataNodes, httpFs]);
  await untilWritable(webHdfsUrl);
  return { webHdfsUrl, httpFsUrl: `http://127.0.0.1:${httpFsPort!}`, authority, servers };
}

interface Daemon {
  readonly config: string;
  readonly main: string;
  readonly isReady: () => Promise<boolean>;
  readonly options?: readonly string[];
}

class HadoopJava {
  readonly #directory: string;
  readonly #classPath: string;

  constructor(directory: string, classPath: string) {
    this.#directory = directory;
    this.#classPath = classPath;
  }

  async configure(name: string, core: Settings, site: Settings): Promise<string> {
    const config = join(this.#directory, 'conf', name);
    await writeSite(config, 'core-site.xml', core);
    await writeSite(config, 'hdfs-site.xml', site);
    await writeLogging(config);
    return config;
  }

  args(config: string, main: string, ...rest: readonly string[]): string[] {
    return [...javaOptions(HEAP_MEGABYTES), '-cp', `${config}:${this.#classPath}`, main, ...rest];
  }

  start(name: string, { config, main, isReady, options = [] }: Daemon): Promise<RunningServer> {
    return startServer({
      name,
      command: 'java',
      args: [...options, ...this.args(config, main)],
      cwd: this.#directory,
      env: { HADOOP_USER_NAME: 'hdfs' },
      logFile: join(this.#directory, `${name}.log`),
      isReady,
      readyWithinMs: 90_000,
    });
  }
}

async function startHttpFs(
  java: HadoopJava,
  { directory, core, site, port }: { directory: string; core: Settings; site: Settings; port: number },
): Promise<RunningServer> {
  const home = join(directory, 'httpfs');
  for (const name of ['conf', 'log', 'temp']) await mkdir(join(home, name), { recursive: true });
  const config = await java.configure('httpfs', core, site);
  await writeSite(config, 'httpfs-site.xml', {
    'httpfs.proxyuser.hdfs.hosts': '*',
    'httpfs.proxyuser.hdfs.groups': '*',
    'httpfs.hadoop.config.dir': config,
    'httpfs.http.port': port,
    'httpfs.http.hostname': '127.0.0.1',
  });
  await write(config, 'httpfs-signature.secret', 'a secret of this test run');
  const settings = {
    'home.dir': home,
    'config.dir': config,
    'log.dir': join(home, 'log'),
    'temp.dir': join(home, 'temp'),
  };
  const options = Object.entries(settings).map(([name, value]) => `-Dhttpfs.${name}=${value}`);
  const url = `http://127.0.0.1:${port}/webhdfs/v1/?op=GETFILESTATUS&user.name=hdfs`;
  return java.start('httpfs', {
    config,
    main: 'org.apache.hadoop.fs.http.server.HttpFSServerWebServer',
    isReady: () => answersOk(url),
    options,
  });
}

/** Until two DataNodes have reported: a write with two replicas succeeds. */
async function untilWritable(webHdfsUrl: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const state = await fetch(`${webHdfsUrl}/jmx?qry=Hadoop:service=NameNode,name=FSNamesystemState`).then((answer) =>
      answer.text(),
    );
    if (/"NumLiveDataNodes"\s*:\s*2/.test(state) && /"FSState"\s*:\s*"Operational"/.test(state)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('HDFS did not come up with two live DataNodes out of safe mode');
}
