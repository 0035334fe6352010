import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { resetConnection } from '../fault.ts';
import { listenOnLoopback, type SandboxServer } from '../loopback.ts';
import { composedPath } from './composed-path.ts';
import { damaged } from './damaged-stream.ts';
import { fileChecksumJson } from './file-checksum-json.ts';
import {
  DELETE_OPERATIONS,
  GET_OPERATIONS,
  POST_OPERATIONS,
  PUT_OPERATIONS,
  readable,
  type Call,
} from './operations.ts';
import { RemoteException } from './remote-exception.ts';
import type { FileNode } from './nodes.ts';
import { SandboxFileSystem } from './sandbox-file-system.ts';
import type { Role, WebHdfsFault, WebHdfsFaultHook } from './webhdfs-fault.ts';

export interface WebHdfsServerOptions {
  readonly directory: string;
  readonly listLimit?: number;
  /** What HttpFS answers to GETFILECHECKSUM; a DataNode always answers MD5. */
  readonly httpFsChecksum?: 'md5' | 'composite';
  /** Tokens must be known; off unless a test needs it. */
  readonly requiresToken?: boolean;
  readonly faults?: WebHdfsFaultHook;
}

export interface SandboxWebHdfs {
  readonly fileSystem: SandboxFileSystem;
  readonly webHdfsUrl: string;
  readonly httpFsUrl: string;
  close(): Promise<void>;
}

const DATA_OPERATIONS = new Set(['OPEN', 'GETFILECHECKSUM', 'CREATE', 'APPEND']);
const BY_METHOD: Readonly<Record<string, Readonly<Record<string, (call: Call) => unknown>>>> = {
  GET: GET_OPERATIONS,
  PUT: PUT_OPERATIONS,
  POST: POST_OPERATIONS,
  DELETE: DELETE_OPERATIONS,
};

/** A NameNode, a DataNode and HttpFS on three ports over one file system, as Hadoop 3.4 answers. */
export async function startWebHdfsServer(options: WebHdfsServerOptions): Promise<SandboxWebHdfs> {
  const fileSystem = new SandboxFileSystem(options.directory);
  const tokens = new Set<string>();
  const urls: Partial<Record<Role, string>> = {};
  const start = async (role: Role): Promise<SandboxServer> => {
    const handler = new WebHdfsHandler({ role, fileSystem, tokens, options, dataNodeUrl: () => urls.datanode! });
    const running = await listenOnLoopback(handler.server());
    urls[role] = running.url;
    return running;
  };
  const servers = await Promise.all([start('datanode'), start('namenode'), start('httpfs')]);
  return {
    fileSystem,
    webHdfsUrl: urls.namenode!,
    httpFsUrl: urls.httpfs!,
    close: async () => void (await Promise.all(servers.map((server) => server.close()))),
  };
}

interface HandlerSettings {
  readonly role: Role;
  readonly fileSystem: SandboxFileSystem;
  readonly tokens: Set<string>;
  readonly options: WebHdfsServerOptions;
  readonly dataNodeUrl: () => string;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly fault: WebHdfsFault | undefined;
}

class WebHdfsHandler {
  readonly #settings: HandlerSettings;

  constructor(settings: HandlerSettings) {
    this.#settings = settings;
  }

