import { BucketAlreadyOwnedByYou, CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { join } from 'node:path';
import { startGlueServer, type GlueServerOptions } from './glue/glue-server.ts';
import { startMetastoreServer, type MetastoreServerOptions } from './hive-metastore/metastore-server.ts';
import type { AccessKey } from './access-key.ts';
import { createLake, type Lake, type LakeExtent } from './lake/create-lake.ts';
import { startS3Server, type S3ServerOptions } from './s3/s3-server.ts';
import type { SandboxFileSystem } from './webhdfs/sandbox-file-system.ts';
import { startWebHdfsServer, type WebHdfsServerOptions } from './webhdfs/webhdfs-server.ts';

/** Each as its server takes it. */
export interface SandboxFaults {
  readonly hdfs?: WebHdfsServerOptions['faults'];
  readonly metastore?: MetastoreServerOptions['faults'];
  readonly s3?: S3ServerOptions['faults'];
  readonly glue?: GlueServerOptions['faults'];
}

export interface SandboxOptions {
  /** Holds the bytes of all servers. Objects and catalog outlive the process; the cluster is laid out afresh, always the same. */
  readonly directory: string;
  /** What the demo reads, unless told. */
  readonly lake?: LakeExtent;
  readonly faults?: SandboxFaults;
  /** Actions that a bucket refuses, as a policy would. */
  readonly deniedS3?: S3ServerOptions['denied'];
  /** Further keys of its AWS account, each with what it may do. */
  readonly keys?: readonly AccessKey[];
}

/** A cluster and an AWS account inside this process, on free ports of 127.0.0.1. */
export interface Sandbox {
  /** What lakelift.yaml says to use it; plain data, ready to be written as YAML. */
  readonly configuration: SandboxConfiguration;
  /** Environment variables that hold the credentials of its AWS side. */
  readonly environment: Readonly<Record<string, string>>;
  readonly lake: Lake;
  /** The cluster's files, to change them behind a run's back. */
  readonly fileSystem: SandboxFileSystem;
  close(): Promise<void>;
}

export interface SandboxConfiguration {
  readonly source: {
    readonly hdfs: {
      readonly nameNodes: readonly string[];
      readonly user: string;
      readonly authorities: readonly string[];
    };
    readonly hive: { readonly metastore: readonly string[] };
    readonly engine: { readonly kind: 'duckdb' };
  };
  readonly target: {
    readonly region: string;
    readonly s3: { readonly endpoint: string; readonly forcePathStyle: boolean };
    readonly glue: { readonly endpoint: string };
    readonly engine: { readonly kind: 'duckdb' };
  };
  readonly zones: Readonly<Record<'raw' | 'cleaned' | 'refined', { readonly bucket: string }>>;
  /** Small parts, so that the one large file of the lake goes up in several. */
  readonly limits: { readonly partSize: string };
}

const REGION = 'eu-west-3';
const ZONES = {
  raw: { bucket: 'sandbox-raw' },
  cleaned: { bucket: 'sandbox-cleaned' },
  refined: { bucket: 'sandbox-refined' },
};
/** Known to the sandbox alone; of no use anywhere else. */
const CREDENTIALS = { accessKeyId: 'SANDBOX', secretAccessKey: 'sandbox-secret' };

/** Starts WebHDFS, Hive metastore, S3 and Glue over a small generated lake. Whatever started is closed again when one fails to. */
export async function startSandbox({
  directory,
  lake: extent = 'demo',
  faults = {},
  deniedS3 = {},
  keys = [],
}: SandboxOptions): Promise<Sandbox> {
  const lake = createLake(extent);
  const running: { close(): Promise<void> }[] = [];
  const close = async () => void (await Promise.allSettled(running.map((server) => server.close())));
  const started = async <Server extends { close(): Promise<void> }>(starting: Promise<Server>): Promise<Server> => {
    const server = await starting;
    running.push(server);
    return server;
  };
  try {
    const hdfs = await started(
      startWebHdfsServer({ directory: join(directory, 'hdfs'), ...given('faults', faults.hdfs) }),
    );
    fill(hdfs.fileSystem, lake);
    const metastore = await started(startMetastoreServer({ content: lake, ...given('faults', faults.metastore) }));
    const aws = { credentials: CREDENTIALS, keys };
    const s3 = await started(
      startS3Server({ ...aws, directory: join(directory, 's3'), denied: deniedS3, ...given('faults', faults.s3) }),
    );
    const glue = await started(
      startGlueServer({ ...aws, directory: join(directory, 'glue'), ...given('faults', faults.glue) }),
    );
    await createBuckets(s3.url);
    const urls = { nameNode: hdfs.webHdfsUrl, metastore: metastore.address, s3: s3.url, glue: glue.url };
    const configuration = configurationOf(lake, urls);
    return { configuration, environment: ENVIRONMENT, lake, fileSystem: hdfs.fileSystem, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  AWS_REGION: REGION,
};

/** Under exactOptionalPropertyTypes an absent option must be absent. */
function given<Name extends string, Value>(name: Name, value: Value | undefined): Partial<Record<Name, Value>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, Value>);
}

function fill(fileSystem: SandboxFileSystem, lake: Lake): void {
  for (const folder of lake.folders) fileSystem.makeFolders(folder, 'hive');
  for (const { path, content, modifiedAtMs, blockSizeBytes } of lake.files) {
    fileSystem.writeFile(path, content, { modifiedAtMs, blockSizeBytes, owner: 'hive' });
  }
}

async function createBuckets(endpoint: string): Promise<void> {
  const client = new S3Client({ endpoint, region: REGION, forcePathStyle: true, credentials: CREDENTIALS });
  try {
    for (const { bucket } of Object.values(ZONES)) {
      await client.send(new CreateBucketCommand({ Bucket: bucket })).catch((error: unknown) => {
        if (!(error instanceof BucketAlreadyOwnedByYou)) throw error;
      });
    }
  } finally {
    client.destroy();
  }
}

function configurationOf(
  lake: Lake,
  urls: Readonly<Record<'nameNode' | 'metastore' | 's3' | 'glue', string>>,
): SandboxConfiguration {
  return {
    source: {
      hdfs: { nameNodes: [urls.nameNode], user: 'hive', authorities: [lake.authority] },
      hive: { metastore: [urls.metastore] },
      engine: { kind: 'duckdb' },
    },
    target: {
      region: REGION,
      s3: { endpoint: urls.s3, forcePathStyle: true },
      glue: { endpoint: urls.glue },
      engine: { kind: 'duckdb' },
    },
    zones: ZONES,
    limits: { partSize: '5 MiB' },
  };
}
