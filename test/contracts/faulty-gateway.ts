import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What to do to an answer on its way. */
export type GatewayFault =
  /** Answers this instead of asking the server. */
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  /** Asks the server for another operation. */
  | { readonly kind: 'ask'; readonly op: string }
  /** Never answers. */
  | { readonly kind: 'hang' }
  /** Resets the connection before any answer. */
  | { readonly kind: 'reset' }
  /** Ends the connection after so many bytes of the body, hard or politely. */
  | { readonly kind: 'cut'; readonly afterBytes: number; readonly isReset?: boolean }
  /** Goes silent after so many bytes of the body. */
  | { readonly kind: 'stall'; readonly afterBytes: number }
  /** Passes the body on in chunks, as HttpFS does; ends it in good order after so many bytes. */
  | { readonly kind: 'chunked'; readonly endAfterBytes?: number }
  /** Turns one bit of the body. */
  | { readonly kind: 'flip-bit'; readonly atByte: number }
  /** Puts an interim answer before it, or other fields into its head. */
  | { readonly kind: 'head'; readonly head: (head: string) => string };

export interface GatewayRequest {
  readonly node: 'namenode' | 'datanode';
  readonly op: string;
  readonly query: URLSearchParams;
  readonly headers: http.IncomingHttpHeaders;
}

export interface FaultyGateway {
  readonly url: string;
  readonly requests: GatewayRequest[];
  /** Bytes of bodies taken from the server so far. */
  passedBytes: number;
  /** Connections to the DataNode side that are open now. */
  openConnections(): number;
  fault: (request: GatewayRequest) => GatewayFault | undefined;
  close(): Promise<void>;
}

interface GatewayOptions {
  /** DataNodes are reached through the same origin, as behind Knox. */
  readonly isSingleOrigin?: boolean;
}

/** Stands before a WebHDFS server and its DataNodes, real or not, and does to their answers what networks and dying servers do. */
export async function startFaultyGateway(upstream: string, options: GatewayOptions = {}): Promise<FaultyGateway> {
  const sockets = new Set<unknown>();
  const gateway: FaultyGateway = {
    url: '',
    requests: [],
    passedBytes: 0,
    openConnections: () => sockets.size,
    fault: () => undefined,
    close: async () => void (await Promise.all(servers.map(stop))),
  };
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    void forward({ gateway, upstream, dataNodeUrl: urls[1] ?? urls[0]!, request, response }).catch(() =>
      response.destroy(),
    );
  };
  const servers = Array.from({ length: options.isSingleOrigin === true ? 1 : 2 }, () => http.createServer(handle));
  servers.at(-1)!.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const urls = await Promise.all(servers.map(listen));
  return Object.assign(gateway, { url: urls[0]! });
}

interface Forwarding {
  readonly gateway: FaultyGateway;
  readonly upstream: string;
  readonly dataNodeUrl: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

const NODE = 'gateway-node';

async function forward({ gateway, upstream, dataNodeUrl, request, response }: Forwarding): Promise<void> {
  const url = new URL(request.url!, 'http://gateway');
  const dataNode = url.searchParams.get(NODE);
  const { searchParams: query } = url;
  query.delete(NODE);
  const node = dataNode === null ? 'namenode' : 'datanode';
  const asked: GatewayRequest = { node, op: query.get('op') ?? '', query, headers: request.headers };
  gateway.requests.push(asked);
  const fault = gateway.fault(asked);
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'reset') return void request.socket.resetAndDestroy();
  if (fault?.kind === 'answer')
    return void response.writeHead(fault.status, { 'content-type': 'application/json' }).end(fault.body);
  if (fault?.kind === 'ask') query.set('op', fault.op);
  const target = new URL(`${url.pathname}?${query.toString().replaceAll('+', '%20')}`, dataNode ?? upstream);
  const answer = await ask(target, request);
  const headers = { ...answer.headers };
  if (headers.location !== undefined) {
    const location = new URL(headers.location);
    const at = new URL(`${location.pathname}${location.search}`, dataNodeUrl);
    at.searchParams.set(NODE, location.origin);
    headers.location = at.href;
  }
  if (fault?.kind === 'chunked') delete headers['content-length'];
  if (fault?.kind === 'head') return writeRaw(request, answer, fault.head);
  response.writeHead(answer.statusCode!, headers);
  await pass(gateway, answer, response, fault);
}

function ask(url: URL, request: IncomingMessage): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const headers = { ...request.headers, host: url.host };
  const outgoing = http.request(url, { method: request.method!, headers, agent: false }, resolve).on('error', reject);
  request.pipe(outgoing);
  return promise;
}

async function pass(
  gateway: FaultyGateway,
  answer: IncomingMessage,
  response: ServerResponse,
  fault: GatewayFault | undefined,
): Promise<void> {
  const limit = limitOf(fault);
  const closed = new Promise<void>((resolve) => response.once('close', resolve));
  void closed.then(() => answer.destroy());
  response.flushHeaders();
  let passed = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    const bytes = chunk.subarray(0, limit - passed);
    if (fault?.kind === 'flip-bit' && fault.atByte >= passed && fault.atByte < passed + bytes.length)
      bytes[fault.atByte - passed]! ^= 4;
    passed += bytes.length;
    gateway.passedBytes += bytes.length;
    if (bytes.length > 0 && !response.write(bytes) && passed < limit)
      await Promise.race([new Promise((resolve) => response.once('drain', resolve)), closed]);
    if (passed < limit) continue;
    if (fault?.kind === 'stall') return;
    if (fault?.kind === 'chunked') break;
    // Time for the bytes before the end to arrive: a reset may overtake them.
    await new Promise((resolve) => setTimeout(resolve, 50));
    return void (fault?.kind === 'cut' && fault.isReset === true
      ? response.socket?.resetAndDestroy()
      : response.socket?.destroySoon());
  }
  response.end();
}

function limitOf(fault: GatewayFault | undefined): number {
  if (fault?.kind === 'cut' || fault?.kind === 'stall') return fault.afterBytes;
  return fault?.kind === 'chunked' ? (fault.endAfterBytes ?? Infinity) : Infinity;
}

async function writeRaw(
  request: IncomingMessage,
  answer: IncomingMessage,
  change: (head: string) => string,
): Promise<void> {
  const fields = Object.entries(answer.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
  const head = `HTTP/1.1 ${answer.statusCode!} ${answer.statusMessage!}\r\n${fields.join('')}\r\n`;
  const body = await buffer(answer);
  request.socket.end(Buffer.concat([Buffer.from(change(head), 'latin1'), body]));
}

async function listen(server: http.Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function stop(server: http.Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
