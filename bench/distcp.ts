import { join } from 'node:path';
import { emptyWebPages, javaOptions, writeLogging, writeSite } from '../test/stack/java-server.ts';
import { hadoopJars, s3aJars } from '../test/stack/install.ts';
import type { Contender } from './contender.ts';
import { ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY } from './servers.ts';

const HEAP_MEGABYTES = 1024;
const MAPS = 4;

/** Hadoop's own copier with the S3A connector, four maps in one process. It cannot compare HDFS's checksums with what S3 keeps. */
export const distCpContender: Contender = {
  name: 'DistCp',
  proof: 'size',
  loads: ['large'],
  async prepare({ servers, load, bucket, directory }) {
    const config = join(directory, 'conf');
    await writeSite(config, 'core-site.xml', {
      'fs.defaultFS': `hdfs://${servers.authority}`,
      'hadoop.tmp.dir': join(directory, 'tmp'),
      'fs.s3a.endpoint': servers.s3Endpoint,
      'fs.s3a.endpoint.region': REGION,
      'fs.s3a.path.style.access': true,
      'fs.s3a.access.key': ACCESS_KEY_ID,
      'fs.s3a.secret.key': SECRET_ACCESS_KEY,
      'fs.s3a.multipart.size': '16M',
      'fs.s3a.fast.upload.buffer': 'bytebuffer',
    });
    await writeSite(config, 'mapred-site.xml', {
      'mapreduce.framework.name': 'local',
      'mapreduce.local.map.tasks.maximum': MAPS,
    });
    await writeLogging(config);
    const web = await emptyWebPages(join(directory, 'web'));
    const classPath = [config, web, `${await hadoopJars()}/*`, `${await s3aJars()}/*`].join(':');
    const command = ['-m', String(MAPS), '-skipcrccheck', '-update', load.path, `s3a://${bucket}/data`];
    return {
      command: 'java',
      args: [...javaOptions(HEAP_MEGABYTES), '-cp', classPath, 'org.apache.hadoop.tools.DistCp', ...command],
      cwd: directory,
      env: { HADOOP_USER_NAME: 'hdfs' },
    };
  },
};
