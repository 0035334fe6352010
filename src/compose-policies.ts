// The part of compose.ts that knows who keeps rights at the source; `permissions` alone needs it.

export { readRangerExport } from './adapters/ranger/ranger-policies.ts';
export { readSentryExport } from './adapters/sentry/sentry-policies.ts';
