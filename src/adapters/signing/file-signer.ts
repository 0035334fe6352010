import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { LakeliftError, messageOf } from '../../errors.ts';
import type { Signer } from '../../ports/evidence.ts';

/** Signs with a private key (PEM) of this machine: RSA, an elliptic curve or Ed25519. A key under a passphrase needs it. */
export class FileSigner implements Signer {
  readonly #key: KeyObject;

  constructor(path: string, passphrase: string | undefined) {
    this.#key = readKey(path, passphrase);
  }

  sign(message: Uint8Array): Promise<Uint8Array> {
    const algorithm = this.#key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
    return Promise.resolve(sign(algorithm, message, this.#key));
  }

  publicKey(): Promise<string> {
    return Promise.resolve(String(createPublicKey(this.#key).export({ type: 'spki', format: 'pem' })));
  }
}

const KINDS = ['rsa', 'ec', 'ed25519'];

function readKey(path: string, passphrase: string | undefined): KeyObject {
  try {
    const key = createPrivateKey({ key: readFileSync(path), ...(passphrase === undefined ? {} : { passphrase }) });
    if (KINDS.includes(key.asymmetricKeyType ?? '')) return key;
    throw new Error(`a key of type ${key.asymmetricKeyType ?? 'unknown'} does not sign`);
  } catch (cause) {
    throw new LakeliftError(`${path} is no private key to sign with: ${messageOf(cause)}`, {
      kind: 'usage',
      code: 'SIGNING_KEY_INVALID',
      subject: path,
      hint: 'Give a PEM file with an RSA, EC or Ed25519 key. The passphrase of a protected one stands in LAKELIFT_SIGNING_PASSPHRASE.',
      cause,
    });
  }
}
