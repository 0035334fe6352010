import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { damaged } from './damaged-stream.ts';
import { fileChecksumJson } from './file-checksum-json.ts';
import type { FileNode } from './nodes.ts';
import type { Call } from './operations.ts';
import { expectAccess } from './permissions.ts';
import { RemoteException } from './remote-exception.ts';
import type { WebHdfsFault } from './webhdfs-fault.ts';

/** What Jetty keeps back before it decides; longer answers of HttpFS go out in chunks, without a length. */
const HTTP_FS_BUFFER_BYTES = 32 * 1024;

export function checksum(call: Call, httpFsMode: 'md5' | 'composite', response: ServerResponse): void {
  expectAccess(call, 'READ');
  const file = call.fileSystem.getFile(call.path);
  if (file.flags.isUnderConstruction === true)
    throw new RemoteException('IOException', `Fail to get checksum, since file ${call.path} is under construction.`);
  sendJson(response, 200, fileChecksumJson(file, call.isHttpFs ? httpFsMode : 'md5'));
}

/** At most what is there: a range beyond the end is cut, by a DataNode as by HttpFS. */
export function open(call: Call, response: ServerResponse, fault: WebHdfsFault | undefined): void {
  expectAccess(call, 'READ');
  const file = call.fileSystem.getFile(call.path);
  const offset = Number(call.query.get('offset') ?? 0);
  if (call.isHttpFs && offset > file.sizeBytes) return sendSkipError(response, file.sizeBytes);
  if (!call.isHttpFs) expectOffset(call, file);
  const length = Math.min(Number(call.query.get('length') ?? file.sizeBytes), file.sizeBytes - offset);
  response.setHeader('Content-Type', 'application/octet-stream');
  if (!call.isHttpFs || length <= HTTP_FS_BUFFER_BYTES) response.setHeader('Content-Length', length);
  if (length === 0) return void response.end();
  const bytes = createReadStream(file.blob, { start: offset, end: offset + length - 1 });
  const stream = fault?.kind === 'cut' || fault?.kind === 'flip-bit' ? bytes.pipe(damaged(fault, response)) : bytes;
  bytes.once('error', () => response.destroy());
  response.once('close', () => bytes.destroy());
  stream.pipe(response);
}

export async function write(op: string, call: Call, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { fileSystem, path, query, user } = call;
  if (op === 'APPEND') {
    fileSystem.append(path, await bodyOf(request));
    return void response.writeHead(200, { 'Content-Length': 0 }).end();
  }
  const overwrite = query.get('overwrite') ?? String(call.isHttpFs);
  if (fileSystem.find(path) !== undefined && overwrite !== 'true')
    throw new RemoteException('FileAlreadyExistsException', `${path} for client 127.0.0.1 already exists`);
  const blockSizeBytes = query.has('blocksize') ? Number(query.get('blocksize')) : undefined;
  const permission = query.get('permission') ?? (call.isHttpFs ? '755' : '644');
  const options = { blockSizeBytes, owner: user, permission };
  fileSystem.beginFile(path, options);
  fileSystem.writeFile(path, await bodyOf(request), options);
  response.writeHead(201, { Location: `hdfs://sandbox:8020${encodeURI(path)}`, 'Content-Length': 0 }).end();
}

/** NameNodes refuse an offset at or behind the end of a file that is not empty. */
export function expectOffset(call: Call, file: FileNode): void {
  const offset = Number(call.query.get('offset') ?? 0);
  if (offset > 0 && offset >= file.sizeBytes)
    throw new RemoteException(
      'IOException',
      `Offset=${offset} out of the range [0, ${file.sizeBytes}); OPEN, path=${call.path}`,
    );
}

export function sendJson(response: ServerResponse, status: number, json: unknown): void {
  const body = Buffer.from(JSON.stringify(json));
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body);
}

/** Where an error escapes HttpFS it is Jetty that tells it, in HTML. */
function sendSkipError(response: ServerResponse, sizeBytes: number): void {
  const error = `java.io.EOFException: Premature EOF from inputStream after skipping ${sizeBytes} byte(s).`;
  const body = `<html>\n<head>\n<title>Error 500 ${error}</title>\n</head>\n<body><h2>HTTP ERROR 500 ${error}</h2></body>\n</html>\n`;
  response.writeHead(500, { 'Content-Type': 'text/html;charset=iso-8859-1', Connection: 'close' }).end(body);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
