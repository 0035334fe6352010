import { HeadObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import type { WriteCondition } from '../../ports/target-object-store.ts';
import { awsFailure, isCredentialFailure } from '../aws/aws-failure.ts';
import { callOptions } from '../aws/aws-settings.ts';
import { bareEtag } from './stored-object.ts';
import { brokenCondition, isNotFound, type S3Work } from './s3-errors.ts';

interface Place {
  readonly bucket: string;
  readonly key: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * Sends a HEAD, whose refusals carry a status and no reason: 400 for an expired token, 403 for an unknown key as for a missing right. A short listing is
 * then refused with the reason; where it is not, credentials were renewed meanwhile, and the HEAD is sent once more.
 */
export async function explainedHead<Answer>(
  client: S3Client,
  place: Place,
  send: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    const { status } = awsFailure(error) ?? {};
    if (status !== 400 && status !== 403) throw error;
    const reason = await findRefusal(client, place);
    if (reason !== undefined) throw reason;
    return send();
  }
}

/** What a body is sent under. */
interface Conditional {
  readonly condition: WriteCondition;
  readonly work: S3Work;
}

/**
 * Sends a body. A server that refuses one may answer and close before it has read it all, of which no more than a reset arrives here: credentials and, where it
 * is sent under a condition, what stands there are then asked for. Else the same reset would be met at every repetition.
 */
export async function explainedBody<Answer>(
  client: S3Client,
  place: Place,
  send: () => Promise<Answer>,
  under?: Conditional,
): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    const failure = awsFailure(error);
    if (failure === undefined || failure.status !== undefined) throw error;
    const refusal = await findRefusal(client, place);
    if (refusal !== undefined) throw refusal;
    if (under !== undefined && (await isBroken(client, place, under.condition)))
      throw brokenCondition(under.work, error);
    throw error;
  }
}

/** False too where that cannot be told. */
async function isBroken(client: S3Client, { bucket, key, signal }: Place, condition: WriteCondition): Promise<boolean> {
  try {
    const { ETag } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), callOptions(signal));
    return condition.kind === 'if-absent' || (ETag !== undefined && bareEtag(ETag) !== condition.etag);
  } catch (error) {
    return isNotFound(error) && condition.kind === 'if-match';
  }
}

/** Whether credentials are refused there, by a call that says so; they are renewed by it where they can be. */
async function findRefusal(client: S3Client, { bucket, key, signal }: Place): Promise<Error | undefined> {
  try {
    await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 }), callOptions(signal));
    return undefined;
  } catch (reason) {
    return reason instanceof Error && isCredentialFailure(reason) ? reason : undefined;
  }
}
