import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { LakeliftError, messageOf } from '../../errors.ts';
import type { SecretStore } from '../../ports/secret-store.ts';
import { noteSecret } from '../log/redactor.ts';
import { awsFailure, commonMeaning, type Meaning } from './aws-failure.ts';
import { requestHandlerSettings, SDK_ATTEMPTS, type AwsSettings } from './aws-settings.ts';

const TIMEOUTS = { answerMs: 30_000, idleMs: 30_000 };

/** Secrets of AWS Secrets Manager, by name or ARN. */
export class SecretsManager implements SecretStore {
  readonly #client: SecretsManagerClient;

  constructor(settings: AwsSettings) {
    this.#client = new SecretsManagerClient({
      region: settings.region,
      ...(settings.endpoint === undefined ? {} : { endpoint: settings.endpoint }),
      ...(settings.credentials === undefined ? {} : { credentials: settings.credentials }),
      maxAttempts: SDK_ATTEMPTS,
      requestHandler: requestHandlerSettings(settings, TIMEOUTS),
    });
  }

  async read(secret: string, version?: string): Promise<string> {
    const answer = await this.#get(secret, version);
    if (answer === undefined) throw failed(secret, NO_TEXT, 'it holds no text');
    noteSecret(answer);
    return answer;
  }

  async #get(secret: string, version: string | undefined): Promise<string | undefined> {
    const wanted = { SecretId: secret, ...(version === undefined ? {} : { VersionId: version }) };
    try {
      return (await this.#client.send(new GetSecretValueCommand(wanted))).SecretString;
    } catch (cause) {
      const failure = awsFailure(cause);
      if (failure === undefined) throw cause;
      const meaning = meaningOf(failure.code) ?? commonMeaning(failure) ?? REFUSED;
      throw failed(secret, meaning, `${messageOf(cause)} (${failure.code})`, cause);
    } finally {
      // One key a command: no connection is kept.
      this.#client.destroy();
    }
  }
}

const REFUSED: Meaning = {
  kind: 'unsupported',
  code: 'SECRET_REFUSED',
  hint: 'The message is the one of Secrets Manager.',
};
const NO_TEXT: Meaning = { kind: 'unsupported', code: 'SECRET_NOT_TEXT', hint: 'Store the key as text, not as bytes.' };

function meaningOf(code: string): Meaning | undefined {
  if (/^AccessDenied(Exception)?$/.test(code))
    return {
      kind: 'denied',
      code: 'SECRET_DENIED',
      hint: 'Grant secretsmanager:GetSecretValue on the secret, and kms:Decrypt on its key.',
    };
  if (code === 'ResourceNotFoundException')
    return { kind: 'not-found', code: 'SECRET_NOT_FOUND', hint: 'Check name, version and target.region.' };
  return undefined;
}

function failed(secret: string, meaning: Meaning, what: string, cause?: unknown): LakeliftError {
  return new LakeliftError(`${secret}: ${what}`, { ...meaning, subject: secret, cause });
}
