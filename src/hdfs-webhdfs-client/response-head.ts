export interface ResponseHead {
  readonly contentLength: string;
  /** Where the body begins. */
  readonly bodyOffset: number;
}

const END_OF_HEAD = '\r\n\r\n';

/**
 * The head of a plain answer: HTTP/1.x 200 with one Content-Length and no transfer or content coding (RFC 9112). Everything else that HTTP
 * allows (other statuses, 1xx before it, folded or repeated fields that matter) is `unusual` or `chunked`, for a full HTTP client to read.
 */
export function parseResponseHead(bytes: Buffer): ResponseHead | 'incomplete' | 'chunked' | 'unusual' {
  const end = bytes.indexOf(END_OF_HEAD);
  if (end < 0) return 'incomplete';
  const [statusLine, ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  if (!/^HTTP\/1\.[01] 200(?: |$)/.test(statusLine!)) return 'unusual';
  const lengths: string[] = [];
  for (const line of lines) {
    const field = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/.exec(line);
    if (field === null) return 'unusual';
    const name = field[1]!.toLowerCase();
    if (name === 'transfer-encoding') return 'chunked';
    if (name === 'content-encoding') return 'unusual';
    if (name === 'content-length') lengths.push(field[2]!);
  }
  if (lengths.length !== 1 || !/^\d+$/.test(lengths[0]!)) return 'unusual';
  return { contentLength: lengths[0]!, bodyOffset: end + END_OF_HEAD.length };
}
