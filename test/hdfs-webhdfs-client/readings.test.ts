import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExactJson } from '../../src/hdfs-webhdfs-client/exact-json.ts';
import { fileChecksum } from '../../src/hdfs-webhdfs-client/file-checksum.ts';
import { fileStatus } from '../../src/hdfs-webhdfs-client/file-status.ts';
import { encodePath } from '../../src/hdfs-webhdfs-client/path-encoding.ts';
import { parseResponseHead } from '../../src/hdfs-webhdfs-client/response-head.ts';
import { errorFromAnswer } from '../../src/hdfs-webhdfs-client/webhdfs-error.ts';

describe('paths in URLs', () => {
  it('come out of a URL as they went in, whatever they hold', () => {
    const segment = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => !/^\.\.?$|\//.test(text));
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1 }), (segments) => {
        const url = new URL(`http://host/webhdfs/v1${encodePath(`/${segments.join('/')}`)}?op=OPEN`);
        expect(url.pathname.split('/').slice(3).map(decodeURIComponent)).toEqual(segments);
        expect([url.search, url.hash]).toEqual(['?op=OPEN', '']);
      }),
    );
  });

  it('keep "=" and encode what servers cut or decode twice', () => {
    expect(encodePath('/d=1/a b%2F+;#?&')).toBe('/d=1/a%20b%252F%2B%3B%23%3F%26');
    expect(encodePath('/')).toBe('/');
  });
});

describe('JSON', () => {
  it('keeps integers exact beyond 2^53, and leaves all else alone', () => {
    expect(parseExactJson('{"a":9223372036854775807,"b":[-9007199254740993],"c":1.5,"d":"9007199254740993"}')).toEqual({
      a: 9223372036854775807n,
      b: [-9007199254740993n],
      c: 1.5,
      d: '9007199254740993',
    });
  });

  it('is corrupt when it was cut off under status 200', () => {
    expect(() => parseExactJson('{"FileStatuses":{"FileStatus":[{"length":1')).toThrow(
      expect.objectContaining({ failure: 'corrupt' }) as Error,
    );
  });
});

describe('a file status', () => {
  const plain = { pathSuffix: 'f', type: 'FILE', length: 1, modificationTime: 2, blockSize: 3 };

  it('has its inode exactly, and refuses a length that would be rounded', () => {
    const status = fileStatus(parseExactJson(JSON.stringify(plain).replace('{', '{"fileId":9007199254740993,')), '/d');
    expect(status).toMatchObject({ path: '/d/f', fileId: 9007199254740993n });
    expect(() => fileStatus({ ...plain, length: 9007199254740993n }, '/d')).toThrow();
  });

  it('has no inode, children or flags where an old HttpFS sends none', () => {
    expect(fileStatus(plain, '/')).toMatchObject({
      path: '/f',
      fileId: undefined,
      childrenCount: undefined,
      isEncrypted: false,
      isErasureCoded: false,
      isSnapshotEnabled: false,
    });
  });
});

describe('a file checksum', () => {
  const of = (algorithm: string, bytes: string) => fileChecksum({ FileChecksum: { algorithm, bytes, length: 28 } });
  const md5 = '27c076e4987344253650d3335a5d08ce';

  it('is read by field, not by its length', () => {
    expect(of('MD5-of-262144MD5-of-512CRC32C', `000002000000000000040000${md5}00000000`)).toEqual({
      kind: 'md5-of-md5-of-crc',
      crcType: 'CRC32C',
      bytesPerCrc: 512,
      crcPerBlock: 262144,
      md5,
    });
    expect(of('MD5-of-0MD5-of-512CRC32', `000002000000000000000000${md5}`)).toMatchObject({ crcType: 'CRC32', md5 });
    expect(of('COMPOSITE-CRC32C', 'fb1d06c8')).toEqual({ kind: 'composite-crc', crcType: 'CRC32C', crc: 0xfb1d06c8 });
  });

  it('is undefined where there is none, and an error where it cannot be read', () => {
    expect(fileChecksum({ FileChecksum: null })).toBeUndefined();
    expect(of('MD5-of-0MD5-of-512NULL', '00')).toBeUndefined();
    for (const [algorithm, bytes] of [
      ['MD5-of-0MD5-of-512CRC32C', '0000'],
      ['COMPOSITE-CRC32C', 'fb1d'],
      ['SHA-256', md5],
    ] as const)
      expect(() => of(algorithm, bytes)).toThrow(expect.objectContaining({ failure: 'corrupt' }) as Error);
  });
});

