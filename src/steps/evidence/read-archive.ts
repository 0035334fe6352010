import { createHash } from 'node:crypto';
import { createGunzip } from 'node:zlib';
import type { EvidenceEntry } from '../../domain/evidence/journal.ts';
import {
  readTarHeader,
  TAR_BLOCK_BYTES,
  TAR_END_BYTES,
  tarHeader,
  tarPadding,
} from '../../domain/evidence/tar-header.ts';
import { ByteSource } from './byte-source.ts';

/** A fault of an archive, and the entry it was found in. */
export interface EvidenceFault {
  readonly entry: string;
  readonly code: string;
  readonly text: string;
}

export interface ReadArchive {
  readonly entries: ReadonlyMap<string, EvidenceEntry>;
  /** Texts of the entries that were asked for. */
  readonly texts: ReadonlyMap<string, string>;
  readonly faults: readonly EvidenceFault[];
}

/** Beyond this an entry that is to be kept in memory is no record of ours. */
const LARGEST_TEXT_BYTES = 256 * 1024 * 1024;

/** Reads an archive from its first byte to its last: there is none that does not have to be what it is. */
export async function readArchive(
  chunks: AsyncIterable<Uint8Array>,
  isKept: (name: string) => boolean,
): Promise<ReadArchive> {
  const source = new ByteSource(chunks);
  const entries = new Map<string, EvidenceEntry>();
  const texts = new Map<string, string>();
  const faults: EvidenceFault[] = [];
  const fault = (entry: string, text: string): void => void faults.push({ entry, code: 'ARCHIVE_DAMAGED', text });
  for (let before = 'the beginning'; ;) {
    const block = await source.take(TAR_BLOCK_BYTES);
    if (block.every((byte) => byte === 0)) {
      const rest = await source.take(TAR_END_BYTES);
      const isEnd = block.length + rest.length === TAR_END_BYTES && rest.every((byte) => byte === 0);
      if (!isEnd) fault(before, 'what follows it is no end of an archive');
      return { entries, texts, faults };
    }
    const { name, sizeBytes } = readTarHeader(block);
    if (!isOurs(block, name, sizeBytes)) {
      fault(before, 'what follows it is no header of an entry');
      return { entries, texts, faults };
    }
    before = name;
    if (entries.has(name)) fault(name, 'it stands twice in the archive');
    const read = await readEntry(source, { name, sizeBytes, isKept: isKept(name) && sizeBytes <= LARGEST_TEXT_BYTES });
    if (read.missingBytes > 0) fault(name, `the archive ends ${read.missingBytes} bytes too early`);
    const padding = await source.take(tarPadding(sizeBytes));
    if (padding.some((byte) => byte !== 0)) fault(name, 'the gap after it is not empty');
    entries.set(name, read.entry);
    if (read.text !== undefined) texts.set(name, read.text);
  }
}

function isOurs(block: Buffer, name: string, sizeBytes: number): boolean {
  return block.length === TAR_BLOCK_BYTES && Number.isInteger(sizeBytes) && tarHeader(name, sizeBytes).equals(block);
}

interface EntryToRead {
  readonly name: string;
  readonly sizeBytes: number;
  readonly isKept: boolean;
}

async function readEntry(source: ByteSource, { name, sizeBytes, isKept }: EntryToRead) {
  const hash = createHash('sha256');
  const kept: Uint8Array[] = [];
  const content = name.endsWith('.gz') ? unpackedDigest() : undefined;
  let read = 0;
  for await (const piece of source.pieces(sizeBytes)) {
    hash.update(piece);
    read += piece.length;
    if (isKept) kept.push(Buffer.from(piece));
    await content?.add(piece);
  }
  const contentSha256 = await content?.end();
  const entry = { name, sizeBytes, sha256: hash.digest('hex') };
  return {
    entry: contentSha256 === undefined ? entry : { ...entry, contentSha256 },
    missingBytes: sizeBytes - read,
    text: isKept ? Buffer.concat(kept).toString('utf8') : undefined,
  };
}

/** SHA-256 of what compressed bytes hold; text that is no digest when they cannot be unpacked. */
function unpackedDigest(): { add(piece: Uint8Array): Promise<void>; end(): Promise<string> } {
  const hash = createHash('sha256');
  const gunzip = createGunzip();
  const done = (async () => {
    try {
      for await (const chunk of gunzip) hash.update(chunk as Uint8Array);
      return hash.digest('hex');
    } catch {
      return 'cannot be unpacked';
    }
  })();
  return {
    add: async (piece) => {
      if (gunzip.destroyed || gunzip.write(piece)) return;
      await Promise.race([new Promise((resolve) => gunzip.once('drain', resolve)), done]);
    },
    end: () => {
      if (!gunzip.destroyed) gunzip.end();
      return done;
    },
  };
}
