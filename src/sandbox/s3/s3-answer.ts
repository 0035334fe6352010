import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { resetConnection } from '../fault.ts';
import type { S3Answer } from './s3-call.ts';
import { S3Error } from './s3-error.ts';
import { s3ErrorDocument } from './s3-xml.ts';

/** An error as the client gets it, once its body has been taken in: it reads the answer only then. */
export async function errorAnswer({ request, requestId }: Exchange, error: unknown): Promise<S3Answer> {
  await drain(request);
  const known =
    error instanceof S3Error
      ? error
      : new S3Error('InternalError', `We encountered an internal error: ${String(error)}`, 500);
  const [resource] = (request.url ?? '/').split('?');
  return {
    status: known.status,
    headers: { 'content-type': 'application/xml' },
    body: s3ErrorDocument({
      Code: known.code,
      Message: known.message,
      Resource: resource,
      RequestId: requestId,
      HostId: 'sandbox',
    }),
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
}

export async function sendAnswer(
  { request, response, requestId }: Exchange,
  answer: S3Answer,
  cutAfter?: number,
): Promise<void> {
  const { body } = answer;
  response.statusCode = answer.status ?? 200;
  response.setHeader('x-amz-request-id', requestId);
  response.setHeader('server', 'lakelift-sandbox');
  if (typeof body === 'string') response.setHeader('content-type', 'application/xml');
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  if (typeof body === 'string') response.setHeader('content-length', Buffer.byteLength(body));
  if (request.method === 'HEAD' || body === undefined) {
    response.end();
    return;
  }
  const source = typeof body === 'string' ? Readable.from([Buffer.from(body)]) : body;
  // A client that leaves early is its own affair.
  if (cutAfter === undefined) await pipeline(source, response).catch(() => undefined);
  else await sendCut({ request, response, requestId }, source, cutAfter);
}

async function sendCut({ request, response }: Exchange, source: Readable, cutAfter: number): Promise<void> {
  let leftBytes = cutAfter;
  for await (const bytes of source as AsyncIterable<Buffer>) {
    await new Promise((resolve) => response.write(bytes.subarray(0, leftBytes), resolve));
    leftBytes -= bytes.length;
    if (leftBytes <= 0) break;
  }
  resetConnection(request);
}

async function drain(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return;
  await new Promise((resolve) => request.once('end', resolve).once('close', resolve).resume());
}
