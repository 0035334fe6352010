import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Finding } from '../../domain/reconciliation.ts';
import type { FindingLog } from '../../ports/finding-log.ts';

/** Findings as JSON lines in a file of this machine, replaced by the next reconciliation of the same run. */
export function openFindingLog(path: string): FindingLog {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const stream = createWriteStream(path, { mode: 0o600 });
  return {
    add: async (finding: Finding) => {
      if (!stream.write(`${JSON.stringify(finding)}\n`)) await once(stream, 'drain');
    },
    close: async () => {
      stream.end();
      await finished(stream);
    },
  };
}

/** What was written there; nothing when no reconciliation took place. */
export async function* readFindingLog(path: string): AsyncGenerator<string> {
  if (!existsSync(path)) return;
  for await (const chunk of createReadStream(path, 'utf8')) yield chunk as string;
}
