import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

export interface DistantStore {
  readonly url: string;
  stop(): void;
}

/**
 * The store as it is from afar: whatever is sent arrives `delayMs` / 2 later, each way. In a process of its own, which costs every contender the same.
 * A file of Amazon S3 takes 100 to 200 ms to be put or got
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance-design-patterns.html).
 */
export async function startDistantStore(endpoint: string, delayMs: number): Promise<DistantStore> {
  const child = spawn(process.execPath, [import.meta.filename, endpoint, String(delayMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: url.toString().trim(), stop: () => void child.kill() };
}

/** Bytes in their order, each piece `delayMs` late, no more than some megabytes on the way. */
function delayed(from: Socket, to: Socket, delayMs: number): void {
  let onTheWay = 0;
  from.on('data', (bytes) => {
    onTheWay += bytes.length;
    if (onTheWay > MOST_BYTES) from.pause();
    setTimeout(() => {
      onTheWay -= bytes.length;
      if (onTheWay <= MOST_BYTES) from.resume();
      if (!to.destroyed) to.write(bytes);
    }, delayMs);
  });
  from.on('end', () => setTimeout(() => to.end(), delayMs));
  from.on('error', () => to.destroy());
  from.on('close', () => setTimeout(() => to.destroy(), delayMs));
}

const MOST_BYTES = 8 << 20;

if (import.meta.main) {
  const [endpoint, delayMs] = process.argv.slice(2) as [string, string];
  const { hostname, port } = new URL(endpoint);
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ host: hostname, port: Number(port), noDelay: true });
    delayed(near, far, Number(delayMs) / 2);
    delayed(far, near, Number(delayMs) / 2);
  });
  server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
}
