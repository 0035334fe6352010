import { isLakeliftError, LakeliftError, messageOf } from '../../errors.ts';
import type { Notification, Notifier } from '../../ports/notifier.ts';
import { credentialsOf, renewOnRefusal } from '../aws/aws-credentials.ts';
import { awsFailure, commonMeaning } from '../aws/aws-failure.ts';
import { requestHandlerSettings, SDK_ATTEMPTS, type AwsSettings } from '../aws/aws-settings.ts';

const TIMEOUTS = { answerMs: 10_000, idleMs: 10_000 };
/** SNS takes 100 characters of ASCII without line breaks as a subject (Publish, API reference). */
const LONGEST_SUBJECT = 100;

/** A topic of Amazon SNS: mail, SMS, queues, functions. */
export class SnsNotifier implements Notifier {
  readonly name: string;
  readonly #topicArn: string;
  readonly #settings: AwsSettings;

  constructor(settings: AwsSettings, topicArn: string) {
    this.#settings = settings;
    this.#topicArn = topicArn;
    this.name = topicArn;
  }

  async send({ title, lines, url }: Notification): Promise<void> {
    // Needed once a run at most: no other command pays for loading it.
    const { PublishCommand, SNSClient } = await import('@aws-sdk/client-sns');
    const { region, endpoint } = this.#settings;
    const client = new SNSClient({
      region,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...credentialsOf(this.#settings),
      maxAttempts: SDK_ATTEMPTS,
      requestHandler: requestHandlerSettings(this.#settings, TIMEOUTS),
    });
    renewOnRefusal(client);
    const message = [title, ...lines, ...(url === undefined ? [] : [url])].join('\n');
    try {
      await client.send(new PublishCommand({ TopicArn: this.#topicArn, Subject: subjectOf(title), Message: message }));
    } catch (error) {
      throw translate(error, this.#topicArn);
    } finally {
      client.destroy();
    }
  }
}

function subjectOf(title: string): string {
  const ascii = title
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^\x20-\x7e]/g, '?');
  return ascii.slice(0, LONGEST_SUBJECT);
}

function translate(error: unknown, topicArn: string): unknown {
  const failure = isLakeliftError(error) ? undefined : awsFailure(error);
  if (failure === undefined) return error;
  const meaning = commonMeaning(failure) ?? {
    kind: failure.status === 403 ? ('denied' as const) : ('unsupported' as const),
    code: 'SNS_REFUSED',
    hint: `Grant sns:Publish on ${topicArn}, and check that it exists in target.region.`,
  };
  return new LakeliftError(`${topicArn}: ${messageOf(error)}`, { ...meaning, subject: topicArn, cause: error });
}
