import { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import pLimit from 'p-limit';
import { WebHdfsClient } from '../src/hdfs-webhdfs-client/index.ts';
import { REGION } from './servers.ts';

interface Settings {
  readonly webHdfsUrl: string;
  readonly s3Endpoint: string;
  readonly path: string;
  readonly bucket: string;
  readonly filesAtOnce: number;
}

const { webHdfsUrl, s3Endpoint, path, bucket, filesAtOnce } = JSON.parse(process.argv[2]!) as Settings;
const source = new WebHdfsClient({ nameNodes: [webHdfsUrl], authentication: { kind: 'user', user: 'hdfs' } });
const client = new S3Client({ region: REGION, endpoint: s3Endpoint, forcePathStyle: true });
await pLimit(filesAtOnce).map(await filesBelow(path), async (file) => {
  const Key = `data${file.slice(path.length)}`;
  const Body = await source.open(file);
  await new Upload({ client, params: { Bucket: bucket, Key, Body }, partSize: 16 * 1024 * 1024 }).done();
});
source.close();
client.destroy();

async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const entry of source.list(folder)) {
    if (entry.type === 'DIRECTORY') files.push(...(await filesBelow(entry.path)));
    else files.push(entry.path);
  }
  return files;
}
