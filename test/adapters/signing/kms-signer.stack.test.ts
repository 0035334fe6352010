import { createHash, createPublicKey, verify } from 'node:crypto';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { describe, expect, inject, it } from 'vitest';
import { KmsSigner } from '../../../src/adapters/signing/kms-signer.ts';

const stack = inject('stack');

describe.skipIf(stack === undefined)('KmsSigner on moto', () => {
  it.each(['RSA_2048', 'ECC_NIST_P256'] as const)(
    'signs with a key of kind %s what its public key confirms',
    async (KeySpec) => {
      const { glueEndpoint: endpoint, region, accessKeyId, secretAccessKey } = stack!;
      const settings = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
      const client = new KMSClient(settings);
      const { KeyMetadata } = await client.send(new CreateKeyCommand({ KeySpec, KeyUsage: 'SIGN_VERIFY' }));
      client.destroy();
      const signer = new KmsSigner(settings, KeyMetadata!.KeyId!);
      const message = Buffer.from('journal '.repeat(1000));
      const key = createPublicKey(await signer.publicKey());
      // moto takes the digest for a message and hashes it once more, which KMS does not (MessageType DIGEST).
      const signed = createHash('sha256').update(message).digest();
      expect(verify('sha256', signed, key, await signer.sign(message))).toBe(true);
      await expect(new KmsSigner(settings, 'no-such-key').sign(message)).rejects.toMatchObject({ kind: 'not-found' });
    },
  );
});
