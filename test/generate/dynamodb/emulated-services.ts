import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Service } from '../step-functions/run-states.ts';
import type { StackAddresses } from '../../stack/stack.ts';

type Parameters = Record<string, unknown>;
export type Call = (action: string, parameters: Parameters) => Promise<Parameters>;

const TARGETS: Readonly<Record<string, string>> = { DynamoDb: 'DynamoDB_20120810', Ssm: 'AmazonSSM' };

/** Asks the emulator as the services' own JSON protocol does; errors are named as Step Functions names them. */
export function emulator(stack: StackAddresses): (service: 'DynamoDb' | 'Ssm') => Call {
  return (service) => async (action, parameters) => {
    const scope = `${stack.accessKeyId}/20260101/${stack.region}/${service.toLowerCase()}/aws4_request`;
    const answer = await fetch(stack.glueEndpoint, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.0',
        'X-Amz-Target': `${TARGETS[service]}.${action}`,
        Authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify(parameters),
    });
    const body = (await answer.json()) as Parameters & { readonly __type?: string; readonly message?: string };
    if (answer.ok) return body;
    const kind = (body.__type ?? '')
      .split('#')
      .at(-1)!
      .replace(/(Exception)?$/, 'Exception');
    throw Object.assign(new Error(body.message ?? kind), { name: `${service}.${kind}` });
  };
}

/** What the state machine of a refresh asks AWS for, answered by the emulator, and by its S3. */
export function emulatedServices(stack: StackAddresses, s3: S3Client): Record<string, Service> {
  const [dynamodb, ssm] = (['DynamoDb', 'Ssm'] as const).map(emulator(stack)) as [Call, Call];
  const actions = ['deleteTable', 'describeTable', 'describeImport', 'listTables', 'updateContinuousBackups'];
  const plain = (service: string, names: readonly string[], call: Call): [string, Service][] =>
    names.map((name) => [
      `arn:aws:states:::aws-sdk:${service}:${name}`,
      (parameters) => call(name.charAt(0).toUpperCase() + name.slice(1), parameters),
    ]);
  return {
    ...Object.fromEntries([
      ...plain('dynamodb', actions, dynamodb),
      ...plain('ssm', ['getParameter', 'putParameter'], ssm),
    ]),
    'arn:aws:states:::aws-sdk:dynamodb:importTable': (parameters) => dynamodb('ImportTable', asApi(parameters)),
    'arn:aws:states:::aws-sdk:sfn:listExecutions': () => ({ Executions: [{}] }),
    'arn:aws:states:::aws-sdk:s3:getObject': async ({ Bucket, Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: Bucket as string, Key: Key as string }));
      return { Body: await Body!.transformToString() };
    },
  };
}

/** Abbreviations as the API has them, not as Step Functions does. */
function asApi({ TableCreationParameters, ...rest }: Parameters): Parameters {
  const { SseSpecification, ...creation } = TableCreationParameters as Parameters;
  const { SseType, ...encryption } = SseSpecification as Parameters;
  return {
    ...rest,
    TableCreationParameters: { ...creation, SSESpecification: { ...encryption, SSEType: SseType } },
  };
}
