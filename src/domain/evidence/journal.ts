import { createHash } from 'node:crypto';
import type { Decision } from '../acceptance/acceptance.ts';
import type { ReconcileVerdict } from '../reconciliation.ts';

const EVIDENCE_SCHEMA = 'lakelift/evidence/1';

/** What an evidence pack is about. */
export interface EvidenceSubject {
  readonly useCase: string;
  readonly runId: string;
  readonly planHash: string;
  readonly verdict: ReconcileVerdict;
  /** Of report.json. */
  readonly reportSha256: string;
  readonly toolVersion: string;
  /** The last decision on the run. */
  readonly decision?: Decision | undefined;
  /** Names that hold personal values were replaced by tokens. */
  readonly isMasked: boolean;
}

export interface EvidenceEntry {
  readonly name: string;
  readonly sizeBytes: number;
  /** Hex, of the bytes as they lie in the archive. */
  readonly sha256: string;
  /** Of what a compressed entry holds. */
  readonly contentSha256?: string | undefined;
}

export interface Journal {
  readonly subject: EvidenceSubject;
  readonly entries: readonly EvidenceEntry[];
  /** SHA-256 of the last line: stands for everything in the archive. */
  readonly seal: string;
}

const FIRST = '0'.repeat(64);

/** One JSON object a line, each with the digest of the line before: none can be changed, moved, added or taken out without the last one changing. */
export function writeJournal(subject: EvidenceSubject, entries: readonly EvidenceEntry[]): string {
  const events = [
    { event: 'opened', schema: EVIDENCE_SCHEMA, subject },
    ...entries.map((entry) => ({ event: 'entry', ...entry })),
    { event: 'closed', entries: entries.length },
  ];
  const lines: string[] = [];
  for (const [sequence, event] of events.entries())
    lines.push(JSON.stringify({ sequence, previous: lines.length === 0 ? FIRST : digest(lines.at(-1)!), ...event }));
  return `${lines.join('\n')}\n`;
}

export function sealOf(journal: string): string {
  return digest(journal.trimEnd().split('\n').at(-1)!);
}

/** Reads a journal back, or says in which line its chain is broken. */
export function readJournal(text: string): Journal | { readonly brokenLine: number } {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.length < 2) return { brokenLine: lines.length + 1 };
  const events: Record<string, unknown>[] = [];
  for (const [sequence, line] of lines.entries()) {
    const event = parsed(line);
    const previous = sequence === 0 ? FIRST : digest(lines[sequence - 1]!);
    const kind = sequence === 0 ? 'opened' : sequence === lines.length - 1 ? 'closed' : 'entry';
    if (event?.['sequence'] !== sequence || event['previous'] !== previous || event['event'] !== kind)
      return { brokenLine: sequence + 1 };
    events.push(event);
  }
  const entries = events.slice(1, -1) as unknown as EvidenceEntry[];
  const { subject, schema } = events[0]! as unknown as { subject?: EvidenceSubject; schema: string };
  if (schema !== EVIDENCE_SCHEMA || subject === undefined) return { brokenLine: 1 };
  if (events.at(-1)!['entries'] !== entries.length) return { brokenLine: lines.length };
  return { subject, entries, seal: digest(lines.at(-1)!) };
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
