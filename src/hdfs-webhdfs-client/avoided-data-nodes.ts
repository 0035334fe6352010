import type { IncomingMessage } from 'node:http';
import { isRecord, list } from './file-status.ts';
import { expectText } from './http-exchange.ts';
import { Redirect, type NameNodeRouter, type Operation } from './name-node-router.ts';
import { parseExactJson } from './exact-json.ts';
import { WebHdfsError } from './webhdfs-error.ts';

const AVOID_MS = 60_000;
const AT_DATA_NODES = new Set(['OPEN', 'GETFILECHECKSUM']);

/**
 * Has operations done that a DataNode does. NameNodes go on sending to one that died or hangs until they notice, which takes ten minutes by default:
 * one that did not answer is named to them as to be passed over (`excludedatanodes`).
 */
export class AvoidedDataNodes {
  readonly #router: NameNodeRouter;
  /** `ip:port` of data ports, the one form that NameNodes understand, and until when. */
  readonly #avoided = new Map<string, number>();

  constructor(router: NameNodeRouter) {
    this.#router = router;
  }

  /** `take` gets where the bytes are, or the answer itself where there is no DataNode in between (HttpFS). */
  async ask<Result>(
    operation: Operation,
    take: (answer: Redirect | IncomingMessage) => Promise<Result>,
  ): Promise<Result> {
    const answer = await this.#locate(operation);
    try {
      return await take(answer);
    } catch (error) {
      if (answer instanceof Redirect && isSilence(error)) await this.#avoid(operation, answer.url);
      throw error;
    }
  }

  /** The JSON text of an operation, whoever does it. */
  askText(operation: Operation): Promise<string> {
    return this.ask(operation, async (answer) =>
      expectText(answer instanceof Redirect ? await this.#router.follow(operation, answer) : answer),
    );
  }

  async #locate(operation: Operation): Promise<Redirect | IncomingMessage> {
    for (const [address, untilMs] of this.#avoided) if (untilMs < Date.now()) this.#avoided.delete(address);
    if (this.#avoided.size === 0 || !AT_DATA_NODES.has(operation.op)) return this.#router.locate(operation);
    const excludedatanodes = [...this.#avoided.keys()].join(',');
    try {
      return await this.#router.locate({ ...operation, query: { ...operation.query, excludedatanodes } });
    } catch (error) {
      if (!(error instanceof WebHdfsError) || !/No active nodes contain this block/i.test(error.message)) throw error;
      // All that hold it are avoided: better one of them than none.
      return this.#router.locate(operation);
    }
  }

  /** Where it cannot be found out, the next attempt may meet the same one again, or another replica. */
  async #avoid({ path, query, signal }: Operation, { hostname, port }: URL): Promise<void> {
    const where = { offset: query?.['offset'] ?? 0, length: 1 };
    const operation = { method: 'GET', op: 'GET_BLOCK_LOCATIONS', path, query: where, signal } as const;
    try {
      const json = parseExactJson(await this.#router.askText(operation));
      for (const block of list(json, 'LocatedBlocks', 'locatedBlocks'))
        for (const node of list(block, 'locations')) {
          if (!isRecord(node) || (node['hostName'] !== hostname && node['ipAddr'] !== hostname)) continue;
          const isThis = [node['infoPort'], node['infoSecurePort']].includes(Number(port));
          if (isThis) this.#avoided.set(`${String(node['ipAddr'])}:${String(node['xferPort'])}`, Date.now() + AVOID_MS);
        }
    } catch {
      signal?.throwIfAborted();
    }
  }
}

/** No answer, or one that ended early. */
function isSilence(error: unknown): boolean {
  return error instanceof WebHdfsError && error.failure === 'unavailable' && error.status === undefined;
}
