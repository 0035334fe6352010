import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { write } from './cache.ts';
import type { HadoopJava } from './hadoop-java.ts';
import { writeSite, type Settings } from './java-server.ts';
import { answersOk, type RunningServer } from './server-process.ts';

interface HttpFsSettings {
  readonly directory: string;
  readonly core: Settings;
  readonly site: Settings;
  readonly port: number;
  readonly httpFs?: Settings;
}

/** HttpFS before a cluster; the settings are those of its clients, `httpFs` its own. */
export async function startHttpFs(
  java: HadoopJava,
  { directory, core, site, port, httpFs = {} }: HttpFsSettings,
): Promise<RunningServer> {
  const home = join(directory, 'httpfs');
  for (const name of ['conf', 'log', 'temp']) await mkdir(join(home, name), { recursive: true });
  const config = await java.configure('httpfs', core, site);
  await writeSite(config, 'httpfs-site.xml', {
    'httpfs.proxyuser.hdfs.hosts': '*',
    'httpfs.proxyuser.hdfs.groups': '*',
    'httpfs.hadoop.config.dir': config,
    'httpfs.http.port': port,
    'httpfs.http.hostname': '127.0.0.1',
    ...httpFs,
  });
  await write(config, 'httpfs-signature.secret', 'a secret of this test run');
  const settings = {
    'home.dir': home,
    'config.dir': config,
    'log.dir': join(home, 'log'),
    'temp.dir': join(home, 'temp'),
  };
  const options = Object.entries(settings).map(([name, value]) => `-Dhttpfs.${name}=${value}`);
  const url = `http://127.0.0.1:${port}/webhdfs/v1/?op=GETFILESTATUS&user.name=hdfs`;
  return java.start('httpfs', {
    config,
    main: 'org.apache.hadoop.fs.http.server.HttpFSServerWebServer',
    isReady: () => answersOk(url),
    options,
  });
}
