import { join } from 'node:path';
import type { Contender } from './contender.ts';
import { ACCESS_KEY_ID, SECRET_ACCESS_KEY } from './servers.ts';

/** The least that a client in Node can do: receive from data ports, send to the store, compare and record nothing. Large files only. */
export const floorContender: Contender = {
  name: 'receive and send',
  proof: 'nothing',
  loads: ['large'],
  prepare({ servers, load, bucket, directory }) {
    const settings = { webHdfsUrl: servers.webHdfsUrl, s3Endpoint: servers.s3Endpoint, path: load.path, bucket };
    return Promise.resolve({
      command: process.execPath,
      args: [join(import.meta.dirname, 'floor-copy.ts'), JSON.stringify(settings)],
      cwd: directory,
      env: { AWS_ACCESS_KEY_ID: ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: SECRET_ACCESS_KEY },
    });
  },
};
