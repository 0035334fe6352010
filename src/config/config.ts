import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { ZONES } from '../domain/mapping.ts';
import { hdfsDirectory } from './hdfs-directory.ts';
import { pseudonymKey, refuseSharedPlaces } from './pseudonym-key.ts';
import { readYaml } from './read-yaml.ts';

const url = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });
const environmentName = z.string().regex(/^[A-Z_][A-Z0-9_]*$/, 'must name an environment variable, in capitals');

/** "64 MiB", "1.5 GB" or a plain number of bytes. */
const byteSize = z.union([z.number().int().positive(), z.string()]).transform((value, context) => {
  const bytes = typeof value === 'number' ? value : parseByteSize(value);
  if (bytes !== undefined) return bytes;
  context.addIssue({ code: 'custom', message: 'must be a size such as "16 MiB"' });
  return z.NEVER;
});

/** `200 MB`, `1.5 GiB`, or a plain number of bytes; undefined for anything else. */
export function parseByteSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(i?)B?$/i.exec(text.trim());
  if (match === null) return undefined;
  const power = ' KMGT'.indexOf((match[2] ?? '').toUpperCase() || ' ');
  return Math.round(Number(match[1]) * (match[3] ? 1024 : 1000) ** power);
}

const hdfs = z.strictObject({
  /** WebHDFS or HttpFS base URLs, tried in order; a gateway path (Knox) is allowed. */
  nameNodes: z.array(url).min(1),
  user: z.string().min(1).optional(),
  /** File that holds a delegation token (`hdfs fetchdt --webservice`, or curl --negotiate). Read again when it changes. */
  delegationTokenFile: z.string().optional(),
  /** PEM file with the cluster's certificate authorities. */
  caFile: z.string().optional(),
  /**
   * `auto` reads blocks from the data ports of the DataNodes where these answer and WebHDFS is plain http, for a fraction of what WebHDFS
   * costs them, and over WebHDFS otherwise; `never` reads over WebHDFS only.
   */
  blockReads: z.enum(['auto', 'never']).default('auto'),
  /** What stands after hdfs:// in the locations of this cluster: nameservice, host:port. A bare path always means this cluster. */
  authorities: z.array(z.string()).default([]),
});

const hive = z
  .strictObject({
    metastore: z.array(z.string().regex(/^thrift:\/\/[^:/]+:\d+$/, 'must look like thrift://host:9083')).default([]),
    hiveServer2: z
      .strictObject({
        host: z.string(),
        port: z.number().int().min(1).max(65535).default(10000),
        user: z.string().optional(),
        passwordEnvironment: environmentName.optional(),
        caFile: z.string().optional(),
        isTls: z.boolean().default(false),
      })
      .optional(),
    /** Where HiveServer2 may write tables that are converted on their way (`storage: convert`): a database and a folder of their own. */
    staging: z
      .strictObject({
        database: z.string().regex(/^[a-z0-9_]{1,100}$/, 'must be lower-case letters, digits and "_"'),
        folder: hdfsDirectory,
      })
      .optional(),
  })
  .refine((value) => value.metastore.length > 0 || value.hiveServer2 !== undefined, {
    error: 'needs a metastore or a hiveServer2',
  });

/** DuckDB in this process, over files that are brought here: for small lakes without engines of their own. */
const duckDb = z.strictObject({ kind: z.literal('duckdb') });

const engine = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('trino'),
    url,
    user: z.string().default('lakelift'),
    catalog: z.string().default('awsdatacatalog'),
  }),
  z.strictObject({
    kind: z.literal('athena'),
    workgroup: z.string().default('primary'),
    outputLocation: z.string().optional(),
    catalog: z.string().default('AwsDataCatalog'),
  }),
  duckDb,
]);

const zone = z.strictObject({
  bucket: z.string().min(3),
  prefix: z.string().default(''),
  kmsKeyId: z.string().optional(),
});