  server(): Server {
    return createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) => {
        if (error instanceof RemoteException) sendJson(response, error.status, error.toJson());
        else if (!response.headersSent)
          sendJson(response, 500, { RemoteException: { exception: 'RuntimeException', message: String(error) } });
        else response.destroy();
      });
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const call = this.#read(url);
    const op = (url.searchParams.get('op') ?? '').toUpperCase();
    const { role } = this.#settings;
    const fault = this.#settings.options.faults?.({
      server: role,
      operation: op,
      path: call.path,
      offset: Number(url.searchParams.get('offset') ?? 0),
    });
    if (fault !== undefined && (await strikes(fault, request))) return;
    if (!DATA_OPERATIONS.has(op)) return answer(response, BY_METHOD[request.method ?? '']?.[op], call, op);
    const isDataStep =
      role === 'datanode' ||
      (role === 'httpfs' && (request.method === 'GET' || url.searchParams.get('data') === 'true'));
    if (!isDataStep) return this.#redirect(url, call, response, op);
    return this.#serveData(op, call, { request, response, fault });
  }

  async #serveData(op: string, call: Call, exchange: Exchange): Promise<void> {
    if (this.#settings.role === 'datanode') exchange.response.setHeader('Connection', 'close');
    if (op === 'GETFILECHECKSUM') return this.#checksum(call, exchange.response);
    if (op === 'OPEN') return this.#open(call, exchange.response, exchange.fault);
    return this.#write(op, call, exchange.request, exchange.response);
  }

  #read(url: URL): Call {
    const { fileSystem, tokens, options, role } = this.#settings;
    const query = url.searchParams;
    const token = query.get('delegation');
    if (
      options.requiresToken === true &&
      role !== 'datanode' &&
      (token === null || !tokens.has(token)) &&
      query.get('op') !== 'GETDELEGATIONTOKEN'
    )
      throw new RemoteException('SecurityException', 'Failed to obtain user group information: InvalidToken');
    const path = decodeURIComponent(url.pathname.replace(/^\/webhdfs\/v1/, '')).replace(/\/+$/, '') || '/';
    return {
      fileSystem,
      path,
      query,
      tokens,
      user: query.get('user.name') ?? 'dr.who',
      listLimit: options.listLimit ?? 1000,
      isHttpFs: role === 'httpfs',
    };
  }

  /** What the NameNode checks before it names a DataNode, then where to go; HttpFS names itself, with `data=true`. */
  #redirect(url: URL, call: Call, response: ServerResponse, op: string): void {
    if (op === 'OPEN' || op === 'GETFILECHECKSUM') {
      readable(call);
      expectOffset(call, call.fileSystem.getFile(call.path));
    }
    const isHttpFs = this.#settings.role === 'httpfs';
    const location = new URL(url);
    if (isHttpFs) location.host = response.req.headers.host ?? location.host;
    else location.href = new URL(composedPath(url.pathname) + url.search, this.#settings.dataNodeUrl()).href;
    location.searchParams.set(isHttpFs ? 'data' : 'namenoderpcaddress', isHttpFs ? 'true' : 'sandbox:8020');
    if (url.searchParams.get('noredirect') === 'true') return sendJson(response, 200, { Location: location.href });
    response.writeHead(307, { Location: location.href, 'Content-Length': 0 }).end();
  }

  #checksum(call: Call, response: ServerResponse): void {
    readable(call);
    const file = call.fileSystem.getFile(call.path);
    if (file.flags.isUnderConstruction === true)
      throw new RemoteException('IOException', `Fail to get checksum, since file ${call.path} is under construction.`);
    sendJson(
      response,
      200,
      fileChecksumJson(
        file,
        this.#settings.role === 'httpfs' ? (this.#settings.options.httpFsChecksum ?? 'md5') : 'md5',
      ),
    );
  }

  #open(call: Call, response: ServerResponse, fault: ReturnType<WebHdfsFaultHook>): void {
    readable(call);
    const file = call.fileSystem.getFile(call.path);
    expectOffset(call, file);
    const offset = Number(call.query.get('offset') ?? 0);
    const length = Math.min(Number(call.query.get('length') ?? file.sizeBytes), file.sizeBytes - offset);
    response.setHeader('Content-Type', 'application/octet-stream');
    response.setHeader('Content-Length', length);
    if (length === 0) return void response.end();
    const bytes = createReadStream(file.blob, { start: offset, end: offset + length - 1 });
    const stream = fault?.kind === 'cut' || fault?.kind === 'flip-bit' ? bytes.pipe(damaged(fault, response)) : bytes;
    bytes.once('error', () => response.destroy());
    response.once('close', () => bytes.destroy());
    stream.pipe(response);
  }

  async #write(op: string, call: Call, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { fileSystem, path, query, user } = call;
    if (op === 'APPEND') {
      fileSystem.append(path, body);
      return void response.writeHead(200).end();
    }
    if (fileSystem.find(path) !== undefined && query.get('overwrite') !== 'true')
      throw new RemoteException('FileAlreadyExistsException', `${path} for client 127.0.0.1 already exists`);
    const blockSizeBytes = query.has('blocksize') ? Number(query.get('blocksize')) : undefined;
    fileSystem.writeFile(path, body, { blockSizeBytes, owner: user, permission: query.get('permission') ?? undefined });
    response.writeHead(201, { Location: `hdfs://sandbox:8020${encodeURI(path)}` }).end();
  }
}

/** Does to a request what a fault says; true when it is not served. */
async function strikes(fault: WebHdfsFault, request: IncomingMessage): Promise<boolean> {
  if (fault.kind === 'exception') throw new RemoteException(fault.exception, fault.message ?? fault.exception);
  if (fault.kind === 'delay') await sleep(fault.delayMs);
  if (fault.kind === 'reset') resetConnection(request);
  return fault.kind === 'reset' || fault.kind === 'hang';
}

function answer(
  response: ServerResponse,
  operation: ((call: Call) => unknown) | undefined,
  call: Call,
  op: string,
): void {
  if (operation === undefined)
    throw new RemoteException(
      'IllegalArgumentException',
      `Invalid value for webhdfs parameter "op": No enum constant org.apache.hadoop.hdfs.web.resources.GetOpParam.Op.${op}`,
    );
  const json = operation(call);
  if (json === undefined) response.writeHead(200, { 'Content-Length': 0 }).end();
  else sendJson(response, 200, json);
}

function sendJson(response: ServerResponse, status: number, json: unknown): void {
  const body = Buffer.from(JSON.stringify(json));
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body);
}

function expectOffset(call: Call, file: FileNode): void {
  const offset = Number(call.query.get('offset') ?? 0);
  if (offset > 0 && offset >= file.sizeBytes)
    throw new RemoteException(
      'IOException',
      `Offset=${offset} out of the range [0, ${file.sizeBytes}); OPEN, path=${call.path}`,
    );
}
