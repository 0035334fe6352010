import { createHash } from 'node:crypto';
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
  sign(message: Uint8Array): Promise<Uint8Array> {
    return this.#translated('kms:Sign', async () => {
      const { KeySpec = '' } = await this.#client.send(new GetPublicKeyCommand({ KeyId: this.#keyId }));
      const { Signature } = await this.#client.send(
        new SignCommand({
          KeyId: this.#keyId,
          Message: createHash('sha256').update(message).digest(),
          MessageType: 'DIGEST',
          SigningAlgorithm: algorithmOf(KeySpec, this.#keyId),
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

/** Those that anybody can check with SHA-256 alone, as port Signer has them. */
function algorithmOf(keySpec: string, keyId: string): SigningAlgorithmSpec {
  if (keySpec.startsWith('RSA_')) return 'RSASSA_PKCS1_V1_5_SHA_256';
  if (keySpec === 'ECC_NIST_P256' || keySpec === 'ECC_SECG_P256K1') return 'ECDSA_SHA_256';
  throw new LakeliftError(`${keyId} is of the kind ${keySpec}, which does not sign SHA-256`, {
    kind: 'usage',
    code: 'SIGNING_KEY_INVALID',
    subject: keyId,
    hint: 'Take an RSA or ECC_NIST_P256 key made for SIGN_VERIFY.',
  });
}