describe('the head of an answer', () => {
  const head = (...lines: string[]) => parseResponseHead(Buffer.from(`${lines.join('\r\n')}\r\n\r\nBODY`));
  const ok = 'HTTP/1.1 200 OK';

  it('is read when it is plain, wherever its bytes are split', () => {
    expect(head(ok, 'Content-Type: x', 'CONTENT-LENGTH:  4 ')).toEqual({ contentLength: '4', bodyOffset: 57 });
    const bytes = Buffer.from(`${ok}\r\ncontent-length: 4\r\n\r\n`);
    for (let end = 0; end < bytes.length; end++) expect(parseResponseHead(bytes.subarray(0, end))).toBe('incomplete');
    expect(parseResponseHead(bytes)).toEqual({ contentLength: '4', bodyOffset: bytes.length });
  });

  it.each([
    ['another status', ['HTTP/1.1 206 Partial', 'Content-Length: 4']],
    ['an interim answer', ['HTTP/1.1 100 Continue']],
    ['another protocol', ['HTTP/2 200', 'Content-Length: 4']],
    ['no length', [ok]],
    ['two lengths', [ok, 'Content-Length: 4', 'Content-Length: 4']],
    ['a list of lengths', [ok, 'Content-Length: 4, 4']],
    ['a signed length', [ok, 'Content-Length: +4']],
    ['a folded field', [ok, 'Content-Length: 4', ' 2']],
    ['a space before the colon', [ok, 'Content-Length : 4']],
    ['a coded body', [ok, 'Content-Length: 4', 'Content-Encoding: gzip']],
  ])('is left to an HTTP client when it has %s', (_what, lines) => expect(head(...lines)).toBe('unusual'));

  it('tells chunks apart, also beside a length', () => {
    expect(head(ok, 'Transfer-Encoding: chunked')).toBe('chunked');
    expect(head(ok, 'Content-Length: 4', 'transfer-encoding: chunked')).toBe('chunked');
  });
});

describe('a refusal', () => {
  const failure = (status: number, exception: string, message = 'm') =>
    errorFromAnswer(status, JSON.stringify({ RemoteException: { exception, message } })).failure;

  it('is known by its exception, whatever the status', () => {
    expect(failure(403, 'AccessControlException')).toBe('denied');
    expect(failure(500, 'AccessControlException')).toBe('denied');
    expect(failure(403, 'StandbyException')).toBe('unavailable');
    expect(failure(403, 'RemoteException', 'org.apache.hadoop.ipc.StandbyException')).toBe('unavailable');
    expect(failure(500, 'NullPointerException')).toBe('unavailable');
    expect(failure(500, 'IOException', 'Fail to get checksum, since file /f is under construction.')).toBe('failed');
    expect(failure(403, 'IOException', 'Could not obtain block: BP-1')).toBe('unavailable');
    expect(failure(500, 'RemoteException', 'File does not exist: /f')).toBe('not-found');
    expect(failure(500, 'RemoteException', 'The directory /d cannot be deleted')).toBe('failed');
    expect(failure(500, 'QueryParamException')).toBe('unsupported');
  });

  it('is known by its status, and by the title of its page, when it is not Hadoop’s JSON', () => {
    for (const [status, expected] of [
      [401, 'denied'],
      [403, 'denied'],
      [404, 'not-found'],
      [429, 'unavailable'],
      [503, 'unavailable'],
      [418, 'failed'],
    ] as const)
      expect(errorFromAnswer(status, '<html>').failure).toBe(expected);
    const page = '<html><title>Error 500 java.io.EOFException: Premature EOF</title></html>';
    expect(errorFromAnswer(500, page)).toMatchObject({
      failure: 'failed',
      message: 'HTTP 500: java.io.EOFException: Premature EOF',
    });
  });

  it('keeps the first line of a message and drops the stack', () => {
    const body = JSON.stringify({ RemoteException: { exception: 'IOException', message: 'why\n\tat org.apache' } });
    expect(errorFromAnswer(403, body)).toMatchObject({ message: 'why', exception: 'IOException', status: 403 });
    expect(errorFromAnswer(403, '{"RemoteException":{"exception":"EOFException","message":null}}').message).toBe(
      'EOFException',
    );
  });
});
