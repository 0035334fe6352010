import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { LakeliftError, messageOf } from '../../errors.ts';

/** Codes of what is no DSN file as it is. */
export const NOT_UNPACKED: ReadonlySet<string> = new Set(['DSN_PACKED', 'DSN_GZIP_BROKEN']);

/** By their first bytes, since names do not always say. */
const GZIP = Buffer.from('1f8b', 'hex');
const OTHERS: readonly (readonly [name: string, begin: Buffer])[] = [
  ['zip', Buffer.from('504b0304', 'hex')],
  ['bzip2', Buffer.from('425a68', 'hex')],
  ['xz', Buffer.from('fd377a585a00', 'hex')],
  ['7z', Buffer.from('377abcaf271c', 'hex')],
  ['zstd', Buffer.from('28b52ffd', 'hex')],
];
const LONGEST_BEGIN = 6;

/**
 * The bytes of a DSN file, which may be packed by gzip. Throws `usage`: DSN_PACKED for what is packed otherwise, DSN_GZIP_BROKEN for gzip that is cut off or broken.
 */
export async function* unpacked(name: string, content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = content[Symbol.asyncIterator]();
  try {
    const begin = await beginOf(pieces);
    const [packer] = OTHERS.find(([, bytes]) => begin.subarray(0, bytes.length).equals(bytes)) ?? [];
    if (packer !== undefined) throw packedOtherwise(name, packer);
    const whole = joined(begin, pieces);
    yield* begin.subarray(0, GZIP.length).equals(GZIP) ? gunzipped(name, whole) : whole;
  } finally {
    await pieces.return?.();
  }
}

async function beginOf(pieces: AsyncIterator<Uint8Array>): Promise<Buffer> {
  let begin = Buffer.alloc(0);
  while (begin.length < LONGEST_BEGIN) {
    const next = await pieces.next();
    if (next.done === true) break;
    begin = Buffer.concat([begin, next.value]);
  }
  return begin;
}

async function* joined(begin: Uint8Array, pieces: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield begin;
  for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value;
}

async function* gunzipped(name: string, whole: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  // Whoever reads hears of what goes wrong.
  pipeline(Readable.from(whole), gunzip).catch(() => undefined);
  try {
    yield* gunzip as AsyncIterable<Uint8Array>;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code?.startsWith('Z_') !== true) throw cause;
    throw new LakeliftError(`${name} is not whole as gzip: ${messageOf(cause)}`, {
      kind: 'usage',
      code: 'DSN_GZIP_BROKEN',
      subject: name,
      hint: 'Nothing was written. Ask for the file again, or leave it out.',
      cause,
    });
  }
}

function packedOtherwise(name: string, packer: string): LakeliftError {
  return new LakeliftError(`${name} is packed with ${packer}`, {
    kind: 'usage',
    code: 'DSN_PACKED',
    subject: name,
    hint: 'Nothing was written. Unpack it beside the others, or pack it with gzip, which is read as it is; give the archive a name that begins with "_" to leave it out.',
  });
}
