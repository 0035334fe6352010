import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface SandboxCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export type SignatureProblem = 'missing' | 'malformed' | 'unknown-key' | 'skewed' | 'mismatch';

/** Real services refuse requests whose clock is further off than this. */
const MAX_SKEW_MS = 15 * 60 * 1000;

/**
 * Verifies an AWS Signature Version 4 in the Authorization header, as the services do
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). Undefined when it is right.
 * `payloadHash` is what the client signed for the body: the value of x-amz-content-sha256, or the SHA-256 of the body where that header is not used.
 */
export function signatureProblem(
  request: IncomingMessage,
  payloadHash: string,
  credentials: SandboxCredentials,
): SignatureProblem | undefined {
  const header = request.headers.authorization;
  if (header === undefined) return 'missing';
  const parsed = parseAuthorization(header);
  const timestamp = request.headers['x-amz-date'];
  if (parsed === undefined || typeof timestamp !== 'string') return 'malformed';
  if (parsed.accessKeyId !== credentials.accessKeyId) return 'unknown-key';
  const signedAtMs = parseTimestamp(timestamp);
  if (signedAtMs === undefined || !timestamp.startsWith(parsed.date)) return 'malformed';
  if (Math.abs(Date.now() - signedAtMs) > MAX_SKEW_MS) return 'skewed';
  const canonical = canonicalRequest(request, parsed.signedHeaders, payloadHash);
  const scope = `${parsed.date}/${parsed.region}/${parsed.service}/aws4_request`;
  const stringToSign = `AWS4-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256(canonical)}`;
  const expected = hmac(signingKey(credentials.secretAccessKey, parsed), stringToSign);
  const actual = Buffer.from(parsed.signature, 'hex');
  return actual.length === expected.length && timingSafeEqual(actual, expected) ? undefined : 'mismatch';
}

interface Authorization {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

function parseAuthorization(header: string): Authorization | undefined {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      header,
    );
  if (match === null) return undefined;
  const [, accessKeyId, date, region, service, signedHeaders, signature] = match as unknown as string[];
  return {
    accessKeyId: accessKeyId!,
    date: date!,
    region: region!,
    service: service!,
    signedHeaders: signedHeaders!.split(';'),
    signature: signature!,
  };
}

function parseTimestamp(timestamp: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match.map(Number);
  return Date.UTC(year!, month! - 1, day, hour, minute, second);
}

function canonicalRequest(request: IncomingMessage, signedHeaders: readonly string[], payloadHash: string): string {
  const [path, query] = splitUrl(request.url ?? '/');
  const headers = signedHeaders.map((name) => `${name}:${headerValue(request, name)}\n`).join('');
  return [
    request.method,
    encodeRfc3986(decodeURIComponent(path)).replaceAll('%2F', '/'),
    canonicalQuery(query),
    headers,
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  const pairs = query.split('&').map((pair) => {
    const equals = pair.indexOf('=');
    const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    return [encodeRfc3986(decodeURIComponent(name)), encodeRfc3986(decodeURIComponent(value))] as const;
  });
  pairs.sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function headerValue(request: IncomingMessage, name: string): string {
  const values = request.headersDistinct[name] ?? [];
  return values.map((value) => value.trim().replaceAll(/ {2,}/g, ' ')).join(',');
}

/** The path and the query of a request target, neither decoded. */
export function splitUrl(url: string): readonly [path: string, query: string] {
  const mark = url.indexOf('?');
  return mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
}

/** Percent-encoding of everything but RFC 3986's unreserved characters, `/` included. */
export function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function signingKey(secret: string, scope: Authorization): Buffer {
  return hmac(hmac(hmac(hmac(`AWS4${secret}`, scope.date), scope.region), scope.service), 'aws4_request');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
