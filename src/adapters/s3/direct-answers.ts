import { S3ServiceException } from '@aws-sdk/client-s3';
import { isLakeliftError } from '../../errors.ts';
import { headerReader, type HttpAnswer } from './http-answer.ts';
import { translateS3Error, type S3Work } from './s3-errors.ts';
import { bareEtag } from './stored-object.ts';

const etagOf = headerReader('etag');

/** Of what was written; undefined when it was not. */
export function etagIn(answer: HttpAnswer | undefined): string | undefined {
  const etag = answer?.status === 200 ? etagOf(answer.head) : undefined;
  return etag === undefined || etag === '' ? undefined : bareEtag(etag);
}

/** Of the upload that was opened; undefined when none was. */
export function uploadIdIn(answer: HttpAnswer | undefined): string | undefined {
  return answer?.status === 200 ? elementOf(answer.body, 'UploadId') : undefined;
}

/** Throws `corrupt` where the store says that bytes differ from the checksum that they came with. */
export function throwRefusedSum(answer: HttpAnswer | undefined, work: S3Work): void {
  const code = answer && elementOf(answer.body, 'Code');
  if (code === undefined) return;
  const message = elementOf(answer!.body, 'Message') ?? code;
  const $metadata = { httpStatusCode: answer!.status };
  const error = translateS3Error(new S3ServiceException({ name: code, message, $fault: 'client', $metadata }), work);
  if (isLakeliftError(error, 'corrupt')) throw error;
}

/** Of a short document of XML, whose names occur once. Text with entities is left to the SDK. */
function elementOf(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<&]+)</${name}>`).exec(xml)?.[1];
}
