import { describe, expect, it } from 'vitest';
import { hdfsPath } from '../../src/domain/names.ts';
import { compareObject, copyRecordOf, type FilePair } from '../../src/domain/object-comparison.ts';
import { OBJECT_METADATA } from '../../src/domain/object-metadata.ts';

const MD5 = 'MD5-of-0MD5-of-512CRC32C:27c0d1';
const metadata = {
  [OBJECT_METADATA.source]: '/rh/a%20b',
  [OBJECT_METADATA.sourceChecksum]: MD5,
  [OBJECT_METADATA.sourceModifiedMs]: '1000',
};
const pair: FilePair = {
  file: {
    path: hdfsPath('/rh/a b'),
    sizeBytes: 10,
    modifiedAtMs: 1000,
    blockSizeBytes: 1024,
    isEncrypted: false,
    isErasureCoded: false,
    owner: '',
    group: '',
    permission: '644',
  },
  sourceChecksum: MD5,
  object: { sizeBytes: 10, crc32c: '+x0GyA==', copyRecord: copyRecordOf(metadata) },
  recorded: { crc32c: '+x0GyA==', proof: 'end-to-end' },
};
/** Of an object that names this checksum as that of its source. */
function of(sourceChecksum: string): Partial<FilePair> {
  const copyRecord = copyRecordOf({ ...metadata, [OBJECT_METADATA.sourceChecksum]: sourceChecksum });
  return { sourceChecksum, object: { ...pair.object, copyRecord } };
}
const touched = { ...pair.file, modifiedAtMs: 2000 };

describe('compareObject', () => {
  it('takes an object with the right marks, checksum and size for a match as strong as its proof', () => {
    expect(compareObject(pair)).toEqual({ kind: 'match', proof: 'end-to-end' });
  });

  it('never claims more than it knows: without a ledger the strength of the proof is the least', () => {
    expect(compareObject({ ...pair, recorded: undefined })).toEqual({ kind: 'match', proof: 'target-only' });
  });

  it('proves an object directly by the composite checksum, whoever wrote it', () => {
    const foreign = { ...pair.object, copyRecord: copyRecordOf({}) };
    const direct = { ...pair, recorded: undefined, object: foreign, sourceChecksum: 'COMPOSITE-CRC32C:fb1d06c8' };
    expect(compareObject(direct)).toEqual({ kind: 'match', proof: 'end-to-end' });
    // In an encryption zone the checksum covers other bytes.
    expect(compareObject({ ...direct, file: { ...pair.file, isEncrypted: true } }).kind).toBe('unproven');
  });

  it('takes a file that was only touched for a match', () => {
    expect(compareObject({ ...pair, file: touched }).kind).toBe('match');
  });

  it.each<[string, Partial<FilePair>, string]>([
    ['foreign objects', { object: { ...pair.object, copyRecord: copyRecordOf({}) } }, 'unproven'],
    ['copies of another file', { file: { ...pair.file, path: hdfsPath('/rh/c') } }, 'unproven'],
    ['objects without checksum', { object: { ...pair.object, crc32c: undefined } }, 'unproven'],
    ['bytes other than those proven', { object: { ...pair.object, crc32c: 'AAAAAA==' } }, 'checksum-differs'],
    [
      'bytes other than the source holds, which nobody compared',
      { sourceChecksum: 'COMPOSITE-CRC32C:fb1d06c9' },
      'checksum-differs',
    ],
    [
      'the same where the object was made from that very checksum',
      { ...of('COMPOSITE-CRC32C:fb1d06c9'), recorded: undefined, file: touched },
      'checksum-differs',
    ],
    [
      'a source that was written anew and now gives the checksum of its content',
      { sourceChecksum: 'COMPOSITE-CRC32C:fb1d06c9', file: touched },
      'drifted',
    ],
    [
      'what a second reading was not',
      { recorded: { ...pair.recorded!, objection: 'REREAD_TARGET_DIFFERS' } },
      'checksum-differs',
    ],
    ['a truncated object', { object: { ...pair.object, sizeBytes: 9 } }, 'size-differs'],
    ['other bytes at the source under the same time', { sourceChecksum: MD5.replace('27', '28') }, 'checksum-differs'],
    ['a source rewritten since', { file: touched, sourceChecksum: MD5.replace('27', '28') }, 'drifted'],
    ['a source that grew since', { file: { ...touched, sizeBytes: 11 } }, 'drifted'],
    ['a source that gives no checksum any more', { sourceChecksum: undefined }, 'unchecked'],
    ['checksums of two algorithms', { sourceChecksum: 'MD5-of-1MD5-of-512CRC32C:27c0d1' }, 'unchecked'],
  ])('finds %s', (_, changes, kind) => {
    expect(compareObject({ ...pair, ...changes }).kind).toBe(kind);
  });
});
