/** An error as S3 words it: a code, a sentence and an HTTP status (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html). */
export class S3Error extends Error {
  override readonly name = 'S3Error';
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export const s3Errors = {
  accessDenied: () => new S3Error('AccessDenied', 'Access Denied', 403),
  badDigest: (what: string) =>
    new S3Error('BadDigest', `The ${what} you specified did not match the calculated checksum.`),
  invalidRequest: (message: string) => new S3Error('InvalidRequest', message),
  invalidArgument: (message: string) => new S3Error('InvalidArgument', message),
  invalidPart: () =>
    new S3Error(
      'InvalidPart',
      'One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag or checksum may not match.',
    ),
  malformedXml: () =>
    new S3Error(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    ),
  noSuchBucket: () => new S3Error('NoSuchBucket', 'The specified bucket does not exist', 404),
  noSuchKey: () => new S3Error('NoSuchKey', 'The specified key does not exist.', 404),
  noSuchUpload: () =>
    new S3Error(
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      404,
    ),
  /** What S3 itself says of what it does not do (API reference, "List of error codes": 501); here of all that lakelift never sends. */
  notImplemented: (what: string) =>
    new S3Error('NotImplemented', `A header or operation that is not implemented: ${what}`, 501),
  preconditionFailed: () =>
    new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412),
} as const;
