import { HeadBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import type { ObjectAddress } from '../../domain/plan.ts';
import type { HttpAnswer } from './http-answer.ts';
import { RequestSigner } from './request-signature.ts';
import type { RequestLimits } from './store-connection.ts';
import { StoreConnections, type BodyTransfers } from './store-connections.ts';

export interface DirectRequest extends RequestLimits {
  readonly method: 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly address: ObjectAddress;
  /** In the order of their names, as a signature wants them. */
  readonly query?: Readonly<Record<string, string>>;
  /** Lower-case names; what every request needs is added. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

type Endpoint = ReturnType<S3Client['config']['endpointProvider']>;

/** A bucket's endpoint as the SDK finds it, and who signs for it. */
interface Known {
  readonly url: URL;
  readonly signer: RequestSigner;
}

interface DirectRequestsOptions {
  readonly maxConnections?: number | undefined;
  readonly bodyTransfers?: BodyTransfers | undefined;
  /** Told when a store asks for less: the SDK, which sends the request again, would keep that to itself. */
  readonly onPressure?: (() => void) | undefined;
}

const ASKS_FOR_LESS: ReadonlySet<number> = new Set([429, 503]);
const NOTHING = new Uint8Array(0);

/**
 * The short way for the calls that every file needs: signed and sent on kept sockets, for about a quarter of what the SDK's signer and node:http cost per
 * request, and a tenth of the SDK's whole stack of middleware, of which small files would be made and whose first calls would keep the first bytes waiting.
 * Nothing is repeated, followed or explained here: where the answer is none that the caller knows, it sends the same request through the SDK, which does.
 */
export class DirectRequests {
  readonly #client: S3Client;
  readonly #turns: ReturnType<typeof pLimit>;
  readonly #transfers: BodyTransfers;
  readonly #onPressure: (() => void) | undefined;
  readonly #endpoints = new Map<string, Promise<Known | undefined>>();

  constructor(client: S3Client, { maxConnections, bodyTransfers, onPressure }: DirectRequestsOptions = {}) {
    this.#client = client;
    this.#transfers = bodyTransfers ?? new StoreConnections();
    this.#turns = pLimit(maxConnections ?? 50);
    this.#onPressure = onPressure;
  }

  /** The answer, whatever it says; undefined when none came that is whole, or none can be had this way. */
  send(request: DirectRequest): Promise<HttpAnswer | undefined> {
    return this.#turns(async () => {
      if (request.signal?.aborted === true) return undefined;
      try {
        const known = await this.#endpointOf(request.address.bucket);
        if (known === undefined) return undefined;
        const { body = NOTHING, timeoutMs, silenceMs, signal } = request;
        const head = await this.#head(request, known);
        const answer = await this.#transfers.send({
          origin: known.url.origin,
          head,
          body,
          timeoutMs,
          silenceMs,
          signal,
        });
        if (ASKS_FOR_LESS.has(answer.status)) this.#onPressure?.();
        return answer;
      } catch {
        return undefined;
      }
    });
  }

  close(): void {
    this.#transfers.close();
  }

  #endpointOf(bucket: string): Promise<Known | undefined> {
    let known = this.#endpoints.get(bucket);
    if (known !== undefined) return known;
    this.#endpoints.set(bucket, (known = findEndpoint(this.#client, bucket)));
    // Credentials belong to the search, and may come later.
    known.catch(() => this.#endpoints.delete(bucket));
    return known;
  }

  async #head({ method, address, query = {}, headers, body }: DirectRequest, { url, signer }: Known): Promise<string> {
    const { systemClockOffset, credentials } = this.#client.config;
    const request = {
      method,
      path: `${url.pathname === '/' ? '' : url.pathname}/${encodeKey(address.key)}`,
      query: encodeQuery(query),
      headers: { ...headers, host: url.host, ...(method === 'PUT' || method === 'POST' ? bodyHeaders(body) : {}) },
    };
    return signer.signedHead(request, await credentials(), new Date(Date.now() + systemClockOffset));
  }
}

/** By the SDK's own rules, which are many (virtual hosts, FIPS, dual stack, profiles), for a request that goes no further. */
async function findEndpoint(client: S3Client, bucket: string): Promise<Known | undefined> {
  const command = new HeadBucketCommand({ Bucket: bucket });
  let endpoint: Endpoint | undefined;
  command.middlewareStack.add(
    (_, context) => () => {
      endpoint = context.endpointV2;
      return Promise.resolve({ output: { $metadata: {} }, response: undefined });
    },
    { step: 'build', name: 'lakeliftFindEndpoint' },
  );
  await client.send(command);
  const region = endpoint && signingRegion(endpoint);
  return region === undefined ? undefined : { url: endpoint!.url, signer: new RequestSigner(region) };
}

/** Of ordinary buckets, signed by SigV4 for S3 itself, without session or several regions. */
function signingRegion({ properties }: Endpoint): string | undefined {
  const schemes: { name?: string; signingName?: string; signingRegion?: string }[] = properties?.['authSchemes'] ?? [];
  const [{ name, signingName, signingRegion: region } = {}] = schemes;
  return name === 'sigv4' && signingName === 's3' ? region : undefined;
}

/** RFC 3986's unreserved characters and "/" stay: what the signature is computed over. */
export function encodeKey(key: string): string {
  return encodeWord(key).replaceAll('%2F', '/');
}

function encodeWord(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function encodeQuery(query: Readonly<Record<string, string>>): string {
  let text = '';
  for (const name in query) text += `${text === '' ? '' : '&'}${name}=${encodeWord(query[name]!)}`;
  return text;
}

function bodyHeaders(body: Uint8Array | undefined): Record<string, string> {
  if (body === undefined) return { 'content-length': '0' };
  return { 'content-length': String(body.length), 'content-type': 'application/octet-stream' };
}
