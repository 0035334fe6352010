import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACCESS_KEY_ID, SECRET_ACCESS_KEY, startGlue, startS3 } from './aws.ts';
import { checkTools } from './cache.ts';
import { startHdfs } from './hdfs.ts';
import { startHive3 } from './hive.ts';
import { stopProcess, type RunningServer } from './server-process.ts';
import { startTrino } from './trino.ts';

/** Where the real servers listen. Plain data: handed to tests, and kept in a file for development. */
export interface StackAddresses {
  readonly webHdfsUrl: string;
  readonly httpFsUrl: string;
  readonly hdfsAuthority: string;
  readonly hdfsUser: string;
  readonly metastore: string;
  readonly hiveServer2: { readonly host: string; readonly port: number };
  readonly s3Endpoint: string;
  readonly glueEndpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly trinoUrl: string;
  readonly trinoCatalog: string;
}

export interface Stack {
  readonly addresses: StackAddresses;
  /** Server processes by name, so that a test can end one. */
  readonly processes: Readonly<Record<string, number>>;
  readonly directory: string;
}

/** Installs what is missing and starts every server once, on loopback. Whatever started is stopped again when another fails. */
export async function startStack(): Promise<Stack> {
  await checkTools();
  const directory = await mkdtemp(join(tmpdir(), 'lakelift-stack-'));
  const started: RunningServer[] = [];
  const folder = async (name: string): Promise<string> => {
    await mkdir(join(directory, name));
    return join(directory, name);
  };
  try {
    const source = async () => {
      const hdfs = await startHdfs(await folder('hdfs'));
      started.push(...hdfs.servers);
      const hive = await startHive3(await folder('hive'), hdfs.authority);
      started.push(...hive.servers);
      return { hdfs, hive };
    };
    const target = async () => {
      const [s3, glue] = await Promise.all([startS3(await folder('s3')), startGlue(await folder('glue'))]);
      started.push(s3.server, glue.server);
      const trino = await startTrino(await folder('trino'), { s3: s3.endpoint, glue: glue.endpoint });
      started.push(trino.server);
      return { s3, glue, trino };
    };
    const [{ hdfs, hive }, { s3, glue, trino }] = await bothOrNeither(source(), target());
    const addresses: StackAddresses = {
      webHdfsUrl: hdfs.webHdfsUrl,
      httpFsUrl: hdfs.httpFsUrl,
      hdfsAuthority: hdfs.authority,
      hdfsUser: 'hdfs',
      metastore: hive.metastore,
      hiveServer2: hive.hiveServer2,
      s3Endpoint: s3.endpoint,
      glueEndpoint: glue.endpoint,
      region: 'us-east-1',
      accessKeyId: ACCESS_KEY_ID,
      secretAccessKey: SECRET_ACCESS_KEY,
      trinoUrl: trino.url,
      trinoCatalog: trino.catalog,
    };
    return {
      addresses,
      processes: Object.fromEntries(started.map(({ name, processId }) => [name, processId])),
      directory,
    };
  } catch (error) {
    await Promise.all(started.map((server) => server.stop()));
    throw error;
  }
}

/** Waits for both even when one fails, so that nothing is still starting when the clean-up begins. */
async function bothOrNeither<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  const [first, second] = await Promise.allSettled([a, b]);
  if (first.status === 'rejected') throw first.reason;
  if (second.status === 'rejected') throw second.reason;
  return [first.value, second.value];
}

export async function stopStack(stack: Stack): Promise<void> {
  await Promise.all(Object.values(stack.processes).map(stopProcess));
  await rm(stack.directory, { recursive: true, force: true });
}
