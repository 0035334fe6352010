import type { S3Client } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import type { ObjectAddress } from '../../domain/plan.ts';
import type { PutRequest } from '../../ports/target-object-store.ts';
import { RequestSigner } from './request-signature.ts';
import { encodeMetadata } from './s3-metadata.ts';
import type { WriteLimits } from './write-connection.ts';
import { WriteConnections, type BodyTransfers } from './write-connections.ts';

export interface DirectWrite extends WriteLimits {
  readonly address: ObjectAddress;
  /** In the order of their names, as a signature wants them. */
  readonly query?: Readonly<Record<string, string>>;
  /** Lower-case names; what every request needs is added. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

type Endpoint = ReturnType<S3Client['config']['endpointProvider']>;

/** A bucket's endpoint as the SDK found it, and who signs for it. */
interface Known {
  readonly url: URL;
  readonly signer: RequestSigner;
}

interface DirectWritesOptions {
  readonly maxConnections?: number | undefined;
  readonly bodyTransfers?: BodyTransfers | undefined;
  /** Told when a store asks for less: the SDK, which sends the request again, would keep that to itself. */
  readonly onPressure?: (() => void) | undefined;
}

const ASKS_FOR_LESS: ReadonlySet<number> = new Set([429, 503]);

/**
 * The short way for bodies: signed and sent on kept sockets, for about a quarter of what the SDK's signer and node:http cost per request, and a tenth of the
 * SDK's whole stack of middleware, which is what small files are made of. It knows success only. Whatever else happens, the caller sends the
 * same request through the SDK, which has the retries, the redirects and the errors.
 */
export class DirectWrites {
  readonly #client: S3Client;
  readonly #turns: ReturnType<typeof pLimit>;
  readonly #transfers: BodyTransfers;
  readonly #onPressure: (() => void) | undefined;
  readonly #endpoints = new Map<string, Known>();

  constructor(client: S3Client, { maxConnections, bodyTransfers, onPressure }: DirectWritesOptions = {}) {
    this.#client = client;
    this.#transfers = bodyTransfers ?? new WriteConnections();
    this.#turns = pLimit(maxConnections ?? 50);
    this.#onPressure = onPressure;
    this.#learnEndpoints();
  }

  /** The ETag as it came; undefined when it did not succeed, for whatever reason. */
  async put(write: DirectWrite): Promise<string | undefined> {
    const known = this.#endpoints.get(write.address.bucket);
    if (known === undefined) return undefined;
    return this.#turns(async () => {
      if (write.signal?.aborted === true) return undefined;
      try {
        const { body, timeoutMs, silenceMs, signal } = write;
        const head = await this.#head(write, known);
        const request = { origin: known.url.origin, head, body, timeoutMs, silenceMs, signal };
        const { status, etag } = await this.#transfers.send(request);
        if (ASKS_FOR_LESS.has(status)) this.#onPressure?.();
        return status === 200 ? etag : undefined;
      } catch {
        return undefined;
      }
    });
  }

  close(): void {
    this.#transfers.close();
  }

  /** The first write to a bucket goes through the SDK, whose rules for endpoints (virtual hosts, FIPS, dual stack, profiles) are many. */
  #learnEndpoints(): void {
    this.#client.middlewareStack.add(
      (next, context) => (args) => {
        const { Bucket } = args.input as { Bucket?: string };
        const region = context.endpointV2 && signingRegion(context.endpointV2);
        if (Bucket !== undefined && region !== undefined && !this.#endpoints.has(Bucket))
          this.#endpoints.set(Bucket, { url: context.endpointV2!.url, signer: new RequestSigner(region) });
        return next(args);
      },
      { step: 'build', name: 'lakeliftLearnEndpoint' },
    );
  }

  async #head({ address, query = {}, headers, body }: DirectWrite, { url, signer }: Known): Promise<string> {
    const { systemClockOffset, credentials } = this.#client.config;
    const path = `${url.pathname === '/' ? '' : url.pathname}/${encodeKey(address.key)}`;
    const request = {
      method: 'PUT',
      path,
      query: Object.entries(query)
        .map(([name, value]) => `${name}=${encodeWord(value)}`)
        .join('&'),
      headers: {
        ...headers,
        host: url.host,
        'content-length': String(body.length),
        'content-type': 'application/octet-stream',
      },
    };
    const signed = signer.sign(request, await credentials(), new Date(Date.now() + systemClockOffset));
    let head = `PUT ${path}${request.query === '' ? '' : `?${request.query}`} HTTP/1.1\r\n`;
    for (const [name, value] of Object.entries(signed)) head += `${name}: ${value}\r\n`;
    // Whatever slipped in must not become a header of its own; the SDK says what is wrong with it.
    if (/[^\x20-\x7e\r\n]/.test(head) || head.split('\n').length !== Object.keys(signed).length + 2)
      throw new Error('not ASCII on one line');
    return `${head}\r\n`;
  }
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

/** The headers of a PutObject that the SDK would send. */
export function putHeaders(
  { crc32c, metadata, condition }: PutRequest,
  kmsKeyId: string | undefined,
): Record<string, string> {
  const headers: Record<string, string> = { 'x-amz-checksum-crc32c': crc32c };
  for (const [name, value] of Object.entries(encodeMetadata(metadata))) headers[`x-amz-meta-${name}`] = value;
  if (condition.kind === 'if-absent') headers['if-none-match'] = '*';
  else headers['if-match'] = `"${condition.etag}"`;
  if (kmsKeyId !== undefined) {
    headers['x-amz-server-side-encryption'] = 'aws:kms';
    headers['x-amz-server-side-encryption-aws-kms-key-id'] = kmsKeyId;
  }
  return headers;
}
