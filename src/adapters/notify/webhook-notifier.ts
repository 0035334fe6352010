import { LakeliftError, messageOf } from '../../errors.ts';
import type { Notification, Notifier } from '../../ports/notifier.ts';

const TIMEOUT_MS = 10_000;

export interface WebhookSettings {
  /** A secret: whoever has it can post. */
  readonly url: string;
  readonly format: 'slack' | 'teams';
}

/** A channel of Slack (or Mattermost), or of Microsoft Teams through a workflow. */
export class WebhookNotifier implements Notifier {
  readonly name: string;
  readonly #settings: WebhookSettings;

  constructor(settings: WebhookSettings) {
    this.#settings = settings;
    this.name = `${settings.format} webhook`;
  }

  async send(notification: Notification): Promise<void> {
    const { url, format } = this.#settings;
    const body = JSON.stringify(format === 'slack' ? slackMessage(notification) : teamsMessage(notification));
    const headers = { 'content-type': 'application/json' };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    // A redirect would carry the text to where nobody decided that it goes.
    const answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' }).catch(
      (error: unknown) => {
        const cause = (error as Error).cause ?? error;
        throw refused(this.name, 'unavailable', messageOf(cause).replaceAll(url, '***'));
      },
    );
    await answer.body?.cancel();
    if (!answer.ok) throw refused(this.name, answer.status < 500 ? 'denied' : 'unavailable', `status ${answer.status}`);
  }
}

/** https://api.slack.com/messaging/webhooks: "text" with mrkdwn, in which three characters are escaped. */
function slackMessage({ title, lines, isGood, url }: Notification): unknown {
  const escaped = (text: string): string =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const link = url === undefined ? [] : [`<${encodeURI(url)}>`];
  return { text: [`${isGood ? '✅' : '⚠️'} *${escaped(title)}*`, ...lines.map(escaped), ...link].join('\n') };
}

/** An Adaptive Card in a message, as workflows of Teams ("when a webhook request is received") take it. */
function teamsMessage({ title, lines, isGood, url }: Notification): unknown {
  const heading = {
    type: 'TextBlock',
    weight: 'Bolder',
    size: 'Medium',
    wrap: true,
    text: `${isGood ? '✅' : '⚠️'} ${title}`,
  };
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [heading, ...lines.map((text) => ({ type: 'TextBlock', wrap: true, spacing: 'Small', text }))],
    ...(url === undefined ? {} : { actions: [{ type: 'Action.OpenUrl', title: 'CI', url }] }),
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  };
}

function refused(name: string, kind: 'denied' | 'unavailable', detail: string): LakeliftError {
  return new LakeliftError(`The ${name} did not take the message: ${detail}`, {
    kind,
    code: 'WEBHOOK_REFUSED',
    hint: 'Check the URL in the environment variable that notify.webhook names, and the way to it (proxy, firewall).',
  });
}
