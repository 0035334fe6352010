import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SnsNotifier } from '../../../src/adapters/notify/sns-notifier.ts';
import { WebhookNotifier } from '../../../src/adapters/notify/webhook-notifier.ts';

interface Received {
  readonly request: IncomingMessage;
  readonly body: string;
}

let server: Server;
let origin: string;
let status: number;
const received: Received[] = [];

beforeEach(async () => {
  received.length = 0;
  status = 200;
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => void (body += text));
    request.on('end', () => {
      received.push({ request, body });
      response.writeHead(status, status === 302 ? { location: `${origin}/elsewhere` } : {});
      response.end('<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => void server.close());

const message = {
  title: '1 of 2 use cases ended well é',
  lines: ['absences: all well <3', 'churn: DIFFERS & more'],
  isGood: false,
  url: 'https://ci.example.org/jobs/1',
};

describe('a message about a run', () => {
  it('goes to a channel of Slack, with the three characters escaped that it reads', async () => {
    await new WebhookNotifier({ url: `${origin}/hook`, format: 'slack' }).send(message);
    expect(received[0]?.request.headers['content-type']).toBe('application/json');
    const { text } = JSON.parse(received[0]!.body) as { text: string };
    expect(text.split('\n')).toEqual([
      '⚠️ *1 of 2 use cases ended well é*',
      'absences: all well &lt;3',
      'churn: DIFFERS &amp; more',
      '<https://ci.example.org/jobs/1>',
    ]);
  });

  it('goes to Teams as an adaptive card', async () => {
    await new WebhookNotifier({ url: `${origin}/hook`, format: 'teams' }).send(message);
    const card = JSON.parse(received[0]!.body) as {
      attachments: [{ contentType: string; content: { body: { text: string }[]; actions: { url: string }[] } }];
    };
    const [{ contentType, content }] = card.attachments;
    expect(contentType).toBe('application/vnd.microsoft.card.adaptive');
    expect(content.body.map(({ text }) => text)).toEqual([`⚠️ ${message.title}`, ...message.lines]);
    expect(content.actions[0]?.url).toBe(message.url);
  });

  it.each([
    [403, 'denied'],
    [500, 'unavailable'],
    [302, 'unavailable'],
  ])('that is answered with %i fails as %s, and its URL stays secret', async (code, kind) => {
    status = code;
    const sent = new WebhookNotifier({ url: `${origin}/hook/s3cret`, format: 'slack' }).send(message);
    await expect(sent).rejects.toMatchObject({ kind, code: 'WEBHOOK_REFUSED' });
    await expect(sent).rejects.not.toThrow(/s3cret/);
    expect(received).toHaveLength(1);
  });

  it('that nobody takes fails without naming the URL', async () => {
    const gone = new WebhookNotifier({ url: 'http://127.0.0.1:1/s3cret', format: 'slack' }).send(message);
    await expect(gone).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(gone).rejects.not.toThrow(/s3cret/);
  });

  it('is published to a topic of SNS, its subject in ASCII', async () => {
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const arn = 'arn:aws:sns:eu-west-3:123456789012:lakelift';
    await new SnsNotifier({ region: 'eu-west-3', endpoint: origin, credentials }, arn).send(message);
    const form = new URLSearchParams(received[0]!.body);
    expect(Object.fromEntries(form)).toMatchObject({
      Action: 'Publish',
      TopicArn: arn,
      Subject: '1 of 2 use cases ended well e',
      Message: [message.title, ...message.lines, message.url].join('\n'),
    });
  });
});
