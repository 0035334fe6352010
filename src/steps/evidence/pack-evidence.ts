import { createHash, type Hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { sealOf, writeJournal, type EvidenceEntry, type EvidenceSubject } from '../../domain/evidence/journal.ts';
import type { EvidenceArchive } from '../../ports/evidence.ts';

/** The chain stands last, under this name. */
export const JOURNAL_ENTRY = 'journal.jsonl';

export interface EvidenceFile {
  readonly name: string;
  readonly content: Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>;
  /** Lists may be long: they are compressed, and `.gz` is added to their name. */
  readonly isList?: boolean;
}

export interface PackedEvidence {
  readonly place: string;
  readonly seal: string;
  /** What a signature signs. */
  readonly journal: string;
  readonly entries: readonly EvidenceEntry[];
}

/** Puts files into one archive with a journal that makes any change to them visible. Same files, same archive. `subject` is asked once all are in. */
export async function packEvidence(
  archive: EvidenceArchive,
  subject: () => EvidenceSubject,
  files: Iterable<EvidenceFile>,
): Promise<PackedEvidence> {
  try {
    const entries: EvidenceEntry[] = [];
    for (const file of files) entries.push(await pack(archive, file));
    const journal = writeJournal(subject(), entries);
    await archive.add(JOURNAL_ENTRY, Readable.from([Buffer.from(journal)]));
    return { place: await archive.finish(), seal: sealOf(journal), journal, entries };
  } catch (error) {
    await archive.abandon();
    throw error;
  }
}

async function pack(archive: EvidenceArchive, { name, content, isList = false }: EvidenceFile): Promise<EvidenceEntry> {
  if (!isList) return { name, ...(await archive.add(name, bytesOf(content))) };
  const hash = createHash('sha256');
  const compressed = Readable.from(bytesOf(content, hash)).compose(createGzip()) as AsyncIterable<Uint8Array>;
  const digest = await archive.add(`${name}.gz`, compressed);
  return { name: `${name}.gz`, ...digest, contentSha256: hash.digest('hex') };
}

const CHUNK = 64 * 1024;

/** In pieces worth writing: lines come one by one. */
async function* bytesOf(content: EvidenceFile['content'], hash?: Hash): AsyncGenerator<Buffer> {
  let pending: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of content) {
    const bytes = Buffer.from(piece as string);
    hash?.update(bytes);
    pending.push(bytes);
    sizeBytes += bytes.length;
    if (sizeBytes < CHUNK) continue;
    yield Buffer.concat(pending);
    pending = [];
    sizeBytes = 0;
  }
  if (sizeBytes > 0) yield Buffer.concat(pending);
}