const configSchema = z.strictObject({
  source: z.strictObject({
    hdfs,
    hive,
    /** Reads rows where there is no HiveServer2. */
    engine: duckDb.optional(),
  }),
  target: z.strictObject({
    region: z.string().min(1),
    /** Twelve digits: names the Glue catalog in lineage events. */
    accountId: z
      .string()
      .regex(/^\d{12}$/, 'must be twelve digits, in quotes')
      .optional(),
    /** Only for servers other than AWS's own. */
    s3: z.strictObject({ endpoint: url, forcePathStyle: z.boolean().default(true) }).optional(),
    glue: z.strictObject({ endpoint: url }).optional(),
    dynamodb: z.strictObject({ endpoint: url }).optional(),
    kms: z.strictObject({ endpoint: url }).optional(),
    secretsManager: z.strictObject({ endpoint: url }).optional(),
    engine: engine.optional(),
  }),
  zones: z.partialRecord(z.enum(ZONES), zone),
  limits: z
    .strictObject({
      filesAtOnce: z.number().int().min(1).max(512).default(64),
      partsAtOnce: z.number().int().min(1).max(512).default(16),
      partSize: byteSize.default(16 * 1024 * 1024),
      /** Threads that move parts beside the first; as many as cores are idle, up to three, unless said. */
      threads: z.number().int().min(0).max(16).optional(),
      maxBytesPerSecond: byteSize.optional(),
      retryForMinutes: z.number().positive().default(15),
    })
    .prefault({}),
  copy: z
    .strictObject({
      /** Read both ends a second time where HDFS has no checksum to compare with (encryption zones, erasure coding): proof `reread` in place of `target-only`. */
      rereadUnproven: z.boolean().default(false),
      /** Read each object back from the store once, and compare it with what was sent. */
      readBack: z.boolean().default(false),
    })
    .prefault({}),
  privacy: z
    .strictObject({
      /** Keys of pseudonyms by domain; the keys themselves stand elsewhere. */
      keys: z.record(z.string(), pseudonymKey).default({}),
    })
    .prefault({}),
  /** Where ledgers live; a local disk, not NFS (SQLite's write-ahead log needs shared memory). */
  state: z
    .strictObject({
      directory: z.string().default('.lakelift'),
      /** Keeps ledgers here between machines and CI jobs; each use case is held by one run at a time. */
      bucket: z.string().min(3).optional(),
      prefix: z.string().default('lakelift'),
      kmsKeyId: z.string().optional(),
      /** How long a killed run keeps the others out. */
      leaseSeconds: z.number().int().min(4).max(3600).default(120),
      /** How often the ledger of a run is saved; also at its end. */
      saveEverySeconds: z.number().int().min(1).default(300),
    })
    .prefault({}),
  /** Who is told of the end of a run. A message that does not arrive is a warning. */
  notify: z
    .strictObject({
      webhook: z
        .strictObject({
          /** Environment variable, or file, that holds the URL: whoever has it can post. */
          urlEnvironment: environmentName.optional(),
          urlFile: z.string().optional(),
          format: z.enum(['slack', 'teams']).default('slack'),
        })
        .refine((value) => (value.urlEnvironment === undefined) !== (value.urlFile === undefined), {
          error: 'needs urlEnvironment or urlFile, not both',
        })
        .optional(),
      sns: z
        .strictObject({
          topicArn: z.string().regex(/^arn:[^:]+:sns:[^:]+:[^:]+:\S+$/, 'must be the ARN of a topic'),
          endpoint: url.optional(),
        })
        .optional(),
      when: z.enum(['always', 'problems']).default('always'),
    })
    .prefault({}),
  reports: z
    .strictObject({
      directory: z.string().default('reports'),
      publishTo: z
        .string()
        .regex(/^s3:\/\//, 'must be an s3:// location')
        .optional(),
      /** Program that prints PDF; found on the path unless named. */
      chromium: z.string().min(1).optional(),
      /** What names in reports are masked with, at least 16 characters; without it a key is made in the state directory. */
      maskKeyEnvironment: environmentName.optional(),
      maskKeyFile: z.string().min(1).optional(),
      /** Where `evidence` copies each pack under S3 Object Lock; the bucket must have it on. */
      evidence: z
        .strictObject({
          copyTo: z.string().regex(/^s3:\/\//, 'must be an s3:// location'),
          retainForDays: z.number().int().min(1).max(36_500),
          /** `compliance`: nobody can shorten it, the owner of the account included. */
          mode: z.enum(['governance', 'compliance']).default('governance'),
        })
        .optional(),
    })
    .refine(({ maskKeyEnvironment, maskKeyFile }) => maskKeyEnvironment === undefined || maskKeyFile === undefined, {
      error: 'takes maskKeyEnvironment or maskKeyFile, not both',
    })
    .prefault({}),
});

export type Config = z.output<typeof configSchema>;

/** Where the project's files lie; relative settings are resolved against `root`. */
export interface Project {
  readonly root: string;
  readonly config: Config;
}

/** Reads lakelift.yaml. Throws `usage` naming line and column, or the domains that would share a key of pseudonyms. */
export async function loadProject(root: string, file = 'lakelift.yaml'): Promise<Project> {
  const path = isAbsolute(file) ? file : join(root, file);
  const { value } = await readYaml(
    path,
    configSchema,
    'Run "lakelift init" to write one, or name another with --config.',
  );
  refuseSharedPlaces(value.privacy.keys, root);
  return { root, config: value };
}

/** Settings that do not come from a file: the sandbox's. Throws what zod throws. */
export function parseConfig(settings: unknown): Config {
  return configSchema.parse(settings);
}

export function configJsonSchema(): unknown {
  return z.toJSONSchema(configSchema, { io: 'input' });
}
