import { readFileSync } from 'node:fs';
import { noteSecret } from './adapters/log/redactor.ts';
import { SnsNotifier } from './adapters/notify/sns-notifier.ts';
import { WebhookNotifier } from './adapters/notify/webhook-notifier.ts';
import { awsSettings } from './compose.ts';
import type { Config, Project } from './config/config.ts';
import { LakeliftError } from './errors.ts';
import type { Notifier } from './ports/notifier.ts';

// The part of compose.ts that tells people elsewhere; no other file but those sees adapters either.

/** Whoever is told of the end of a run. Throws `usage` where the URL of a webhook is not to be had. */
export function notifiers({ config }: Project): Notifier[] {
  const { webhook, sns } = config.notify;
  const all: Notifier[] = [];
  if (webhook !== undefined) all.push(new WebhookNotifier({ url: webhookUrl(webhook), format: webhook.format }));
  if (sns !== undefined) all.push(new SnsNotifier({ ...awsSettings(config), endpoint: sns.endpoint }, sns.topicArn));
  return all;
}

function webhookUrl({ urlEnvironment, urlFile }: NonNullable<Config['notify']['webhook']>): string {
  const url = urlFile === undefined ? process.env[urlEnvironment ?? ''] : readFileSync(urlFile, 'utf8').trim();
  noteSecret(url);
  if (url !== undefined && URL.canParse(url)) return url;
  const subject = urlFile ?? urlEnvironment ?? 'notify.webhook';
  throw new LakeliftError(`${subject} holds no URL`, {
    kind: 'usage',
    code: 'WEBHOOK_URL_MISSING',
    subject,
    hint: 'Put the URL of the channel there, or take notify.webhook out of lakelift.yaml.',
  });
}
