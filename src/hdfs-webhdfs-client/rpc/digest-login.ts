import { createHash, randomBytes } from 'node:crypto';
import { encodeMessage, Message } from '../blocks/protobuf.ts';
import type { BlockToken } from '../blocks/block-token.ts';

const STATE = { success: 0, negotiate: 1, initiate: 2 } as const;
const MECHANISM = 'DIGEST-MD5';

/** A delegation token proves who asks, by SASL's DIGEST-MD5 (RFC 2831; RpcSaslProto and SaslRpcServer of Hadoop). */
export class DigestLogin {
  readonly #token: BlockToken;
  readonly #clientNonce = randomBytes(24).toString('base64');
  #proof = '';

  constructor(token: BlockToken) {
    this.#token = token;
  }

  /** The first message. */
  static negotiate(): Buffer {
    return encodeMessage([[2, STATE.negotiate]]);
  }

  /** What to send next; undefined once the server let us in. Throws when it does not, or is not who it should be. */
  next(message: Uint8Array): Buffer | undefined {
    const fields = new Message(message);
    if (fields.number(2) === STATE.negotiate) return this.#initiate(fields);
    if (fields.number(2) !== STATE.success || !fields.has(3)) throw new RangeError('SASL takes another turn');
    if (fields.text(3) !== `rspauth=${this.#proof}`) throw new RangeError('The server does not know the token');
    return undefined;
  }

  #initiate(message: Message): Buffer {
    for (const auth of message.nestedAll(4)) {
      const [method, mechanism, protocol, serverId] = [1, 2, 3, 4].map((field) => auth.text(field));
      if (method !== 'TOKEN' || mechanism !== MECHANISM || !auth.has(5)) continue;
      const chosen = encodeMessage([
        [1, method],
        [2, mechanism],
        [3, protocol],
        [4, serverId],
      ]);
      const response = Buffer.from(this.#respond(auth.text(5), `${protocol}/${serverId}`));
      return encodeMessage([
        [2, STATE.initiate],
        [3, response],
        [4, chosen],
      ]);
    }
    throw new RangeError('The server takes no tokens');
  }

  #respond(challenge: string, uri: string): string {
    const { realm = '', nonce = '', qop = 'auth' } = directives(challenge);
    if (!qop.split(',').includes('auth')) throw new RangeError(`The server wants ${qop}, which is not spoken here`);
    const user = Buffer.from(this.#token.identifier).toString('base64');
    const password = Buffer.from(this.#token.password).toString('base64');
    const secret = md5(`${user}:${realm}:${password}`);
    const session = md5(Buffer.concat([secret, Buffer.from(`:${nonce}:${this.#clientNonce}`)])).toString('hex');
    const answerTo = (method: string): string =>
      md5(`${session}:${nonce}:00000001:${this.#clientNonce}:auth:${md5(`${method}:${uri}`).toString('hex')}`).toString(
        'hex',
      );
    this.#proof = answerTo('');
    return (
      `charset=utf-8,username="${user}",realm="${realm}",nonce="${nonce}",nc=00000001,cnonce="${this.#clientNonce}",` +
      `digest-uri="${uri}",maxbuf=65536,response=${answerTo('AUTHENTICATE')},qop=auth`
    );
  }
}

function directives(challenge: string): Record<string, string> {
  return Object.fromEntries(
    [...challenge.matchAll(/([a-z-]+)=(?:"([^"]*)"|([^,]*))/g)].map(([, name, quoted, bare]) => [
      name!,
      quoted ?? bare!,
    ]),
  );
}

function md5(content: string | Buffer): Buffer {
  return createHash('md5').update(content).digest();
}
