import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { resetConnection, type Fault } from '../fault.ts';
import { listenOnLoopback, type SandboxServer } from '../loopback.ts';
import { isAllowed, signerOf, type AccessKey } from '../access-key.ts';
import type { SandboxCredentials, SignatureProblem } from '../sigv4.ts';
import { DataFiles } from './data-files.ts';
import { HANDLERS } from './handlers.ts';
import { parseS3Call, type S3Action, type S3Answer, type S3Call, type S3Store } from './s3-call.ts';
import { S3Error, s3Errors } from './s3-error.ts';
import { S3Index } from './s3-index.ts';
import { errorAnswer, sendAnswer } from './s3-answer.ts';

/** What a fault function is told about a request. */
export interface S3FaultRequest {
  readonly operation: string;
  readonly action: S3Action;
  readonly bucket: string;
  readonly key: string;
  readonly partNumber: number | undefined;
}

export interface S3ServerOptions {
  /** Holds everything; a server started again on it, even after kill -9, goes on where the last one was. */
  readonly directory: string;
  readonly credentials: SandboxCredentials;
  /** Further keys of the account. */
  readonly keys?: readonly AccessKey[];
  /** Called once per authentic request, before any work. */
  readonly faults?: (request: S3FaultRequest) => Fault | undefined;
  /** Actions each bucket refuses with AccessDenied, as a policy would. */
  readonly denied?: Readonly<Record<string, readonly S3Action[]>>;
  /** Smallest part but the last; 5 MiB as on S3. */
  readonly minPartBytes?: number;
  readonly port?: number;
}

/** An S3 endpoint (path style, any region) over a directory, on a free port of 127.0.0.1. */
export async function startS3Server(options: S3ServerOptions): Promise<SandboxServer> {
  mkdirSync(options.directory, { recursive: true });
  const index = new S3Index(options.directory);
  const data = new DataFiles(options.directory);
  const known = index.knownFiles();
  data.sweep((file) => known.has(file));
  const store: S3Store = { index, data, minPartBytes: options.minPartBytes ?? 5 * 1024 * 1024 };
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    void serve(request, response, { options, store });
  });
  const endpoint = await listenOnLoopback(server, options.port);
  return { url: endpoint.url, close: () => endpoint.close().finally(() => index.close()) };
}

interface Surroundings {
  readonly options: S3ServerOptions;
  readonly store: S3Store;
}

async function serve(request: IncomingMessage, response: ServerResponse, around: Surroundings): Promise<void> {
  const exchange = { request, response, requestId: randomBytes(8).toString('hex').toUpperCase() };
  let fault: Fault | undefined;
  let answer: S3Answer | undefined;
  try {
    const call = parseS3Call(request);
    const signer = authenticate(call, around.options);
    fault = around.options.faults?.(faultRequest(call));
    await before(fault);
    if (fault?.kind !== 'reset') answer = await work(call, signer, around);
  } catch (error) {
    answer = await errorAnswer(exchange, error);
  }
  if (answer === undefined || fault?.kind === 'lose-acknowledgement') resetConnection(request);
  else await sendAnswer(exchange, answer, fault?.kind === 'cut' ? fault.afterBytes : undefined);
}

async function before(fault: Fault | undefined): Promise<void> {
  if (fault?.kind === 'error') throw new S3Error(fault.code, fault.message ?? fault.code, fault.status);
  if (fault?.kind === 'delay') await sleep(fault.delayMs);
}

async function work(call: S3Call, signer: AccessKey, { options, store }: Surroundings): Promise<S3Answer> {
  const handler = HANDLERS[call.operation];
  if (handler === undefined) throw s3Errors.notImplemented(call.operation);
  const isDenied = (action: S3Action): boolean =>
    !isAllowed(signer, action) || (options.denied?.[call.bucket]?.includes(action) ?? false);
  if (isDenied(call.action)) throw s3Errors.accessDenied();
  const isBucketNeeded = call.bucket !== '' && call.operation !== 'CreateBucket';
  if (isBucketNeeded && !store.index.hasBucket(call.bucket)) throw s3Errors.noSuchBucket();
  try {
    return await handler(call, store);
  } catch (error) {
    // Without the right to list, S3 does not tell an absent key from a forbidden one.
    if (error instanceof S3Error && error.code === 'NoSuchKey' && isDenied('s3:ListBucket'))
      throw s3Errors.accessDenied();
    throw error;
  }
}

const SIGNATURE_ERRORS: Readonly<Record<SignatureProblem, () => S3Error>> = {
  missing: s3Errors.accessDenied,
  malformed: () =>
    new S3Error('AuthorizationHeaderMalformed', 'The authorization header that you provided is not valid.'),
  'unknown-key': () =>
    new S3Error('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', 403),
  skewed: () =>
    new S3Error(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      403,
    ),
  mismatch: () =>
    new S3Error(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      403,
    ),
};

function authenticate({ request }: S3Call, { credentials, keys = [] }: S3ServerOptions): AccessKey {
  const payloadHash = request.headers['x-amz-content-sha256'];
  if (typeof payloadHash !== 'string' && request.headers.authorization !== undefined)
    throw s3Errors.invalidRequest('Missing required header for this request: x-amz-content-sha256');
  const signer = signerOf(request, String(payloadHash), [credentials, ...keys]);
  if (typeof signer === 'string') throw SIGNATURE_ERRORS[signer]();
  return signer;
}

function faultRequest(call: S3Call): S3FaultRequest {
  const partNumber = call.query.get('partNumber');
  return {
    operation: call.operation,
    action: call.action,
    bucket: call.bucket,
    key: call.key,
    partNumber: partNumber === null ? undefined : Number(partNumber),
  };
}
