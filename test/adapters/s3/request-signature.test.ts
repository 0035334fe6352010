import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeKey } from '../../../src/adapters/s3/direct-requests.ts';
import { headersIn } from '../../../src/adapters/s3/http-answer.ts';
import { RequestSigner, UNSIGNED_PAYLOAD } from '../../../src/adapters/s3/request-signature.ts';
import { signatureProblem } from '../../../src/sandbox/sigv4.ts';

const identity = { accessKeyId: 'AKIA', secretAccessKey: 'secret' };

/** As a server receives it. */
function received(
  request: Parameters<RequestSigner['signedHead']>[0],
  headers: Readonly<Record<string, string>>,
): IncomingMessage {
  const headersDistinct = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
  return { method: request.method, url: request.path, headers, headersDistinct } as unknown as IncomingMessage;
}

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const headerValue = fc.string({ unit: fc.constantFrom(...'aZ09 =%;,"/~'), maxLength: 20 });

describe('RequestSigner', () => {
  it('gives what a server computes, whatever the key and the header values', () => {
    const signer = new RequestSigner('eu-west-3');
    fc.assert(
      fc.property(text, fc.array(headerValue, { maxLength: 4 }), (key, values) => {
        const headers = { host: 'h:9', ...Object.fromEntries(values.map((value, i) => [`x-amz-meta-${i}`, value])) };
        const request = { method: 'PUT', path: `/b/${encodeKey(key)}`, query: '', headers };
        const signed = Object.fromEntries(headersIn(signer.signedHead(request, identity, new Date()).trimEnd()));
        expect(signatureProblem(received(request, signed), UNSIGNED_PAYLOAD, identity)).toBeUndefined();
        const forged = { ...signed, host: 'h:8' };
        expect(signatureProblem(received(request, forged), UNSIGNED_PAYLOAD, identity)).toBe('mismatch');
      }),
    );
  });

  it('forgets its key at midnight and with another secret', () => {
    const signer = new RequestSigner('eu-west-3');
    const request = { method: 'PUT', path: '/b/k', query: '', headers: { host: 'h' } };
    const at = (time: string, secretAccessKey = 'secret') =>
      signer.signedHead(request, { ...identity, secretAccessKey }, new Date(time));
    const fresh = new RequestSigner('eu-west-3');
    const evening = at('2026-01-01T23:59:59Z');
    expect(at('2026-01-02T00:00:00Z')).toBe(fresh.signedHead(request, identity, new Date('2026-01-02T00:00:00Z')));
    expect(at('2026-01-01T23:59:59Z', 'other')).not.toBe(evening);
    expect(at('2026-01-01T23:59:59Z')).toBe(evening);
  });

  it('signs the token of temporary credentials', () => {
    const request = { method: 'PUT', path: '/b/k', query: '', headers: { host: 'h' } };
    const head = new RequestSigner('eu-west-3').signedHead(request, { ...identity, sessionToken: 'token' }, new Date());
    const signed = headersIn(head);
    expect(signed.get('x-amz-security-token')).toBe('token');
    expect(signed.get('authorization')).toContain('x-amz-security-token');
  });

  it.each([
    ['a value', { host: 'h', 'x-amz-meta-a': 'b\r\nx-injected: c' }],
    ['a name', { host: 'h', 'x-amz-meta-a: b\r\nx-injected': 'c' }],
    ['a value beyond ASCII', { host: 'h', 'x-amz-meta-a': 'é' }],
  ])('refuses %s that would become a header of its own', (_, headers) => {
    const request = { method: 'PUT', path: '/b/k', query: '', headers };
    expect(() => new RequestSigner('eu-west-3').signedHead(request, identity, new Date())).toThrow('not ASCII');
  });
});
