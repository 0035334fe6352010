import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MetastoreFailure } from '../../adapters/hive-metastore/metastore-methods.ts';
import { MessageScanner } from '../../adapters/hive-metastore/thrift/message-scanner.ts';
import { MESSAGE, readHeader } from '../../adapters/hive-metastore/thrift/message.ts';
import type { Fault } from '../fault.ts';
import { MetastoreFailureAnswer, unknownMethod, type ServedMethod } from './metastore-answer.ts';
import type { MetastoreContent } from './metastore-content.ts';
import { metastoreService, type MetastoreGeneration } from './metastore-service.ts';

/** A fault of the connection, an exception of the metastore, or bytes sent instead of the answer. */
export type MetastoreFault =
  | Exclude<Fault, { kind: 'error' }>
  | { readonly kind: 'error'; readonly failure: MetastoreFailure; readonly message: string }
  | { readonly kind: 'garbage'; readonly bytes: Uint8Array };

/** What a fault function is told about a call. */
export interface MetastoreFaultCall {
  readonly method: string;
  /** Calls of this method so far, this one included. */
  readonly count: number;
}

export interface MetastoreServerOptions {
  readonly content: MetastoreContent;
  readonly generation?: MetastoreGeneration;
  /** What differs from Hive's defaults, by name. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly faults?: (call: MetastoreFaultCall) => MetastoreFault | undefined;
  /** 0, the default, takes a free one. */
  readonly port?: number;
}

export interface MetastoreServer {
  readonly host: string;
  readonly port: number;
  /** `thrift://127.0.0.1:<port>` */
  readonly address: string;
  /** Methods called so far, in order. */
  readonly calls: readonly string[];
  /** Ends open sessions at once. */
  close(): Promise<void>;
}

/** The limit of a real metastore (hive.metastore.server.max.message.size). */
const MAX_CALL_BYTES = 100 * 1024 * 1024;

/** A Hive metastore over tables in memory, speaking the real protocol (TBinaryProtocol, unframed) on 127.0.0.1. Nothing can be written through it. */
export async function startMetastoreServer(options: MetastoreServerOptions): Promise<MetastoreServer> {
  const service = metastoreService(options.content, options.generation ?? '3', options.settings);
  const calls: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    void serveSession(socket, { service, calls, faults: options.faults }).catch(() => socket.destroy());
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> => closeServer(server, sockets);
  return { host: '127.0.0.1', port, address: `thrift://127.0.0.1:${port}`, calls, close };
}

interface Session {
  readonly service: ReadonlyMap<string, ServedMethod>;
  readonly calls: string[];
  readonly faults: MetastoreServerOptions['faults'];
}

async function serveSession(socket: Socket, session: Session): Promise<void> {
  let arrived: Buffer = Buffer.alloc(0);
  let scanner = new MessageScanner(MAX_CALL_BYTES);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    arrived = Buffer.concat([arrived, chunk]);
    for (let end = scanner.scan(arrived); end !== undefined; end = scanner.scan(arrived)) {
      await answerCall(socket, session, arrived.subarray(0, end));
      arrived = arrived.subarray(end);
      scanner = new MessageScanner(MAX_CALL_BYTES);
    }
  }
}

async function answerCall(socket: Socket, session: Session, message: Buffer): Promise<void> {
  const header = readHeader(message);
  if (header.type !== MESSAGE.call) throw new Error('not a call');
  session.calls.push(header.method);
  const count = session.calls.filter((name) => name === header.method).length;
  const fault = session.faults?.({ method: header.method, count });
  if (fault?.kind === 'reset') return void socket.resetAndDestroy();
  if (fault?.kind === 'delay') await sleep(fault.delayMs);
  const answer = answerBytes(session.service.get(header.method), header, fault);
  if (fault?.kind === 'lose-acknowledgement') return void socket.resetAndDestroy();
  if (fault?.kind === 'cut') return void socket.end(answer.subarray(0, fault.afterBytes));
  if (!socket.write(answer)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
}

function answerBytes(
  served: ServedMethod | undefined,
  { method, sequence, reader }: ReturnType<typeof readHeader>,
  fault: MetastoreFault | undefined,
): Uint8Array {
  if (fault?.kind === 'garbage') return fault.bytes;
  if (served === undefined) return unknownMethod(method, sequence);
  if (fault?.kind === 'error') return served.fail(new MetastoreFailureAnswer(fault.failure, fault.message), sequence);
  return served.answer(reader, sequence);
}

function closeServer(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });
}
