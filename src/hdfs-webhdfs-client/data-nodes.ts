import type { Limits } from './exchange-limits.ts';
import type { Redirect } from './name-node-router.ts';
import { readFromSocket } from './range-socket.ts';

/** The short way to the bytes of DataNodes, and which servers it is no way for. */
export class DataNodes {
  readonly #unusual = new Set<string>();

  /** False when nothing was read: the redirect is not to a plain-http DataNode, or it did not answer like one. */
  async readInto({ url, headers }: Redirect, target: Uint8Array, limits: Limits): Promise<boolean> {
    const isPlain = url.protocol === 'http:' && Object.keys(headers).length === 0;
    if (!isPlain || this.#unusual.has(url.host)) return false;
    const outcome = await readFromSocket(url, target, limits);
    if (outcome === 'chunked') this.#unusual.add(url.host);
    return outcome === 'filled';
  }
}
