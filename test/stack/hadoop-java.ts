import { join } from 'node:path';
import { run } from './cache.ts';
import { hadoopJars } from './install.ts';
import { emptyWebPages, javaOptions, writeLogging, writeSite, type Settings } from './java-server.ts';
import { answersOk, freePorts, startServer, type RunningServer } from './server-process.ts';

export const NAME_NODE = 'org.apache.hadoop.hdfs.server.namenode.NameNode';
const DATA_NODE = 'org.apache.hadoop.hdfs.server.datanode.DataNode';
const HEAP_MEGABYTES = 384;

interface Daemon {
  readonly config: string;
  readonly main: string;
  readonly isReady: () => Promise<boolean>;
  readonly options?: readonly string[];
}

/** Starts Hadoop's programs in one directory. */
export class HadoopJava {
  readonly #directory: string;
  readonly #classPath: string;

  private constructor(directory: string, classPath: string) {
    this.#directory = directory;
    this.#classPath = classPath;
  }

  static async installed(directory: string): Promise<HadoopJava> {
    const jars = await hadoopJars();
    return new HadoopJava(directory, `${await emptyWebPages(join(directory, 'web'))}:${jars}/*`);
  }

  async configure(name: string, core: Settings, site: Settings): Promise<string> {
    const config = join(this.#directory, 'conf', name);
    await writeSite(config, 'core-site.xml', core);
    await writeSite(config, 'hdfs-site.xml', site);
    await writeLogging(config);
    return config;
  }

  /** A command, to its end. */
  run(config: string, main: string, ...args: readonly string[]): Promise<string> {
    return run('java', this.#args(config, main, ...args), { env: { HADOOP_USER_NAME: 'hdfs' } });
  }

  #args(config: string, main: string, ...rest: readonly string[]): string[] {
    return [...javaOptions(HEAP_MEGABYTES), '-cp', `${config}:${this.#classPath}`, main, ...rest];
  }

  start(name: string, { config, main, isReady, options = [] }: Daemon): Promise<RunningServer> {
    return startServer({
      name,
      command: 'java',
      args: [...options, ...this.#args(config, main)],
      cwd: this.#directory,
      env: { HADOOP_USER_NAME: 'hdfs' },
      logFile: join(this.#directory, `${name}.log`),
      isReady,
      readyWithinMs: 90_000,
    });
  }
}

export interface RunningDataNode extends RunningServer {
  /** `host:port` of its data port. */
  readonly dataAddress: string;
}

/** A DataNode with a folder and ports of its own. */
export async function startDataNode(
  java: HadoopJava,
  { name, directory, core, site }: { name: string; directory: string; core: Settings; site: Settings },
): Promise<RunningDataNode> {
  const [dataPort, httpPort, ipcPort] = await freePorts(3);
  const config = await java.configure(name, core, {
    ...site,
    'dfs.datanode.data.dir': join(directory, name),
    'dfs.datanode.address': `127.0.0.1:${dataPort!}`,
    'dfs.datanode.http.address': `127.0.0.1:${httpPort!}`,
    'dfs.datanode.ipc.address': `127.0.0.1:${ipcPort!}`,
    'dfs.datanode.hostname': '127.0.0.1',
    'dfs.datanode.fileio.profiling.sampling.percentage': 0,
  });
  const server = await java.start(name, {
    config,
    main: DATA_NODE,
    isReady: () => answersOk(`http://127.0.0.1:${httpPort!}/jmx?qry=java.lang:type=Runtime`),
  });
  return { ...server, dataAddress: `127.0.0.1:${dataPort!}` };
}
