import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HadoopJava, NAME_NODE, startDataNode, type RunningDataNode } from './hadoop-java.ts';
import { untilWritable } from './hdfs.ts';
import type { Settings } from './java-server.ts';
import { acceptsConnections, freePorts, type RunningServer } from './server-process.ts';

/** A cluster whose servers a test may kill: two NameNodes that share their edits, the first of them active, and two DataNodes. */
export interface HaHdfs {
  readonly nameNodeUrls: readonly string[];
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

/** For `hdfs crypto -createZone`. */
export const ENCRYPTION_KEY = 'key1';

/** `more` are settings of HDFS. Keys of encryption zones lie in a file in place of a key server. */
export async function startHaHdfs(directory: string, more: Settings = {}): Promise<HaHdfs> {
  const ports = await freePorts(4);
  const names = ['nn1', 'nn2'] as const;
  const core: Settings = {
    'fs.defaultFS': `hdfs://${NAME_SERVICE}`,
    'hadoop.tmp.dir': join(directory, 'tmp'),
    'hadoop.security.key.provider.path': `jceks://file${join(directory, 'keys.jceks')}`,
  };
  const site: Settings = {
    ...haSettings(directory, ports),
    'dfs.namenode.safemode.extension': 0,
    'dfs.namenode.fs-limits.min-block-size': 1024,
    'dfs.namenode.delegation.token.always-use': true,
    'dfs.block.access.token.enable': true,
    'dfs.heartbeat.interval': 1,
    'dfs.replication': 2,
    'dfs.permissions.superusergroup': 'hdfs',
    'dfs.client.block.write.replace-datanode-on-failure.policy': 'NEVER',
    'dfs.namenode.edits.noeditlogchannelflush': true,
    ...more,
  };
  const java = await HadoopJava.installed(directory);
  const configs = await Promise.all(
    names.map((name) =>
      java.configure(name, core, {
        ...site,
        'dfs.ha.namenode.id': name,
        'dfs.namenode.name.dir': join(directory, name),
      }),
    ),
  );
  await Promise.all([
    java.run(configs[0]!, NAME_NODE, '-format', '-nonInteractive', '-force'),
    java.run(configs[0]!, 'org.apache.hadoop.crypto.key.KeyShell', 'create', ENCRYPTION_KEY),
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
  try {
    const nameNodes = Promise.all(
      names.map((name, index) =>
        kept(
          java.start(name, {
            config: configs[index]!,
            main: NAME_NODE,
            // Pages are there before commands are taken.
            isReady: () => acceptsConnections(ports[index]!),
          }),
        ),
      ),
    );
    const dataNodes = Promise.all(
      [1, 2].map((number) => kept(startDataNode(java, { name: `datanode${number}`, directory, core, site }))),
    );
    const run = (main: string, ...args: readonly string[]): Promise<string> => java.run(configs[0]!, main, ...args);
    const haAdmin = (...args: readonly string[]): Promise<string> =>
      run('org.apache.hadoop.hdfs.tools.DFSHAAdmin', '-ns', NAME_SERVICE, ...args);
    await nameNodes;
    await haAdmin('-transitionToActive', 'nn1');
    const restartDataNode = async (number: 1 | 2): Promise<RunningServer> => {
      const restarted = await kept(startDataNode(java, { name: `datanode${number}`, directory, core, site }));
      await untilRegistered(nameNodeUrls, restarted);
      return restarted;
    };
    const all = {
      nameNodeUrls,
      nameNodes: await nameNodes,
      dataNodes: await dataNodes,
      haAdmin,
      run,
      restartDataNode,
      stop,
    };
    await untilWritable(nameNodeUrls[0]!);
    return all;
  } catch (error) {
    await stop();
    throw error;
  }
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
