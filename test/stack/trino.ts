import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ACCESS_KEY_ID, SECRET_ACCESS_KEY } from './aws.ts';
import { write } from './cache.ts';
import { java25, trino } from './install.ts';
import { freePorts, startServer, type RunningServer } from './server-process.ts';

export interface Trino {
  readonly url: string;
  readonly catalog: string;
  readonly server: RunningServer;
}

const CATALOG = 'awsdatacatalog';

/** Trino stands for Athena: it reads the Glue Data Catalog of moto and the objects of versitygw. */
export async function startTrino(
  directory: string,
  endpoints: { readonly s3: string; readonly glue: string },
): Promise<Trino> {
  const [home, java] = await Promise.all([trino(), java25()]);
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port!}`;
  await mkdir(join(directory, 'data'), { recursive: true });
  await write(
    directory,
    'etc/config.properties',
    properties({
      coordinator: true,
      'node-scheduler.include-coordinator': true,
      'http-server.http.port': port!,
      'discovery.uri': url,
      'node.internal-address': '127.0.0.1',
    }),
  );
  await write(
    directory,
    `etc/catalog/${CATALOG}.properties`,
    properties({
      'connector.name': 'hive',
      'hive.metastore': 'glue',
      'hive.metastore.glue.region': 'us-east-1',
      'hive.metastore.glue.endpoint-url': endpoints.glue,
      'hive.metastore.glue.aws-access-key': ACCESS_KEY_ID,
      'hive.metastore.glue.aws-secret-key': SECRET_ACCESS_KEY,
      // moto answers 500 to a statistics call, which the SDK repeats for seconds.
      'hive.table-statistics-enabled': false,
      'hive.metastore-cache-ttl': '0s',
      'hive.recursive-directories': true,
      // Off by default; Athena computes projected partitions always.
      'hive.partition-projection-enabled': true,
      'fs.native-s3.enabled': true,
      's3.endpoint': endpoints.s3,
      's3.region': 'us-east-1',
      's3.path-style-access': true,
      's3.aws-access-key': ACCESS_KEY_ID,
      's3.aws-secret-key': SECRET_ACCESS_KEY,
    }),
  );
  const settings = {
    config: join(directory, 'etc/config.properties'),
    'node.id': 'stack',
    'node.environment': 'stack',
    'node.data-dir': join(directory, 'data'),
    'node.bind-ip': '127.0.0.1',
    'user.timezone': 'UTC',
    'java.net.preferIPv4Stack': true,
    'catalog.config-dir': join(directory, 'etc/catalog'),
    'plugin.dir': join(home, 'plugin'),
  };
  const server = await startServer({
    name: 'trino',
    command: java,
    args: [
      '-Xmx1G',
      '-XX:TieredStopAtLevel=1',
      '-XX:+UseSerialGC',
      '--enable-native-access=ALL-UNNAMED',
      ...Object.entries(settings).map(([name, value]) => `-D${name}=${value}`),
      '-cp',
      join(home, 'lib', '*'),
      'io.trino.server.TrinoServer',
    ],
    cwd: directory,
    logFile: join(directory, 'trino.log'),
    isReady: async () => /"starting":\s*false/.test(await (await fetch(`${url}/v1/info`)).text()),
    readyWithinMs: 120_000,
  });
  return { url, catalog: CATALOG, server };
}

function properties(settings: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
