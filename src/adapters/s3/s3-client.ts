import { S3Client } from '@aws-sdk/client-s3';
import { credentialsOf, renewOnRefusal } from '../aws/aws-credentials.ts';
import { requestHandlerSettings, SDK_ATTEMPTS, type AwsSettings } from '../aws/aws-settings.ts';

export interface S3Settings extends AwsSettings {
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`; for servers other than AWS's own. */
  readonly forcePathStyle?: boolean | undefined;
}

const BODY_COMMANDS = new Set(['PutObjectCommand', 'UploadPartCommand']);

/**
 * A client that sends bodies as they are: their CRC32C comes from the caller, so that the SDK hashes nothing a second time
 * (neither its default CRC32 nor the SHA-256 of the payload), and keeps its connections (no Expect: 100-continue, which opens one per request).
 */
export function createS3Client(settings: S3Settings, timeouts: { answerMs: number; idleMs: number }): S3Client {
  const client = new S3Client({
    region: settings.region,
    ...(settings.endpoint === undefined ? {} : { endpoint: settings.endpoint }),
    ...credentialsOf(settings),
    forcePathStyle: settings.forcePathStyle ?? false,
    maxAttempts: SDK_ATTEMPTS,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    expectContinueHeader: false,
    requestHandler: requestHandlerSettings(settings, timeouts),
  });
  client.middlewareStack.add(
    (next, context) => (args) => {
      const { headers } = args.request as { headers: Record<string, string> };
      // Present already, the header is signed as it stands.
      if (BODY_COMMANDS.has(context.commandName ?? '')) headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
      return next(args);
    },
    { step: 'build', name: 'lakeliftUnsignedPayload' },
  );
  renewOnRefusal(client);
  return client;
}
