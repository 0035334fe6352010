import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { resetConnection, type Fault } from '../fault.ts';
import { listenOnLoopback, type SandboxServer } from '../loopback.ts';
import { isAllowed, signerOf, type AccessKey } from '../access-key.ts';
import type { SandboxCredentials, SignatureProblem } from '../sigv4.ts';
import {
  createDatabase,
  deleteDatabase,
  getDatabase,
  getDatabases,
  getTags,
  tagResource,
} from './database-operations.ts';
import type { GlueHandler } from './glue-call.ts';
import { GlueError } from './glue-error.ts';
import { GlueIndex } from './glue-index.ts';
import { createPartitionIndex, deletePartitionIndex, getPartitionIndexes } from './index-operations.ts';
import {
  batchCreatePartition,
  batchDeletePartition,
  batchGetPartition,
  batchUpdatePartition,
  getPartition,
  getPartitions,
} from './partition-operations.ts';
import {
  getPartitionStatistics,
  getTableStatistics,
  updatePartitionStatistics,
  updateTableStatistics,
} from './statistics-operations.ts';
import { createTable, deleteTable, getTable, getTables, getTableVersions, updateTable } from './table-operations.ts';

/** What a fault function is told about a request; names as the client wrote them. */
export interface GlueFaultRequest {
  readonly operation: string;
  readonly database: string | undefined;
  readonly table: string | undefined;
}

export interface GlueServerOptions {
  /** Holds the catalog, across restarts and kill -9; in memory when undefined. */
  readonly directory: string | undefined;
  readonly credentials: SandboxCredentials;
  /** Further keys of the account. */
  readonly keys?: readonly AccessKey[];
  /** Called once per authentic request, before any work. */
  readonly faults?: (request: GlueFaultRequest) => Fault | undefined;
  /** Operations refused with AccessDeniedException, e.g. `CreateTable`. */
  readonly denied?: readonly string[];
  readonly port?: number;
}

const HANDLERS: Readonly<Record<string, GlueHandler>> = {
  CreateDatabase: createDatabase,
  GetDatabase: getDatabase,
  GetDatabases: getDatabases,
  DeleteDatabase: deleteDatabase,
  CreateTable: createTable,
  UpdateTable: updateTable,
  GetTable: getTable,
  GetTables: getTables,
  GetTableVersions: getTableVersions,
  DeleteTable: deleteTable,
  BatchCreatePartition: batchCreatePartition,
  BatchUpdatePartition: batchUpdatePartition,
  BatchDeletePartition: batchDeletePartition,
  BatchGetPartition: batchGetPartition,
  GetPartition: getPartition,
  GetPartitions: getPartitions,
  CreatePartitionIndex: createPartitionIndex,
  DeletePartitionIndex: deletePartitionIndex,
  GetPartitionIndexes: getPartitionIndexes,
  UpdateColumnStatisticsForTable: updateTableStatistics,
  UpdateColumnStatisticsForPartition: updatePartitionStatistics,
  GetColumnStatisticsForTable: getTableStatistics,
  GetColumnStatisticsForPartition: getPartitionStatistics,
  TagResource: tagResource,
  GetTags: getTags,
};

/** A Glue Data Catalog endpoint (AWS JSON 1.1) on a free port of 127.0.0.1. */
export async function startGlueServer(options: GlueServerOptions): Promise<SandboxServer> {
  const index = new GlueIndex(options.directory);
  const server = createServer((request, response) => {
    void serve(request, response, { options, index });
  });
  const endpoint = await listenOnLoopback(server, options.port);
  return { url: endpoint.url, close: () => endpoint.close().finally(() => index.close()) };
}

interface Surroundings {
  readonly options: GlueServerOptions;
  readonly index: GlueIndex;
}

async function serve(request: IncomingMessage, response: ServerResponse, around: Surroundings): Promise<void> {
  let fault: Fault | undefined;
  let answer: Answer | undefined;
  try {
    const body = await readBody(request);
    const call = parseCall(request, body, around.options);
    fault = around.options.faults?.(call.faultRequest);
    await before(fault);
    if (fault?.kind !== 'reset') answer = { status: 200, body: work(call, around) };
  } catch (error) {
    answer = errorAnswer(error);
  }
  if (answer === undefined || fault?.kind === 'lose-acknowledgement') resetConnection(request);
  else if (fault?.kind === 'cut') sendCut(response, answer, fault.afterBytes);
  else send(response, answer);
}

async function before(fault: Fault | undefined): Promise<void> {
  if (fault?.kind === 'error') throw new GlueError(fault.code, fault.message ?? 'Rate exceeded', fault.status);
  if (fault?.kind === 'delay') await sleep(fault.delayMs);
}

interface Call {
  readonly signer: AccessKey;
  readonly operation: string;
  readonly input: object;
  readonly faultRequest: GlueFaultRequest;
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}

function parseCall(request: IncomingMessage, body: Buffer, { credentials, keys = [] }: GlueServerOptions): Call {
  const payloadHash = createHash('sha256').update(body).digest('hex');
  const signer = signerOf(request, payloadHash, [credentials, ...keys]);
  if (typeof signer === 'string') throw SIGNATURE_ERRORS[signer];
  const [service, operation = ''] = String(request.headers['x-amz-target']).split('.');
  if (service !== 'AWSGlue' || !Object.hasOwn(HANDLERS, operation))
    throw new GlueError('UnknownOperationException', `The sandbox has no operation ${operation}`);
  const input = parseJson(body);
  const database = input['DatabaseName'] ?? (operation.includes('Database') ? input['Name'] : undefined);
  const table = input['TableName'] ?? (operation.includes('Table') ? input['Name'] : undefined);
  return { signer, operation, input, faultRequest: { operation, database: text(database), table: text(table) } };
}

function parseJson(body: Buffer): Record<string, unknown> {
  try {
    return JSON.parse(body.toString()) as Record<string, unknown>;
  } catch {
    throw new GlueError('SerializationException', 'The request body is not JSON');
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function work({ signer, operation, input }: Call, { options, index }: Surroundings): object {
  if (options.denied?.includes(operation) || !isAllowed(signer, `glue:${operation}`))
    throw new GlueError('AccessDeniedException', `User is not authorized to perform: glue:${operation}`);
  const handler = HANDLERS[operation] as GlueHandler<object>;
  return handler(input, index);
}

const SIGNATURE_ERRORS: Readonly<Record<SignatureProblem, GlueError>> = {
  missing: new GlueError('MissingAuthenticationTokenException', 'Missing Authentication Token'),
  malformed: new GlueError('IncompleteSignatureException', 'The authorization header is not valid.'),
  'unknown-key': new GlueError('UnrecognizedClientException', 'The security token included in the request is invalid.'),
  skewed: new GlueError('InvalidSignatureException', 'Signature expired: check the clock of this machine.'),
  mismatch: new GlueError(
    'InvalidSignatureException',
    'The request signature we calculated does not match the signature you provided.',
  ),
};

function errorAnswer(error: unknown): Answer {
  const known =
    error instanceof GlueError
      ? error
      : new GlueError('InternalServiceException', `Internal error: ${String(error)}`, 500);
  return { status: known.status, body: { __type: known.code, Message: known.message } };
}

function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, headers()).end(JSON.stringify(answer.body));
}

function sendCut(response: ServerResponse, answer: Answer, afterBytes: number): void {
  const body = Buffer.from(JSON.stringify(answer.body));
  response.writeHead(answer.status, { ...headers(), 'content-length': body.length });
  response.write(body.subarray(0, afterBytes), () => resetConnection(response.req));
}

function headers(): Record<string, string> {
  return { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() };
}
