export interface HttpAnswer {
  readonly status: number;
  /** The status line and the headers, as Latin-1. */
  readonly head: string;
  /** As Latin-1. */
  readonly body: string;
  /** The server says nothing of closing it. */
  readonly keepsConnection: boolean;
}

const HEAD_END = '\r\n\r\n';
const LINE_END = '\r\n';

const lengthOf = headerReader('content-length');
const codingOf = headerReader('transfer-encoding');
const connectionOf = headerReader('connection');

/**
 * The answer that these bytes (as Latin-1) are, once they are whole; undefined until then. Throws on what is none, and on a body whose end would be that of
 * the connection. RFC 9112, sections 4 to 7.
 */
export function answerIn(text: string, isToHead: boolean): HttpAnswer | undefined {
  const end = text.indexOf(HEAD_END);
  if (end < 0) return undefined;
  const head = text.slice(0, end);
  const rest = text.slice(end + HEAD_END.length);
  const [, minor, digits] = /^HTTP\/1\.([01]) (\d{3})(?: |\r|$)/.exec(head) ?? [];
  if (digits === undefined) throw new Error('not HTTP');
  const status = Number(digits);
  // "100 Continue", asked for or not.
  if (status < 200) return answerIn(rest, isToHead);
  const body = isToHead || status === 204 || status === 304 ? nothingIn(rest) : bodyIn(rest, head);
  if (body === undefined) return undefined;
  return { status, head, body, keepsConnection: minor === '1' && connectionOf(head)?.toLowerCase() !== 'close' };
}

/** Reads one header out of a head. Most answers have ten, of which two are looked at. */
export function headerReader(lowerCaseName: string): (head: string) => string | undefined {
  const pattern = new RegExp(`\r\n${lowerCaseName}:[ \t]*([^\r\n]*)`, 'i');
  return (head) => pattern.exec(head)?.[1]!.trimEnd();
}

/** All of them, by their names in lower case. */
export function headersIn(head: string): Map<string, string> {
  const [, ...lines] = head.split(LINE_END);
  return new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

function nothingIn(rest: string): string {
  if (rest !== '') throw new Error('a body where there is none');
  return '';
}

function bodyIn(rest: string, head: string): string | undefined {
  const coding = codingOf(head);
  if (coding !== undefined) return chunksIn(rest, coding);
  const length = lengthOf(head);
  if (length === undefined || !/^\d+$/.test(length)) throw new Error('a body without a length');
  if (rest.length > Number(length)) throw new Error('more than was announced');
  return rest.length === Number(length) ? rest : undefined;
}

function chunksIn(rest: string, coding: string): string | undefined {
  if (coding.toLowerCase() !== 'chunked') throw new Error(`a body as ${coding}`);
  let body = '';
  for (let at = 0; ;) {
    const lineEnd = rest.indexOf(LINE_END, at);
    if (lineEnd < 0) return undefined;
    const [, digits] = /^([\da-f]{1,8})[ \t]*(?:;|$)/i.exec(rest.slice(at, lineEnd)) ?? [];
    if (digits === undefined) throw new Error('no chunk');
    const start = lineEnd + LINE_END.length;
    const end = start + Number.parseInt(digits, 16);
    if (rest.length < end + LINE_END.length) return undefined;
    // Trailers, which nobody asked for, stand in this place too.
    if (!rest.startsWith(LINE_END, end)) throw new Error('a chunk that goes on after its end');
    body += rest.slice(start, end);
    at = end + LINE_END.length;
    if (end > start) continue;
    if (at < rest.length) throw new Error('more than was announced');
    return body;
  }
}
