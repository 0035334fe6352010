import { join } from 'node:path';
import { HadoopJava, NAME_NODE, startDataNode } from './hadoop-java.ts';
import { startHttpFs } from './http-fs.ts';
import type { Settings } from './java-server.ts';
import { answersOk, freePorts, type RunningServer } from './server-process.ts';

export interface Hdfs {
  readonly webHdfsUrl: string;
  readonly httpFsUrl: string;
  /** What stands after hdfs:// in locations. */
  readonly authority: string;
  readonly servers: readonly RunningServer[];
}

/** What tests look at and a cluster has only with Kerberos or in large, and what must not take minutes. */
const FOR_TESTS: Settings = {
  'dfs.namenode.fs-limits.min-block-size': 1024,
  'dfs.namenode.delegation.token.always-use': true,
  'dfs.block.access.token.enable': true,
  'dfs.namenode.heartbeat.recheck-interval': 2000,
  'dfs.heartbeat.interval': 1,
  'dfs.namenode.redundancy.interval.seconds': 1,
  'dfs.ls.limit': 100,
};

/** NameNode, two DataNodes and HttpFS, out of safe mode. */
export async function startHdfs(directory: string, settings = FOR_TESTS): Promise<Hdfs> {
  const [rpcPort, httpPort, httpFsPort] = await freePorts(3);
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
    'dfs.namenode.acls.enabled': true,
    'dfs.replication': 2,
    'dfs.permissions.superusergroup': 'hdfs',
    'dfs.webhdfs.user.provider.user.pattern': '^[A-Za-z_][A-Za-z0-9._-]*[$]?$',
    'dfs.client.block.write.replace-datanode-on-failure.policy': 'NEVER',
    'dfs.namenode.edits.noeditlogchannelflush': true,
    ...settings,
  };
  const java = await HadoopJava.installed(directory);

  const nameNodeConfig = await java.configure('namenode', core, site);
  await java.run(nameNodeConfig, NAME_NODE, '-format', '-nonInteractive', '-force');
  const webHdfsUrl = `http://127.0.0.1:${httpPort!}`;
  const nameNode = java.start('namenode', {
    config: nameNodeConfig,
    main: NAME_NODE,
    isReady: () => answersOk(`${webHdfsUrl}/jmx?qry=java.lang:type=Runtime`),
  });
  const dataNodes = [0, 1].map(async (index) => {
    await nameNode;
    return startDataNode(java, { name: `datanode${index + 1}`, directory, core, site });
  });
  const httpFs = startHttpFs(java, { directory, core, site, port: httpFsPort! });
  const servers = await Promise.all([nameNode, ...dataNodes, httpFs]);
  await untilWritable(webHdfsUrl);
  return { webHdfsUrl, httpFsUrl: `http://127.0.0.1:${httpFsPort!}`, authority, servers };
}

/** Until two DataNodes have reported: a write with two replicas succeeds. */
export async function untilWritable(webHdfsUrl: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const state = await fetch(`${webHdfsUrl}/jmx?qry=Hadoop:service=NameNode,name=FSNamesystemState`).then((answer) =>
      answer.text(),
    );
    if (/"NumLiveDataNodes"\s*:\s*2/.test(state) && /"FSState"\s*:\s*"Operational"/.test(state)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('HDFS did not come up with two live DataNodes out of safe mode');
}
