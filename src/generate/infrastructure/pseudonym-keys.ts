import type { Blueprint } from '../blueprint.ts';
import type { Json } from '../json-file.ts';
import { allow } from './policies.ts';
import { ref, sub, type Parameter } from './stack.ts';

const SECRET = 'PseudonymKeySecret';
const VERSION = 'PseudonymKeySecretVersion';
const KMS_KEY = 'PseudonymKeySecretKmsKey';

type Keyed = Pick<Blueprint, 'datasets'>;

/**
 * Where the keys of pseudonyms stand: that of the version in use, and of each that it goes on from. The version id has no default: whoever put another value into
 * the secret would otherwise change every pseudonym.
 */
export function keyParameters({ datasets: { pseudonyms } }: Keyed): Parameter[] {
  if (pseudonyms === undefined) return [];
  const place = (suffix: string, version: number): Parameter[] => [
    {
      name: `${SECRET}${suffix}`,
      description: `ARN of the secret in Secrets Manager that holds the key of pseudonyms, version ${version}`,
    },
    { name: `${VERSION}${suffix}`, description: `Version id of that secret, version ${version} of the key` },
  ];
  return [
    ...place('', pseudonyms.version),
    ...(pseudonyms.from ?? []).flatMap((version) => place(suffixOf(version), version)),
    {
      name: KMS_KEY,
      description:
        'ARN of the KMS key that encrypts these secrets; left as it is, any key that Secrets Manager decrypts these very secrets with, its own included',
      default: 'arn:*:kms:*:*:key/*',
    },
  ];
}

/** Arguments of a job. */
export function keyArguments(blueprint: Keyed): Json {
  const earlier = earlierKeys(blueprint);
  return {
    ...(blueprint.datasets.pseudonyms && { '--key-secret': ref(SECRET), '--key-secret-version': ref(VERSION) }),
    ...(earlier && { '--earlier-keys': earlier }),
  };
}

/** Variables of a function. */
export function keyVariables(blueprint: Keyed): Json {
  const earlier = earlierKeys(blueprint);
  return {
    LAKELIFT_KEY_SECRET: ref(SECRET),
    LAKELIFT_KEY_SECRET_VERSION: ref(VERSION),
    ...(earlier && { LAKELIFT_EARLIER_KEYS: earlier }),
  };
}

/** The right to read them, and to decrypt them by a key that is not Secrets Manager's own: through it alone, and nothing else that the key encrypts. */
export function keyRights({ datasets: { pseudonyms } }: Keyed): Json[] {
  if (pseudonyms === undefined) return [];
  const secrets = [ref(SECRET), ...(pseudonyms.from ?? []).map((version) => ref(`${SECRET}${suffixOf(version)}`))];
  const arns = secrets.length === 1 ? secrets[0] : secrets;
  const forThem = {
    StringEquals: {
      'kms:ViaService': sub('secretsmanager.${AWS::Region}.amazonaws.com'),
      'kms:EncryptionContext:SecretARN': arns,
    },
  };
  return [
    allow('KeyOfPseudonyms', ['secretsmanager:GetSecretValue'], arns),
    allow('DecryptKeyOfPseudonyms', ['kms:Decrypt'], ref(KMS_KEY), forThem),
  ];
}

function earlierKeys({ datasets: { pseudonyms } }: Keyed): Json | undefined {
  const { from = [] } = pseudonyms ?? {};
  if (from.length === 0) return undefined;
  const places = from.map((version) => {
    const suffix = suffixOf(version);
    return { version, secret: `\${${SECRET}${suffix}}`, secretVersion: `\${${VERSION}${suffix}}` };
  });
  return sub(JSON.stringify(places));
}

function suffixOf(version: number): string {
  return `V${version}`;
}
