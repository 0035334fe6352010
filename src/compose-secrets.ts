import { readFileSync } from 'node:fs';
import { noteSecret, redactor } from './adapters/log/redactor.ts';
import type { Config } from './config/config.ts';

// The part of compose.ts that knows where secrets come from; no other file but those sees adapters either.

const ENVIRONMENT = [
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'LAKELIFT_SIGNING_PASSPHRASE',
];
const PROXIES = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'];

/** Takes every secret that this process holds, whenever it came to hold it, out of a line. */
export const redact: (line: string) => string = redactor();

/** What the environment holds whatever the configuration. */
export function noteEnvironmentSecrets(): void {
  for (const name of ENVIRONMENT) noteSecret(process.env[name]);
  for (const name of PROXIES) {
    const proxy = process.env[name] ?? '';
    if (URL.canParse(proxy)) noteSecret(decodeURIComponent(new URL(proxy).password));
  }
}

/** What the configuration names, in environment and files; keys of AWS are noted when they are read. */
export function noteConfiguredSecrets({ source: { hdfs, hive }, notify, reports }: Config): void {
  noteEnvironmentSecrets();
  const { maskKeyEnvironment } = reports;
  for (const name of [hive.hiveServer2?.passwordEnvironment, notify.webhook?.urlEnvironment, maskKeyEnvironment])
    if (name !== undefined) noteSecret(process.env[name]);
  for (const file of [hdfs.delegationTokenFile, notify.webhook?.urlFile]) if (file !== undefined) readSecret(file);
}

/** The secret that a file holds now. */
export function readSecret(file: string): string {
  const secret = readFileSync(file, 'utf8').trim();
  noteSecret(secret);
  return secret;
}
