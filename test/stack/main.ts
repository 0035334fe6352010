import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CACHE, readJson } from './cache.ts';
import { startStack, stopStack, type Stack } from './stack.ts';

/** `npm run stack` and `npm run stack:stop`: one stack for development, which the tests use while it runs. */
export const STATE_FILE = join(CACHE, 'running.json');

/** The stack that `npm run stack` left running; undefined when there is none, or its processes are gone. */
export async function findRunningStack(): Promise<Stack | undefined> {
  const stack = await readJson<Stack>(STATE_FILE);
  return stack !== undefined && Object.values(stack.processes).every(isAlive) ? stack : undefined;
}

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}

async function start(): Promise<void> {
  const running = await findRunningStack();
  const stack = running ?? (await startStack());
  await writeFile(STATE_FILE, JSON.stringify(stack, null, 2));
  for (const [name, value] of Object.entries(environmentOf(stack))) console.log(`export ${name}='${value}'`);
}

async function stop(): Promise<void> {
  const stack = await readJson<Stack>(STATE_FILE);
  if (stack === undefined) return console.error('No stack is running.');
  await stopStack(stack);
  await rm(STATE_FILE);
}

/** What a shell needs to run lakelift against the stack by hand. */
function environmentOf({ addresses: a, directory }: Stack): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: a.accessKeyId,
    AWS_SECRET_ACCESS_KEY: a.secretAccessKey,
    AWS_REGION: a.region,
    LAKELIFT_STACK_WEBHDFS: a.webHdfsUrl,
    LAKELIFT_STACK_HTTPFS: a.httpFsUrl,
    LAKELIFT_STACK_HDFS_AUTHORITY: a.hdfsAuthority,
    LAKELIFT_STACK_METASTORE: a.metastore,
    LAKELIFT_STACK_HIVESERVER2: `${a.hiveServer2.host}:${a.hiveServer2.port}`,
    LAKELIFT_STACK_S3: a.s3Endpoint,
    LAKELIFT_STACK_GLUE: a.glueEndpoint,
    LAKELIFT_STACK_TRINO: a.trinoUrl,
    LAKELIFT_STACK_LOGS: directory,
  };
}

if (import.meta.main) await (process.argv[2] === 'stop' ? stop() : start());
