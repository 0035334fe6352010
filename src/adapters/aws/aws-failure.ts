import type { ErrorKind } from '../../errors.ts';

/** What an error of the SDK says, whatever the service. */
export interface AwsFailure {
  /** The service's exception name, or Node's code for what went wrong on the way. */
  readonly code: string;
  readonly status: number | undefined;
}

export interface Meaning {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly hint: string;
}

/** Reads an error thrown by the SDK; undefined for what is none (an abort, a bug). */
export function awsFailure(error: unknown): AwsFailure | undefined {
  if (!(error instanceof Error) || error.name === 'AbortError') return undefined;
  const details = error as Error & {
    $metadata?: { httpStatusCode?: number };
    $fault?: string;
    Code?: string;
    code?: unknown;
  };
  const status = details.$metadata?.httpStatusCode;
  const isRefusal = details.$fault !== undefined || details.Code !== undefined;
  // "Success", and then a body that could not be read: cut short, or not from the service at all.
  if (!isRefusal && status !== undefined && status < 300) return { code: 'UnreadableAnswer', status };
  if (typeof details.code === 'string') return { code: details.code, status };
  if (status !== undefined || LOCAL.has(error.name)) return { code: details.Code ?? error.name, status };
  return undefined;
}

/** Errors the SDK raises by itself. */
const LOCAL = new Set(['TimeoutError', 'CredentialsProviderError', 'TokenProviderError']);

const CREDENTIALS =
  /^(CredentialsProviderError|TokenProviderError|ExpiredToken(Exception)?|InvalidToken|TokenRefreshRequired|InvalidAccessKeyId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidSignatureException|MissingAuthenticationTokenException|IncompleteSignatureException|InvalidClientTokenId)$/;
const THROTTLED =
  /^(SlowDown|(KMS\.)?Throttl.*|TooManyRequests.*|RequestLimitExceeded|.*LimitExceeded.*Rate.*|BandwidthLimitExceeded)$/;
const CERTIFICATE = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|HOSTNAME_MISMATCH)/;
const NETWORK = /^(E[A-Z]{3,}|UND_ERR_.*|TimeoutError|RequestTimeout(Exception)?|UnreadableAnswer)$/;

/** True when the service does not take the credentials; retrying with the same is in vain. */
export function isCredentialFailure(error: unknown): boolean {
  return CREDENTIALS.test(awsFailure(error)?.code ?? '');
}

/** What is the same for every service: credentials, throttling, the network, a server in trouble. */
export function commonMeaning({ code, status }: AwsFailure): Meaning | undefined {
  if (CREDENTIALS.test(code))
    return {
      kind: 'denied',
      code: 'AWS_CREDENTIALS',
      hint: 'Check the AWS credentials of this process (environment, profile or role) and whether they have expired.',
    };
  if (/TimeTooSkewed/.test(code))
    return {
      kind: 'denied',
      code: 'AWS_CLOCK',
      hint: 'Set the clock of this machine: it is more than 15 minutes off.',
    };
  if (THROTTLED.test(code) || status === 429)
    return { kind: 'throttled', code: 'AWS_THROTTLED', hint: 'It is tried again; if it persists, lower limits.' };
  if (CERTIFICATE.test(code))
    return {
      kind: 'usage',
      code: 'AWS_CERTIFICATE',
      hint: 'Add the certificate authority of the endpoint with NODE_EXTRA_CA_CERTS.',
    };
  if (NETWORK.test(code) || (status !== undefined && status >= 500 && status !== 501))
    return {
      kind: 'unavailable',
      code: 'AWS_UNAVAILABLE',
      hint: 'Check the endpoint, the region and the way to it (proxy, VPC endpoint, firewall); then run again.',
    };
  return undefined;
}
