import { WebHdfsSourceFileSystem } from '../../../src/adapters/webhdfs/webhdfs-source-file-system.ts';
import { WebHdfsClient } from '../../../src/hdfs-webhdfs-client/index.ts';
import type { SourceWorld } from '../../contracts/source-file-system.ts';

/** One server as two users see it. */
export function connectSource(server: Pick<SourceWorld, 'url' | 'superuser' | 'close'>): SourceWorld {
  const clients = [server.superuser, 'alice'].map(
    (user) => new WebHdfsClient({ nameNodes: [server.url], authentication: { kind: 'user', user } }),
  );
  const [source, stranger] = clients.map((client) => new WebHdfsSourceFileSystem(client));
  const close = async (): Promise<void> => {
    for (const client of clients) client.close();
    await server.close();
  };
  return { ...server, source: source!, stranger: stranger!, close };
}
