import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient, SignCommand, type SigningAlgorithmSpec } from '@aws-sdk/client-kms';
import { LakeliftError, messageOf } from '../../errors.ts';
import type { Signer } from '../../ports/evidence.ts';
import { awsFailure, commonMeaning, type Meaning } from '../aws/aws-failure.ts';
import { requestHandlerSettings, SDK_ATTEMPTS, type AwsSettings } from '../aws/aws-settings.ts';

const TIMEOUTS = { answerMs: 30_000, idleMs: 30_000 };

/** Signs with an asymmetric key of AWS KMS, which the private key never leaves. */
export class KmsSigner implements Signer {
  readonly #client: KMSClient;
  readonly #keyId: string;

  constructor(settings: AwsSettings, keyId: string) {
    this.#keyId = keyId;
    this.#client = new KMSClient({
      region: settings.region,
      ...(settings.endpoint === undefined ? {} : { endpoint: settings.endpoint }),
      ...(settings.credentials === undefined ? {} : { credentials: settings.credentials }),
      maxAttempts: SDK_ATTEMPTS,
      requestHandler: requestHandlerSettings(settings, TIMEOUTS),
    });
  }

  /** KMS takes 4096 bytes at most, hence the digest. */
  async sign(message: Uint8Array): Promise<Uint8Array> {
    const algorithm = algorithmOf(createPublicKey(await this.publicKey()), this.#keyId);
    return this.#translated('kms:Sign', async () => {
      const { Signature } = await this.#client.send(
        new SignCommand({
          KeyId: this.#keyId,
          Message: createHash('sha256').update(message).digest(),
          MessageType: 'DIGEST',
          SigningAlgorithm: algorithm,
        }),
      );
      return Signature!;
    });
  }

  publicKey(): Promise<string> {
    return this.#translated('kms:GetPublicKey', async () => {
      const { PublicKey } = await this.#client.send(new GetPublicKeyCommand({ KeyId: this.#keyId }));
      const lines = Buffer.from(PublicKey!)
        .toString('base64')
        .match(/.{1,64}/g)!;
      return `-----BEGIN PUBLIC KEY-----\n${lines.join('\n')}\n-----END PUBLIC KEY-----\n`;
    });
  }

  async #translated<Result>(permission: string, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (cause) {
      const failure = awsFailure(cause);
      if (failure === undefined) throw cause;
      const meaning = meaningOf(failure.code, permission) ?? commonMeaning(failure) ?? REFUSED;
      const message = `${this.#keyId}: ${messageOf(cause)} (${failure.code})`;
      throw new LakeliftError(message, { ...meaning, subject: this.#keyId, cause });
    }
  }
}

const REFUSED: Meaning = { kind: 'unsupported', code: 'KMS_REFUSED', hint: 'The message is KMS’s own.' };

function meaningOf(code: string, permission: string): Meaning | undefined {
  if (code === 'AccessDeniedException')
    return { kind: 'denied', code: 'KMS_DENIED', hint: `Grant ${permission} on the key.` };
  if (code === 'NotFoundException')
    return { kind: 'not-found', code: 'KMS_KEY_NOT_FOUND', hint: 'Check the key id and target.region.' };
  return undefined;
}

const SHORT_CURVES: ReadonlySet<string | undefined> = new Set(['prime256v1', 'secp256k1']);

/** Those that anybody can check with SHA-256 alone, as port Signer has them. */
function algorithmOf(key: KeyObject, keyId: string): SigningAlgorithmSpec {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'rsa') return 'RSASSA_PKCS1_V1_5_SHA_256';
  if (type === 'ec' && SHORT_CURVES.has(details?.namedCurve)) return 'ECDSA_SHA_256';
  throw new LakeliftError(`${keyId} is a key of type ${type ?? 'unknown'}, which does not sign SHA-256`, {
    kind: 'usage',
    code: 'SIGNING_KEY_INVALID',
    subject: keyId,
    hint: 'Take an RSA or ECC_NIST_P256 key made for SIGN_VERIFY.',
  });
}
