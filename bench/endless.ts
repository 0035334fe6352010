import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { regularLayout } from '../src/domain/checksum/block-layout.ts';
import { CHUNK_BYTES, crcOf } from '../src/domain/checksum/crc.ts';
import { HdfsFileHash } from '../src/domain/checksum/hdfs-file-hash.ts';

const BLOCK_BYTES = 128 * 1024 * 1024;
const ZEROS = Buffer.alloc(1 << 20);

export interface Listening {
  readonly url: string;
  close(): void;
}

/** A WebHDFS server whose folder `/bench/one` holds one file of zeros, generated as it is read: no disk is large enough for what memory is to be tested with. */
export function serveZeros(sizeBytes: number): Promise<Listening> {
  const status = (pathSuffix: string, isFile: boolean) => ({
    accessTime: 0,
    blockSize: isFile ? BLOCK_BYTES : 0,
    childrenNum: isFile ? 0 : 1,
    fileId: isFile ? 16_387 : 16_386,
    group: 'hdfs',
    length: isFile ? sizeBytes : 0,
    modificationTime: 1_700_000_000_000,
    owner: 'hdfs',
    pathSuffix,
    permission: '644',
    replication: 1,
    storagePolicy: 0,
    type: isFile ? 'FILE' : 'DIRECTORY',
  });
  const json: Readonly<Record<string, (isFile: boolean) => unknown>> = {
    GETFILESTATUS: (isFile) => ({ FileStatus: status('', isFile) }),
    LISTSTATUS_BATCH: () => ({
      DirectoryListing: {
        partialListing: { FileStatuses: { FileStatus: [status('zeros.bin', true)] } },
        remainingEntries: 0,
      },
    }),
    GETCONTENTSUMMARY: () => ({
      ContentSummary: {
        directoryCount: 1,
        fileCount: 1,
        length: sizeBytes,
        quota: -1,
        spaceConsumed: sizeBytes,
        spaceQuota: -1,
      },
    }),
    GETFILECHECKSUM: () => ({ FileChecksum: checksumOfZeros(sizeBytes) }),
  };
  return listen((request, answer) => {
    const url = new URL(request.url!, 'http://localhost');
    const op = url.searchParams.get('op')!.toUpperCase();
    if (op === 'OPEN' && !url.searchParams.has('datanode'))
      return answer.writeHead(307, { location: `http://${request.headers.host}${request.url}&datanode=1` }).end();
    if (op === 'OPEN') return void sendZeros(answer, Number(url.searchParams.get('length')));
    answer.setHeader('content-type', 'application/json').end(JSON.stringify(json[op]!(url.pathname.endsWith('.bin'))));
  });
}

async function sendZeros(answer: http.ServerResponse, length: number): Promise<void> {
  answer.writeHead(200, { 'content-length': length, connection: 'close' });
  for (let left = length; left > 0 && !answer.destroyed; left -= ZEROS.length)
    if (!answer.write(ZEROS.subarray(0, Math.min(left, ZEROS.length))))
      await once(answer, 'drain').catch(() => undefined);
  answer.end();
}

function checksumOfZeros(sizeBytes: number): unknown {
  const layout = regularLayout(sizeBytes, BLOCK_BYTES);
  const hash = new HdfsFileHash(layout, 'CRC32C');
  const block = new Uint8Array((BLOCK_BYTES / CHUNK_BYTES) * 4);
  crcOf('CRC32C').sumChunks(new Uint8Array(BLOCK_BYTES), block);
  for (let offset = 0; offset < sizeBytes; offset += BLOCK_BYTES) {
    const rest = new Uint8Array(Math.min(BLOCK_BYTES, sizeBytes - offset));
    const crcs = rest.length === BLOCK_BYTES ? block : new Uint8Array(Math.ceil(rest.length / CHUNK_BYTES) * 4);
    if (crcs !== block) crcOf('CRC32C').sumChunks(rest, crcs);
    hash.append(crcs);
  }
  const { bytesPerCrc, crcPerBlock, md5 } = hash.digest();
  const bytes = Buffer.alloc(32);
  bytes.writeInt32BE(bytesPerCrc, 0);
  bytes.writeBigInt64BE(BigInt(crcPerBlock), 4);
  bytes.write(md5, 12, 'hex');
  return { algorithm: `MD5-of-${crcPerBlock}MD5-of-${bytesPerCrc}CRC32C`, bytes: bytes.toString('hex'), length: 28 };
}

/** An S3 server that takes parts and forgets them. It checks nothing: what the client keeps in memory is the question here. */
export function swallowParts(): Promise<Listening> {
  return listen((request, answer) => {
    const { searchParams } = new URL(request.url!, 'http://localhost');
    request.resume();
    request.once('end', () => {
      if (request.method === 'HEAD') return answer.writeHead(request.url!.split('/').length > 3 ? 404 : 200).end();
      if (request.method === 'PUT') return answer.setHeader('etag', '"part"').end();
      const isStart = request.method === 'POST' && searchParams.has('uploads');
      const xml = isStart
        ? '<InitiateMultipartUploadResult><UploadId>one</UploadId></InitiateMultipartUploadResult>'
        : request.method === 'POST'
          ? `<CompleteMultipartUploadResult><ETag>"${createHash('md5').digest('hex')}"</ETag></CompleteMultipartUploadResult>`
          : '<ListMultipartUploadsResult><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>';
      return answer.setHeader('content-type', 'application/xml').end(xml);
    });
  });
}

async function listen(onRequest: http.RequestListener): Promise<Listening> {
  const server = http.createServer(onRequest).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}`, close };
}
