import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { Acceptance, AcceptanceRecord } from '../../domain/acceptance/acceptance.ts';
import { readJournal, type Journal } from '../../domain/evidence/journal.ts';
import { LakeliftError } from '../../errors.ts';
import { JOURNAL_ENTRY } from './pack-evidence.ts';
import { readArchive, type EvidenceFault, type ReadArchive } from './read-archive.ts';

/** What is known from elsewhere than the archive, and makes a forgery of the whole visible too. */
export interface Trusted {
  readonly seal?: string | undefined;
  /** Signature of the journal and the PEM of the public key that made it. */
  readonly signature?: { readonly bytes: Uint8Array; readonly publicKey: string } | undefined;
}

export interface EvidenceVerdict {
  readonly isGenuine: boolean;
  readonly journal: Journal | undefined;
  readonly faults: readonly EvidenceFault[];
}

const REPORT_ENTRY = 'report/report.json';
const ACCEPTANCE_ENTRY = 'report/acceptance.json';

/** Whether an evidence pack is what was packed, told from the archive alone and from what is trusted. Every fault names its entry. */
export async function verifyEvidence(chunks: AsyncIterable<Uint8Array>, trusted: Trusted): Promise<EvidenceVerdict> {
  const archive = await readArchive(chunks, (name) => [JOURNAL_ENTRY, ACCEPTANCE_ENTRY].includes(name));
  const faults = [...archive.faults];
  const text = archive.texts.get(JOURNAL_ENTRY);
  const journal = text === undefined ? undefined : readJournal(text);
  if (text === undefined || journal === undefined) {
    faults.push({ entry: JOURNAL_ENTRY, code: 'ENTRY_MISSING', text: 'the archive has no journal' });
    return { isGenuine: false, journal: undefined, faults };
  }
  faults.push(...signatureFaults(text, trusted.signature));
  if ('brokenLine' in journal) {
    const where = `its chain is broken at line ${journal.brokenLine}`;
    faults.push({ entry: JOURNAL_ENTRY, code: 'JOURNAL_BROKEN', text: where });
    return { isGenuine: false, journal: undefined, faults };
  }
  faults.push(...entryFaults(archive, journal), ...acceptanceFaults(archive, journal));
  if (trusted.seal !== undefined && trusted.seal !== journal.seal)
    faults.push({ entry: JOURNAL_ENTRY, code: 'SEAL_DIFFERS', text: `its seal is ${journal.seal}` });
  return { isGenuine: faults.length === 0, journal, faults };
}

function entryFaults({ entries }: ReadArchive, journal: Journal): EvidenceFault[] {
  const faults: EvidenceFault[] = [];
  const listed = new Set([JOURNAL_ENTRY]);
  for (const { name, sha256, sizeBytes, contentSha256 } of journal.entries) {
    listed.add(name);
    const found = entries.get(name);
    if (found === undefined)
      faults.push({
        entry: name,
        code: 'ENTRY_MISSING',
        text: 'the journal lists it and the archive does not have it',
      });
    else if (found.sha256 !== sha256 || found.sizeBytes !== sizeBytes || found.contentSha256 !== contentSha256)
      faults.push({ entry: name, code: 'ENTRY_CHANGED', text: `its SHA-256 is ${found.sha256} instead of ${sha256}` });
  }
  for (const name of entries.keys())
    if (!listed.has(name)) faults.push({ entry: name, code: 'ENTRY_UNKNOWN', text: 'the journal does not list it' });
  const report = entries.get(REPORT_ENTRY);
  if (report?.sha256 !== journal.subject.reportSha256)
    faults.push({
      entry: REPORT_ENTRY,
      code: 'REPORT_DIFFERS',
      text: 'it is not the report that the journal is about',
    });
  return faults;
}

/** The last decision must be on the very report in the pack, and on its lists. */
function acceptanceFaults({ entries, texts }: ReadArchive, { subject }: Journal): EvidenceFault[] {
  const text = texts.get(ACCEPTANCE_ENTRY);
  const fault = (what: string) => [{ entry: ACCEPTANCE_ENTRY, code: 'ACCEPTANCE_DIFFERS', text: what }];
  if (text === undefined) return subject.decision === undefined ? [] : fault('the decision is not in the archive');
  const last = lastDecision(text);
  if (last === undefined) return fault('it holds no decision');
  if (last.decision !== subject.decision) return fault('its last decision is not the one that the journal names');
  if (last.report.sha256 !== subject.reportSha256 || last.report.runId !== subject.runId)
    return fault('it accepts another report');
  return Object.entries(last.report.lists).flatMap(([name, sha256]) => {
    const entry = entries.get(`report/${name}.gz`) ?? entries.get(`report/${name}`);
    const found = entry?.contentSha256 ?? entry?.sha256;
    return found === sha256 ? [] : fault(`it accepts another ${name}`);
  });
}

/** Undefined for what is no acceptance record: it may have been changed in any way. */
function lastDecision(text: string): Pick<Acceptance, 'decision' | 'report'> | undefined {
  try {
    const last = (JSON.parse(text) as Partial<AcceptanceRecord>).decisions?.at(-1);
    return typeof last?.report?.lists === 'object' ? last : undefined;
  } catch {
    return undefined;
  }
}

function signatureFaults(journal: string, signature: Trusted['signature']): EvidenceFault[] {
  if (signature === undefined || isSignedBy(journal, signature.bytes, publicKeyOf(signature.publicKey))) return [];
  return [{ entry: JOURNAL_ENTRY, code: 'SIGNATURE_WRONG', text: 'the signature is not of this journal and key' }];
}

/** Algorithms as port Signer has them. */
function isSignedBy(message: string, signature: Uint8Array, key: KeyObject): boolean {
  const algorithm = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  return verify(algorithm, Buffer.from(message), key, signature);
}

function publicKeyOf(pem: string): KeyObject {
  try {
    return createPublicKey(pem);
  } catch (cause) {
    throw new LakeliftError('This is no public key', {
      kind: 'usage',
      code: 'PUBLIC_KEY_INVALID',
      hint: 'Give a PEM file: -----BEGIN PUBLIC KEY-----',
      cause,
    });
  }
}
