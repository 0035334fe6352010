import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to one request, or to its answer, on the way to an S3 server and back. */
export type ProxyFault =
  /** Answers this error without asking the server; without a code, an empty body, as portals and balancers do. */
  | { readonly kind: 'answer'; readonly status: number; readonly code?: string; readonly message?: string }
  /** Resets the connection after so many bytes of the request's body; the server sees its side break too. */
  | { readonly kind: 'reset'; readonly afterBytes: number }
  /** Takes so many bytes of the request's body and is silent from then on. */
  | { readonly kind: 'hang'; readonly afterBytes: number }
  /** Turns one bit of the request's body; what was signed stays as it was. */
  | { readonly kind: 'flip-bit'; readonly atByte: number }
  /** The server does the work; of its answer nothing arrives, and the connection is reset or stays silent. */
  | { readonly kind: 'lose-answer'; readonly isSilent?: boolean }
  /** Ends the answer after so many bytes of its body: in good order, as if that were all, or by closing the connection. */
  | { readonly kind: 'short-answer'; readonly afterBytes: number; readonly isPolite: boolean }
  | { readonly kind: 'delay'; readonly delayMs: number };

export interface ProxiedRequest {
  /** As S3 calls it. */
  readonly operation: string;
  readonly key: string;
  readonly partNumber: number | undefined;
  readonly accessKeyId: string | undefined;
  /** The answer's, once there is one; of the proxy's own answers too. */
  status?: number;
  /** The S3 error code of an answer that is a refusal. */
  code?: string;
}

export interface FaultProxy {
  readonly url: string;
  readonly requests: ProxiedRequest[];
  fault: (request: ProxiedRequest) => ProxyFault | undefined;
  /** Requests of these operations so far. */
  count(operation: RegExp): number;
  close(): Promise<void>;
}

/**
 * Stands before an S3 server, real or not. Method, path, headers (Host with them) and body go on as they came, so that the signature, which is over
 * the proxy's own address, holds.
 */
export async function startFaultProxy(upstream: string): Promise<FaultProxy> {
  const agent = new http.Agent({ keepAlive: true });
  const server = http.createServer({ requestTimeout: 0 }, (request, response) => {
    const asked = describeRequest(request);
    proxy.requests.push(asked);
    const exchange = { upstream: new URL(upstream), agent, request, response, asked, fault: proxy.fault(asked) };
    request.on('error', () => undefined);
    if (exchange.fault?.kind === 'answer') return answer(exchange, exchange.fault);
    const delayMs = exchange.fault?.kind === 'delay' ? exchange.fault.delayMs : 0;
    setTimeout(() => forward(exchange), delayMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    fault: () => undefined,
    count: (operation) => proxy.requests.filter((asked) => operation.test(asked.operation)).length,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        agent.destroy();
      }),
  };
  return proxy;
}

interface Exchange {
  readonly upstream: URL;
  readonly agent: http.Agent;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly asked: ProxiedRequest;
  readonly fault: ProxyFault | undefined;
}

function answer(
  { request, response, asked }: Exchange,
  { status, code, message = code }: Extract<ProxyFault, { kind: 'answer' }>,
): void {
  Object.assign(asked, { status, code });
  const error = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  const body = code === undefined ? '' : error;
  request.resume().once('end', () => {
    response.writeHead(status, { 'content-type': 'application/xml', 'content-length': body.length });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
}

function forward(exchange: Exchange): void {
  const { agent, upstream, request, response } = exchange;
  const { hostname, port } = upstream;
  const { method = 'GET', url: path = '/', headers } = request;
  const outgoing = http.request({ agent, hostname, port, method, path, headers, setHost: false });
  outgoing.on('error', () => response.destroy());
  outgoing.on('response', (incoming) => void passAnswer(exchange, incoming));
  response.once('close', () => response.writableFinished || outgoing.destroy());
  passBody(exchange, outgoing);
}

function passBody({ request, fault }: Exchange, outgoing: http.ClientRequest): void {
  let passed = 0;
  const limit = fault?.kind === 'reset' || fault?.kind === 'hang' ? fault.afterBytes : Infinity;
  const stop = (): void => {
    request.pause();
    outgoing
      .removeAllListeners('error')
      .on('error', () => undefined)
      .destroy();
    if (fault?.kind === 'reset') request.socket.resetAndDestroy();
  };
  request.on('data', (chunk: Buffer) => {
    if (passed >= limit) return;
    if (fault?.kind === 'flip-bit' && fault.atByte >= passed && fault.atByte < passed + chunk.length)
      chunk[fault.atByte - passed]! ^= 4;
    passed += chunk.length;
    if (passed >= limit) return stop();
    if (!outgoing.write(chunk)) {
      request.pause();
      outgoing.once('drain', () => request.resume());
    }
  });
  request.once('end', () => {
    if (passed < limit) outgoing.end();
    else stop();
  });
}

async function passAnswer({ request, response, asked, fault }: Exchange, incoming: IncomingMessage): Promise<void> {
  const { statusCode: status = 500, headers } = incoming;
  const body = Buffer.concat(await Array.fromAsync(incoming as AsyncIterable<Buffer>));
  asked.status = status;
  const code = status < 300 ? undefined : /<Code>(\w+)<\/Code>/.exec(body.toString('latin1'))?.[1];
  if (code !== undefined) asked.code = code;
  if (fault?.kind === 'lose-answer') return void (fault.isSilent === true || request.socket.resetAndDestroy());
  if (fault?.kind !== 'short-answer') return void response.writeHead(status, headers).end(body);
  const short = body.subarray(0, fault.afterBytes);
  const fields = { ...headers };
  delete fields['transfer-encoding'];
  const length = fault.isPolite ? short.length : body.length;
  response.writeHead(status, { ...fields, 'content-length': length });
  response.write(short, () => (fault.isPolite ? response.end() : request.socket.destroySoon()));
}

const ACTIONS: Readonly<Record<string, string>> = { GET: 'Get', PUT: 'Put', HEAD: 'Head', DELETE: 'Delete' };

function describeRequest({ method = '', url = '', headers }: IncomingMessage): ProxiedRequest {
  const { pathname, searchParams } = new URL(url, 'http://proxy');
  const [, bucket = '', ...rest] = pathname.split('/');
  const key = decodeURIComponent(rest.join('/'));
  const partNumber = searchParams.get('partNumber');
  return {
    operation: operationOf(method, searchParams, key),
    key: key === '' ? bucket : key,
    partNumber: partNumber === null ? undefined : Number(partNumber),
    accessKeyId: /Credential=([^/]+)\//.exec(headers.authorization ?? '')?.[1],
  };
}

function operationOf(method: string, query: URLSearchParams, key: string): string {
  if (query.has('uploads')) return method === 'POST' ? 'CreateMultipartUpload' : 'ListMultipartUploads';
  if (!query.has('uploadId')) {
    if (key === '' && method === 'GET') return 'ListObjectsV2';
    return `${ACTIONS[method] ?? method}${key === '' ? 'Bucket' : 'Object'}`;
  }
  const ofUpload: Readonly<Record<string, string>> = {
    PUT: 'UploadPart',
    POST: 'CompleteMultipartUpload',
    GET: 'ListParts',
    DELETE: 'AbortMultipartUpload',
  };
  return ofUpload[method] ?? method;
}
