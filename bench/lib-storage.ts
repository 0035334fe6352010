import { join } from 'node:path';
import type { Contender } from './contender.ts';
import { ACCESS_KEY_ID, SECRET_ACCESS_KEY } from './servers.ts';

/** The AWS SDK's own uploader fed with a stream from WebHDFS, four large or 32 small files at once. */
export const libStorageContender: Contender = {
  name: 'lib-storage',
  proof: 'size',
  prepare({ servers, load, bucket, directory }) {
    const settings = {
      webHdfsUrl: servers.webHdfsUrl,
      s3Endpoint: servers.s3Endpoint,
      path: load.path,
      bucket,
      filesAtOnce: load.name === 'large' ? 4 : 32,
    };
    return Promise.resolve({
      command: process.execPath,
      args: [join(import.meta.dirname, 'lib-storage-copy.ts'), JSON.stringify(settings)],
      cwd: directory,
      env: { AWS_ACCESS_KEY_ID: ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: SECRET_ACCESS_KEY },
    });
  },
};
