import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HadoopJava, NAME_NODE, startDataNode, type RunningDataNode } from './hadoop-java.ts';
import { untilWritable } from './hdfs.ts';
import { startHttpFs } from './http-fs.ts';
import type { Settings } from './java-server.ts';
import { acceptsConnections, freePorts, type RunningServer } from './server-process.ts';

/** A cluster whose servers a test may kill: two NameNodes that share their edits, the first of them active, two DataNodes, and an HttpFS. */
export interface HaHdfs {
  readonly nameNodeUrls: readonly string[];
  /** It looks at delegation tokens, which NameNodes do only with Kerberos; those it gives live for {@link TOKEN_LIFE_MS}. */
  readonly httpFsUrl: string;
  readonly nameNodes: readonly RunningServer[];
  readonly dataNodes: readonly RunningServer[];
  /** `hdfs haadmin` with these arguments; the NameNodes are called nn1 and nn2. */
  haAdmin(...args: readonly string[]): Promise<string>;
  /** The data of a killed one, under other ports. */
  restartDataNode(number: 1 | 2): Promise<RunningServer>;
  /** Any other of Hadoop's programs, as the superuser. */
  run(main: string, ...args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

const NAME_SERVICE = 'lake';
const NAMES = ['nn1', 'nn2'] as const;

/** For `hdfs crypto -createZone`. */
export const ENCRYPTION_KEY = 'key1';

export const TOKEN_LIFE_MS = 5000;

/** The checksum of the content, however its blocks lie: of files coded by erasure too (HDFS-13056). For who asks this cluster's HttpFS. */
const COMPOSITE = { 'dfs.checksum.combine.mode': 'COMPOSITE_CRC' };

export const SOCKET_TIMEOUT_MS = 1000;

/** Keys of encryption zones lie in a file in place of a key server. */
export async function startHaHdfs(directory: string): Promise<HaHdfs> {
  const [httpFsPort, ...ports] = await freePorts(5);
  const java = await HadoopJava.installed(directory);
  const core = coreSettings(directory);
  const site = siteSettings(directory, ports);
  const configs = await Promise.all(
    NAMES.map((name) =>
      java.configure(name, core, {
        ...site,
        'dfs.ha.namenode.id': name,
        'dfs.namenode.name.dir': join(directory, name),
      }),
    ),
  );
  const run = (main: string, ...args: readonly string[]): Promise<string> => java.run(configs[0]!, main, ...args);
  const haAdmin = (...args: readonly string[]): Promise<string> =>
    run('org.apache.hadoop.hdfs.tools.DFSHAAdmin', '-ns', NAME_SERVICE, ...args);
  await Promise.all([
    run(NAME_NODE, '-format', '-nonInteractive', '-force'),
    run('org.apache.hadoop.crypto.key.KeyShell', 'create', ENCRYPTION_KEY),
  ]);
  await cp(join(directory, 'nn1'), join(directory, 'nn2'), { recursive: true });

  const nameNodeUrls = ports.slice(2).map((port) => `http://127.0.0.1:${port}`);
  const started: RunningServer[] = [];
  const stop = async (): Promise<void> => void (await Promise.all(started.map((server) => server.stop())));
  const kept = async <Server extends RunningServer>(starting: Promise<Server>): Promise<Server> => {
    const server = await starting;
    started.push(server);
    return server;
  };
  const startNameNode = (index: number): Promise<RunningServer> =>
    // Pages are there before commands are taken.
    java.start(NAMES[index]!, {
      config: configs[index]!,
      main: NAME_NODE,
      isReady: () => acceptsConnections(ports[index]!),
    });
  const startData = (number: number): Promise<RunningDataNode> =>
    kept(startDataNode(java, { name: `datanode${number}`, directory, core, site }));
  const httpFs = { 'httpfs.authentication.delegation-token.renew-interval.sec': TOKEN_LIFE_MS / 1000 };
  const starting = [
    Promise.all([kept(startNameNode(0)), kept(startNameNode(1))]).then(async (nameNodes) => {
      await haAdmin('-transitionToActive', 'nn1');
      return nameNodes;
    }),
    Promise.all([startData(1), startData(2)]),
    kept(startHttpFs(java, { directory, core, site: { ...site, ...COMPOSITE }, port: httpFsPort!, httpFs })),
  ] as const;
  try {
    const [nameNodes, dataNodes] = await Promise.all(starting);
    await untilWritable(nameNodeUrls[0]!);
    const restartDataNode = async (number: 1 | 2): Promise<RunningServer> => {
      const restarted = await startData(number);
      await untilRegistered(nameNodeUrls, restarted);
      return restarted;
    };
    const httpFsUrl = `http://127.0.0.1:${httpFsPort!}`;
    return { nameNodeUrls, httpFsUrl, nameNodes, dataNodes, haAdmin, run, restartDataNode, stop };
  } catch (error) {
    await Promise.allSettled(starting);
    await stop();
    throw error;
  }
}

function coreSettings(directory: string): Settings {
  return {
    'fs.defaultFS': `hdfs://${NAME_SERVICE}`,
    'hadoop.tmp.dir': join(directory, 'tmp'),
    'hadoop.proxyuser.hdfs.hosts': '*',
    'hadoop.proxyuser.hdfs.groups': '*',
    'hadoop.security.key.provider.path': `jceks://file${join(directory, 'keys.jceks')}`,
  };
}

function siteSettings(directory: string, ports: readonly number[]): Settings {
  return {
    ...haSettings(directory, ports),
    'dfs.namenode.safemode.extension': 0,
    'dfs.namenode.fs-limits.min-block-size': 1024,
    'dfs.block.access.token.enable': true,
    'dfs.heartbeat.interval': 1,
    // DataNodes too read from each other as clients, here without a sense of which replica is near.
    'dfs.client.socket-timeout': SOCKET_TIMEOUT_MS,
    'dfs.replication': 2,
    'dfs.permissions.superusergroup': 'hdfs',
    'dfs.client.block.write.replace-datanode-on-failure.policy': 'NEVER',
    'dfs.namenode.edits.noeditlogchannelflush': true,
  };
}

/** Edits are shared by a folder: what a quorum of JournalNodes does between machines. */
function haSettings(directory: string, [rpc1, rpc2, http1, http2]: readonly number[]): Settings {
  return {
    'dfs.nameservices': NAME_SERVICE,
    [`dfs.ha.namenodes.${NAME_SERVICE}`]: 'nn1,nn2',
    [`dfs.namenode.rpc-address.${NAME_SERVICE}.nn1`]: `127.0.0.1:${rpc1!}`,
    [`dfs.namenode.rpc-address.${NAME_SERVICE}.nn2`]: `127.0.0.1:${rpc2!}`,
    [`dfs.namenode.http-address.${NAME_SERVICE}.nn1`]: `127.0.0.1:${http1!}`,
    [`dfs.namenode.http-address.${NAME_SERVICE}.nn2`]: `127.0.0.1:${http2!}`,
    [`dfs.client.failover.proxy.provider.${NAME_SERVICE}`]:
      'org.apache.hadoop.hdfs.server.namenode.ha.ConfiguredFailoverProxyProvider',
    'dfs.namenode.shared.edits.dir': `file://${join(directory, 'shared')}`,
    'dfs.ha.fencing.methods': 'shell(/bin/true)',
    'dfs.ha.tail-edits.period': 1,
  };
}

/** Until every NameNode that answers knows it under its new address. */
async function untilRegistered(nameNodeUrls: readonly string[], { dataAddress }: RunningDataNode): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const known = await Promise.all(
      nameNodeUrls.map((url) =>
        fetch(`${url}/jmx?qry=Hadoop:service=NameNode,name=NameNodeInfo`).then(
          async (answer) => (await answer.text()).includes(dataAddress),
          () => true,
        ),
      ),
    );
    if (known.every(Boolean)) return;
    await sleep(100);
  }
  throw new Error(`${dataAddress} did not register`);
}
