import type { Json } from '../json-file.ts';

/** Waits double, up to a bound, and vary, so that many that were refused together do not come back together. */
function again(errors: readonly string[], firstSeconds: number, attempts: number): Json {
  return {
    ErrorEquals: errors,
    IntervalSeconds: firstSeconds,
    BackoffRate: 2,
    MaxDelaySeconds: 900,
    MaxAttempts: attempts,
    JitterStrategy: 'FULL',
  };
}

/** Only what another time can mend. A job that failed is not run again: its rows would fail again. */
export const AGAIN_TO_GLUE: readonly Json[] = [
  again(['Glue.ConcurrentRunsExceededException', 'Glue.ResourceNumberLimitExceededException'], 60, 8),
  again(['Glue.ThrottlingException', 'Glue.InternalServiceException', 'Glue.OperationTimeoutException'], 5, 6),
];

export const AGAIN_TO_LAMBDA: readonly Json[] = [
  again(
    [
      'Lambda.ServiceException',
      'Lambda.AWSLambdaException',
      'Lambda.SdkClientException',
      'Lambda.TooManyRequestsException',
    ],
    2,
    6,
  ),
];

export const AGAIN_TO_S3: readonly Json[] = [again(['S3.S3Exception', 'S3.SdkClientException'], 2, 6)];

/** What a table that comes or goes refuses for a while, too. */
export const AGAIN_TO_DYNAMODB: readonly Json[] = [
  again(
    [
      'DynamoDb.ResourceInUseException',
      'DynamoDb.LimitExceededException',
      'DynamoDb.ContinuousBackupsUnavailableException',
      'DynamoDb.ThrottlingException',
      'DynamoDb.InternalServerErrorException',
      'DynamoDb.SdkClientException',
    ],
    5,
    8,
  ),
];

export const AGAIN_TO_SSM: readonly Json[] = [
  again(
    [
      'Ssm.TooManyUpdatesException',
      'Ssm.InternalServerErrorException',
      'Ssm.ThrottlingException',
      'Ssm.SdkClientException',
    ],
    2,
    6,
  ),
];

export const AGAIN_TO_STATES: readonly Json[] = [again(['Sfn.ThrottlingException', 'Sfn.SdkClientException'], 2, 6)];
