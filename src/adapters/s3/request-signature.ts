import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

export interface UnsignedRequest {
  readonly method: string;
  /** As it is sent: every byte but RFC 3986's unreserved ones and "/" percent-encoded, once. */
  readonly path: string;
  /** Likewise, sorted by name, without "?"; empty where there is none. */
  readonly query: string;
  /** Lower-case names; `host` among them. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface SigningIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

/**
 * Signs requests to S3 by Signature Version 4, their bodies left to the CRC32C that they are sent under
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html). Every header is signed. Four of its five HMACs only depend on the
 * day and are kept: a third of what the SDK's signer costs, which is made for every service and for headers of every kind.
 */
export class RequestSigner {
  readonly #region: string;
  #day: { readonly name: string; readonly secret: string; readonly key: KeyObject } | undefined;
  #time = { seconds: Number.NaN, text: '' };

  constructor(region: string) {
    this.#region = region;
  }

  /** All that is sent before the body. Throws where a header is not printable ASCII on one line. */
  signedHead(request: UnsignedRequest, identity: SigningIdentity, at: Date): string {
    const timestamp = this.#timestampOf(at);
    const { method, path, query } = request;
    const headers: Record<string, string> = {
      ...request.headers,
      'x-amz-content-sha256': UNSIGNED_PAYLOAD,
      'x-amz-date': timestamp,
    };
    if (identity.sessionToken !== undefined) headers['x-amz-security-token'] = identity.sessionToken;
    const names = Object.keys(headers).sort();
    const signedHeaders = names.join(';');
    let canonical = `${method}\n${path}\n${query}\n`;
    let head = `${method} ${path}${query === '' ? '' : `?${query}`} HTTP/1.1\r\n`;
    for (const name of names) {
      const value = printable(headers[name]!);
      canonical += `${printable(name)}:${folded(value)}\n`;
      head += `${name}: ${value}\r\n`;
    }
    canonical += `\n${signedHeaders}\n${UNSIGNED_PAYLOAD}`;
    const day = timestamp.slice(0, 8);
    const scope = `${day}/${this.#region}/s3/aws4_request`;
    const digest = hash('sha256', canonical, 'hex');
    const signature = createHmac('sha256', this.#keyOf(day, identity.secretAccessKey))
      .update(`${ALGORITHM}\n${timestamp}\n${scope}\n${digest}`)
      .digest('hex');
    const credential = `${identity.accessKeyId}/${scope}`;
    return `${head}authorization: ${ALGORITHM} Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${signature}\r\n\r\n`;
  }

  /** `20261127T103000Z`; many requests are of one second. */
  #timestampOf(at: Date): string {
    const seconds = Math.floor(at.getTime() / 1000);
    if (this.#time.seconds !== seconds)
      this.#time = { seconds, text: at.toISOString().replaceAll(/[-:]|\.\d{3}/g, '') };
    return this.#time.text;
  }

  #keyOf(name: string, secret: string): KeyObject {
    if (this.#day?.name !== name || this.#day.secret !== secret) {
      const steps = [name, this.#region, 's3', 'aws4_request'];
      const key = createSecretKey(steps.reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`)));
      this.#day = { name, secret, key };
    }
    return this.#day.key;
  }
}

/** Whatever slipped in must not become a header of its own. */
function printable(text: string): string {
  if (!/^[\x20-\x7e]*$/.test(text)) throw new Error('not ASCII on one line');
  return text;
}

/** Blanks as a signature counts them. */
function folded(value: string): string {
  return /^ |  | $/.test(value) ? value.trim().replaceAll(/ +/g, ' ') : value;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
