import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { crcOf, crcToBase64 } from '../src/domain/checksum/crc.ts';
import { listenOnLoopback, type SandboxServer } from '../src/sandbox/loopback.ts';

const MISMATCH = '<Error><Code>BadDigest</Code><Message>The CRC32C did not match</Message></Error>';

/** An S3 server that compares parts with their CRC32C, as S3 does, and forgets them: no disk is large enough for what memory is to be tested with. */
export function swallowParts(): Promise<SandboxServer> {
  const take = async (request: IncomingMessage, answer: ServerResponse): Promise<unknown> => {
    const { searchParams } = new URL(request.url!, 'http://localhost');
    const crc32c = await crcOfBody(request);
    if (request.method === 'HEAD') return answer.writeHead(request.url!.split('/').length > 3 ? 404 : 200).end();
    if (request.method === 'PUT' && request.headers['x-amz-checksum-crc32c'] !== crc32c)
      return answer.writeHead(400, { 'content-type': 'application/xml' }).end(MISMATCH);
    if (request.method === 'PUT')
      return answer.writeHead(200, { etag: '"part"', 'x-amz-checksum-crc32c': crc32c }).end();
    if (request.method === 'DELETE') return answer.writeHead(204).end();
    const isStart = request.method === 'POST' && searchParams.has('uploads');
    const xml = isStart
      ? '<InitiateMultipartUploadResult><UploadId>one</UploadId></InitiateMultipartUploadResult>'
      : request.method === 'POST'
        ? `<CompleteMultipartUploadResult><ETag>"${createHash('md5').digest('hex')}"</ETag></CompleteMultipartUploadResult>`
        : '<ListMultipartUploadsResult><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>';
    return answer.setHeader('content-type', 'application/xml').end(xml);
  };
  return listenOnLoopback(createServer((request, answer) => void take(request, answer)));
}

async function crcOfBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return crcToBase64(crcOf('CRC32C').sum(Buffer.concat(pieces)));
}
