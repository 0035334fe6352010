import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { awsFailure, isCredentialFailure } from '../aws/aws-failure.ts';
import { callOptions } from '../aws/aws-settings.ts';

/**
 * Sends a HEAD, whose refusals carry a status and no reason: 400 for an expired token, 403 for an unknown key as for a missing right. A short listing is
 * then refused with the reason; where it is not, credentials were renewed meanwhile, and the HEAD is sent once more.
 */
export async function explainedHead<Answer>(
  client: S3Client,
  send: () => Promise<Answer>,
  { bucket, prefix, signal }: { bucket: string; prefix: string; signal: AbortSignal | undefined },
): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    const { status } = awsFailure(error) ?? {};
    if (status !== 400 && status !== 403) throw error;
    try {
      const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 1 });
      await client.send(command, callOptions(signal));
    } catch (reason) {
      throw isCredentialFailure(reason) ? reason : error;
    }
    return send();
  }
}
