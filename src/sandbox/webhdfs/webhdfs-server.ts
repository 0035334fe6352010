import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { resetConnection } from '../fault.ts';
import { listenOnLoopback, type SandboxServer } from '../loopback.ts';
import { composedPath } from './composed-path.ts';
import { checksum, expectOffset, open, sendJson, write } from './data-operations.ts';
import { DELETE_OPERATIONS, GET_OPERATIONS, POST_OPERATIONS, PUT_OPERATIONS, type Call } from './operations.ts';
import { expectAccess } from './permissions.ts';
import { startDataPorts, type BlockFaultHook, type DataPorts } from './data-ports.ts';
import { RemoteException } from './remote-exception.ts';
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
  /** How many DataNodes give out blocks on data ports of their own; none unless said. */
  readonly dataPorts?: number;
  readonly blockFaults?: BlockFaultHook;
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
  const tokens = new Map<string, string>();
  const urls: Partial<Record<Role, string>> = {};
  const dataPorts = await startDataPorts(options.dataPorts ?? 0, options.blockFaults ?? (() => undefined));
  const start = async (role: Role): Promise<SandboxServer> => {
    const handler = new WebHdfsHandler({
      role,
      fileSystem,
      tokens,
      options,
      dataPorts,
      dataNodeUrl: () => urls.datanode!,
    });
    const running = await listenOnLoopback(handler.server());
    urls[role] = running.url;
    return running;
  };
  const servers = await Promise.all([start('datanode'), start('namenode'), start('httpfs')]);
  return {
    fileSystem,
    webHdfsUrl: urls.namenode!,
    httpFsUrl: urls.httpfs!,
    close: async () => void (await Promise.all([...servers, dataPorts].map((server) => server.close()))),
  };
}

interface HandlerSettings {
  readonly role: Role;
  readonly fileSystem: SandboxFileSystem;
  readonly tokens: Map<string, string>;
  readonly options: WebHdfsServerOptions;
  readonly dataPorts: DataPorts;
  readonly dataNodeUrl: () => string;
}

class WebHdfsHandler {
  readonly #settings: HandlerSettings;

  constructor(settings: HandlerSettings) {
    this.#settings = settings;
  }

  server(): Server {
    return createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) => {
        const isHttpFs = this.#settings.role === 'httpfs';
        if (error instanceof RemoteException)
          sendJson(response, isHttpFs ? error.httpFsStatus : error.status, error.toJson());
        else if (!response.headersSent)
          sendJson(response, 500, { RemoteException: { exception: 'RuntimeException', message: String(error) } });
        else response.destroy();
      });
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    this.#authenticate(url.searchParams);
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
    if (!DATA_OPERATIONS.has(op)) return answer(call, op, { request, response });
    if (!isDataStep(role, request.method, call.query)) return this.#redirect(url, call, response, op);
    if (role === 'datanode') response.setHeader('Connection', 'close');
    if (op === 'GETFILECHECKSUM') return checksum(call, this.#settings.options.httpFsChecksum ?? 'md5', response);
    if (op === 'OPEN') return open(call, response, fault);
    return write(op, call, request, response);
  }

  #read(url: URL): Call {
    const { fileSystem, tokens, options, role, dataPorts } = this.#settings;
    const query = url.searchParams;
    const path = decodeURIComponent(url.pathname.replace(/^\/webhdfs\/v1/, '')).replace(/\/+$/, '') || '/';
    return {
      fileSystem,
      path,
      query,
      tokens,
      dataPorts,
      user: tokens.get(query.get('delegation') ?? '') ?? query.get('user.name') ?? 'dr.who',
      listLimit: options.listLimit ?? 1000,
      isHttpFs: role === 'httpfs',
    };
  }

  /** HttpFS knows its tokens; a NameNode looks at them only where security is on. */
  #authenticate(query: URLSearchParams): void {
    const { role, tokens, options } = this.#settings;
    const token = query.get('delegation');
    if (role === 'datanode' || (token !== null && tokens.has(token))) return;
    if (role === 'httpfs' && token !== null)
      throw new RemoteException(
        'AuthenticationException',
        "org.apache.hadoop.security.token.SecretManager$InvalidToken: Token for real user: , can't be found in cache",
      );
    if (options.requiresToken === true && !query.get('op')?.endsWith('DELEGATIONTOKEN'))
      throw new RemoteException('SecurityException', 'Failed to obtain user group information: InvalidToken');
  }

  /** What the NameNode checks before it names a DataNode, then where to go; HttpFS names itself, with `data=true`. */
  #redirect(url: URL, call: Call, response: ServerResponse, op: string): void {
    if (op === 'OPEN' || op === 'GETFILECHECKSUM') {
      expectAccess(call, 'READ');
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
}

/** HttpFS reads at once, and writes once it has sent the client to itself. */
function isDataStep(role: Role, method: string | undefined, query: URLSearchParams): boolean {
  return role === 'datanode' || (role === 'httpfs' && (method === 'GET' || query.get('data') === 'true'));
}

/** Does to a request what a fault says; true when it is not served. */
async function strikes(fault: WebHdfsFault, request: IncomingMessage): Promise<boolean> {
  if (fault.kind === 'exception') throw new RemoteException(fault.exception, fault.message ?? fault.exception);
  if (fault.kind === 'delay') await sleep(fault.delayMs);
  if (fault.kind === 'reset') resetConnection(request);
  return fault.kind === 'reset' || fault.kind === 'hang';
}

function answer(
  call: Call,
  op: string,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): void {
  const method = request.method ?? '';
  const operation = BY_METHOD[method]?.[op];
  if (operation === undefined) throw unknownOperation(call, method, op);
  const json = operation(call);
  if (json === undefined) response.writeHead(200, { 'Content-Length': 0 }).end();
  else sendJson(response, 200, json);
}

function unknownOperation({ isHttpFs }: Call, method: string, op: string): RemoteException {
  if (isHttpFs) {
    const constant = `org.apache.hadoop.fs.http.client.HttpFSFileSystem.Operation.${op}`;
    return new RemoteException(
      'QueryParamException',
      `java.lang.IllegalArgumentException: No enum constant ${constant}`,
    );
  }
  const message = `Invalid value for webhdfs parameter "op": ${op} is not a valid ${method} operation.`;
  return new RemoteException('IllegalArgumentException', message);
}
