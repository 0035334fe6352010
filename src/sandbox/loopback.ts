import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A running endpoint of the sandbox. */
export interface SandboxServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Ends open connections at once. */
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 only; port 0 takes a free one. */
export async function listenOnLoopback(server: Server, port = 0): Promise<SandboxServer> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, close: () => closeServer(server) };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
