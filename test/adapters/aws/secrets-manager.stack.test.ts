import { randomUUID } from 'node:crypto';
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, inject, it } from 'vitest';
import { SecretsManager } from '../../../src/adapters/aws/secrets-manager.ts';
import { knownSecrets } from '../../../src/adapters/log/redactor.ts';

const stack = inject('stack');

describe.skipIf(stack === undefined)('SecretsManager on moto', () => {
  it('reads a secret by name and ARN, as it is and as it was in a version; what it read is taken out of logs', async () => {
    const { glueEndpoint: endpoint, region, accessKeyId, secretAccessKey } = stack!;
    const settings = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
    const client = new SecretsManagerClient(settings);
    const Name = `lakelift/test/${randomUUID()}`;
    const [first, second] = ['a1'.repeat(32), 'b2'.repeat(32)];
    const { ARN, VersionId } = await client.send(new CreateSecretCommand({ Name, SecretString: first }));
    await client.send(new PutSecretValueCommand({ SecretId: Name, SecretString: second }));
    const read = (secret: string, version?: string) => new SecretsManager(settings).read(secret, version);
    expect([await read(Name), await read(ARN!), await read(Name, VersionId)]).toEqual([second, second, first]);
    expect([...knownSecrets]).toEqual(expect.arrayContaining([first, second]));

    await expect(read(`${Name}-gone`)).rejects.toMatchObject({ kind: 'not-found', code: 'SECRET_NOT_FOUND' });
    const bytes = `${Name}-bytes`;
    await client.send(new CreateSecretCommand({ Name: bytes, SecretBinary: new Uint8Array(32) }));
    await expect(read(bytes)).rejects.toMatchObject({ kind: 'unsupported', code: 'SECRET_NOT_TEXT' });
    client.destroy();
  });
});
