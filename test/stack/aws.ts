import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { minio, moto, versitygw } from './install.ts';
import { acceptsConnections, answersOk, freePorts, startServer, type RunningServer } from './server-process.ts';

export const ACCESS_KEY_ID = 'stack';
export const SECRET_ACCESS_KEY = 'stack-secret-key';

export interface S3Server {
  readonly endpoint: string;
  readonly server: RunningServer;
}

/** versitygw over a folder: the S3 server that is strictest about checksums. It changes its working directory, hence absolute paths. */
export async function startS3(directory: string): Promise<S3Server> {
  const binary = await versitygw();
  const data = join(directory, 'data');
  await mkdir(data, { recursive: true });
  await mkdir(join(directory, 'iam'));
  const [port] = await freePorts(1);
  const server = await startServer({
    name: 'versitygw',
    command: binary,
    args: [
      '--access',
      ACCESS_KEY_ID,
      '--secret',
      SECRET_ACCESS_KEY,
      '--region',
      'us-east-1',
      '--port',
      `127.0.0.1:${port!}`,
      '--keep-alive',
      '--iam-dir',
      join(directory, 'iam'),
      'posix',
      data,
    ],
    cwd: directory,
    logFile: join(directory, 'versitygw.log'),
    isReady: () => acceptsConnections(port!),
    readyWithinMs: 20_000,
  });
  return { endpoint: `http://127.0.0.1:${port!}`, server };
}

/**
 * moto, for the Glue Data Catalog. It checks no credentials. Partitions come in one answer, and nothing is executed, unless one of the scripts is started:
 * with `paged_moto.py` they come in pages as AWS gives them, `executing_moto.py` runs state machines and functions.
 */
export async function startGlue(directory: string, script?: 'paged_moto.py' | 'executing_moto.py'): Promise<S3Server> {
  const site = await moto();
  const [port] = await freePorts(1);
  const endpoint = `http://127.0.0.1:${port!}`;
  const server = await startServer({
    name: 'moto',
    command: 'python3',
    args: [
      ...(script === undefined ? ['-m', 'moto.server'] : [join(import.meta.dirname, 'python', script)]),
      '-H',
      '127.0.0.1',
      '-p',
      String(port!),
    ],
    cwd: directory,
    env: { PYTHONPATH: site, AWS_DEFAULT_REGION: 'us-east-1' },
    logFile: join(directory, 'moto.log'),
    isReady: () => answersOk(`${endpoint}/moto-api/`),
    readyWithinMs: 60_000,
  });
  return { endpoint, server };
}

/** MinIO over a folder. */
export async function startMinio(directory: string): Promise<S3Server> {
  const [port, consolePort] = await freePorts(2);
  const endpoint = `http://127.0.0.1:${port!}`;
  const server = await startServer({
    name: 'minio',
    command: await minio(),
    args: [
      'server',
      '--quiet',
      '--address',
      `127.0.0.1:${port!}`,
      '--console-address',
      `127.0.0.1:${consolePort!}`,
      join(directory, 'minio'),
    ],
    cwd: directory,
    env: {
      MINIO_ROOT_USER: ACCESS_KEY_ID,
      MINIO_ROOT_PASSWORD: SECRET_ACCESS_KEY,
      MINIO_BROWSER: 'off',
      MINIO_UPDATE: 'off',
      HOME: directory,
    },
    logFile: join(directory, 'minio.log'),
    isReady: () => answersOk(`${endpoint}/minio/health/live`),
    readyWithinMs: 60_000,
  });
  return { endpoint, server };
}
