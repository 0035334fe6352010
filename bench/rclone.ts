import { rclone } from '../test/stack/install.ts';
import { run } from '../test/stack/cache.ts';
import type { Contender, Load } from './contender.ts';
import { ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, type Servers } from './servers.ts';

/** The settings with which it was fastest here; all else is rclone's default. */
const FLAGS: Readonly<Record<Load['name'], readonly string[]>> = {
  large: ['--transfers', '4', '--s3-chunk-size', '16Mi', '--s3-upload-concurrency', '4'],
  small: ['--transfers', '32', '--checkers', '16'],
};

/** rclone over Hadoop's own protocol. It compares sizes and its own MD5 of what it sends, never HDFS's checksum. */
export const rcloneContender: Contender = {
  name: 'rclone',
  proof: 'size',
  async prepare({ servers, load, bucket, directory }) {
    return {
      command: await rclone(),
      args: ['copy', `hdfs:${load.path}`, `s3:${bucket}/data`, ...FLAGS[load.name]],
      cwd: directory,
      env: rcloneEnvironment(servers),
    };
  },
};

/** What lies in a bucket, by somebody who has no part in the race when others run. */
export async function sizeOfBucket(servers: Servers, bucket: string): Promise<{ count: number; bytes: number }> {
  const text = await run(await rclone(), ['size', '--json', `s3:${bucket}/data`], { env: rcloneEnvironment(servers) });
  return JSON.parse(text) as { count: number; bytes: number };
}

export async function createBucket(servers: Servers, bucket: string): Promise<void> {
  await run(await rclone(), ['mkdir', `s3:${bucket}`], { env: rcloneEnvironment(servers) });
}

export async function deleteBucket(servers: Servers, bucket: string): Promise<void> {
  await run(await rclone(), ['purge', `s3:${bucket}`], { env: rcloneEnvironment(servers) });
}

function rcloneEnvironment({ authority, s3Endpoint }: Servers): Record<string, string> {
  return {
    RCLONE_CONFIG: '',
    RCLONE_CONFIG_HDFS_TYPE: 'hdfs',
    RCLONE_CONFIG_HDFS_NAMENODE: authority,
    RCLONE_CONFIG_HDFS_USERNAME: 'hdfs',
    RCLONE_CONFIG_S3_TYPE: 's3',
    RCLONE_CONFIG_S3_PROVIDER: 'Minio',
    RCLONE_CONFIG_S3_ENDPOINT: s3Endpoint,
    RCLONE_CONFIG_S3_REGION: REGION,
    RCLONE_CONFIG_S3_ACCESS_KEY_ID: ACCESS_KEY_ID,
    RCLONE_CONFIG_S3_SECRET_ACCESS_KEY: SECRET_ACCESS_KEY,
  };
}
