import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unpacked } from '../../../src/steps/dsn/unpacked.ts';

const DSN = Buffer.from("S10.G00.00.001,'lakelift'\r\nS10.G00.00.005,'01'\r\n".repeat(500));

async function* pieces(bytes: Uint8Array, pieceBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes)
    yield await Promise.resolve(bytes.subarray(at, at + pieceBytes));
}

const read = async (content: AsyncIterable<Uint8Array>): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync(unpacked('a.dsn', content)));

describe('A DSN file', () => {
  it('is read packed by gzip or not, in pieces of any size, whatever its name', async () => {
    const members = Buffer.concat([gzipSync(DSN.subarray(0, 1000)), gzipSync(DSN.subarray(1000))]);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(DSN, gzipSync(DSN), members),
        fc.integer({ min: 1, max: 3000 }),
        async (bytes, size) => {
          expect((await read(pieces(bytes, size))).equals(DSN)).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
    expect(await read(pieces(Buffer.from('S'), 1))).toEqual(Buffer.from('S'));
    expect(await read(pieces(Buffer.alloc(0), 1))).toEqual(Buffer.alloc(0));
  });

  it.each([
    ['zip', 'PK\x03\x04'],
    ['bzip2', 'BZh91AY'],
    ['xz', '\xfd7zXZ\x00'],
    ['7z', '7z\xbc\xaf\x27\x1c'],
    ['zstd', '\x28\xb5\x2f\xfd'],
  ])('packed with %s is refused, with what to do', async (packer, begin) => {
    const content = pieces(Buffer.from(`${begin} and more`, 'latin1'), 3);
    await expect(read(content)).rejects.toMatchObject({
      code: 'DSN_PACKED',
      message: expect.stringContaining(packer) as string,
      hint: expect.stringContaining('Unpack it') as string,
    });
  });

  it('that is cut off or broken as gzip is refused, not read in part', async () => {
    const packed = gzipSync(DSN);
    await expect(read(pieces(packed.subarray(0, -9), 50))).rejects.toMatchObject({ code: 'DSN_GZIP_BROKEN' });
    const broken = Buffer.from(packed);
    broken.writeUInt32LE(0, broken.length - 8);
    await expect(read(pieces(broken, 50))).rejects.toMatchObject({ code: 'DSN_GZIP_BROKEN', kind: 'usage' });
  });

  it('is let go of when nobody reads on, and a source that fails is told as it failed', async () => {
    let isReleased = false;
    async function* source(error?: Error): AsyncGenerator<Uint8Array> {
      try {
        yield* pieces(gzipSync(DSN), 20);
        if (error !== undefined) throw error;
      } finally {
        isReleased = true;
      }
    }
    for await (const bytes of unpacked('a.dsn', source())) if (bytes.length > 0) break;
    expect(isReleased).toBe(true);
    await expect(read(source(new Error('the disk went away')))).rejects.toThrow('the disk went away');
  });
});
