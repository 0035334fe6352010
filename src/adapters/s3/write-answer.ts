export interface WriteAnswer {
  readonly status: number;
  readonly etag: string | undefined;
  /** The server says nothing of closing it. */
  readonly keepsConnection: boolean;
}

const HEAD_END = '\r\n\r\n';
const EMPTY_CHUNKS = '0\r\n\r\n';

/**
 * The answer that these bytes (as Latin-1) are, once they are whole: its head and an empty body, or one of a length that was announced.
 * Throws on anything else; answers to writes are not longer than that. RFC 9112, sections 4 to 6.
 */
export function answerIn(text: string): WriteAnswer | undefined {
  const end = text.indexOf(HEAD_END);
  if (end < 0) return undefined;
  const [statusLine, ...lines] = text.slice(0, end).split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(statusLine!)?.[1]);
  if (Number.isNaN(status)) throw new Error('not HTTP');
  const body = text.slice(end + HEAD_END.length);
  // "100 Continue", asked for or not.
  if (status < 200) return answerIn(body);
  const headers = headersIn(lines);
  if (!isWhole(body, headers)) return undefined;
  const keepsConnection = statusLine!.startsWith('HTTP/1.1') && headers.get('connection')?.toLowerCase() !== 'close';
  return { status, etag: headers.get('etag'), keepsConnection };
}

function headersIn(lines: readonly string[]): Map<string, string> {
  return new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

function isWhole(body: string, headers: ReadonlyMap<string, string>): boolean {
  const length = headers.get('content-length');
  if (headers.has('transfer-encoding')) {
    if (!EMPTY_CHUNKS.startsWith(body)) throw new Error('a body in chunks');
    return body === EMPTY_CHUNKS;
  }
  if (length === undefined || !/^\d+$/.test(length)) throw new Error('a body without a length');
  if (body.length > Number(length)) throw new Error('more than was announced');
  return body.length === Number(length);
}
