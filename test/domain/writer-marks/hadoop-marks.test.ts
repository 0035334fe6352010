import { describe, expect, it } from 'vitest';
import { hadoopMarks } from '../../../src/domain/writer-marks/hadoop-marks.ts';

const SNAPPY = 'org.apache.hadoop.io.compress.SnappyCodec';
const LONG = `com.example.${'x'.repeat(200)}Codec`;

/** `Text.writeString`. */
function text(value: string): Buffer {
  const length = value.length <= 127 ? [value.length] : [0x8f, value.length];
  return Buffer.from([...length, ...Buffer.from(value)]);
}

const flag = (isSet: boolean): Buffer => Buffer.from([isSet ? 1 : 0]);
const rest = Buffer.alloc(24, 7);

function sequenceFile(codec: string | undefined, { version = 6, key = 'org.apache.hadoop.io.BytesWritable' } = {}) {
  const names = [text(key), text('org.apache.hadoop.io.Text')];
  const flags = [flag(codec !== undefined), ...(version >= 4 ? [flag(true)] : [])];
  const named = codec === undefined || version < 5 ? [] : [text(codec)];
  return Buffer.concat([Buffer.from('SEQ'), Buffer.from([version]), ...names, ...flags, ...named, rest]);
}

function rcFile(codec: string | undefined) {
  const named = codec === undefined ? [] : [text(codec)];
  return Buffer.concat([Buffer.from('RCF'), Buffer.from([1]), flag(codec !== undefined), ...named, rest]);
}

describe('what a SequenceFile or RCFile says of its writer', () => {
  it.each([undefined, SNAPPY, LONG])('is the class of its codec: %s', (codec) => {
    const marks = { oldColumns: [], codecs: codec === undefined ? [] : [codec] };
    expect(hadoopMarks(sequenceFile(codec))).toEqual(marks);
    expect(hadoopMarks(sequenceFile(codec, { version: 5 }))).toEqual(marks);
    expect(hadoopMarks(sequenceFile(codec, { key: 'org.apache.hadoop.hive.ql.io.RCFile$KeyBuffer' }))).toEqual(marks);
    expect(hadoopMarks(rcFile(codec))).toEqual(marks);
  });

  it('names none in the first versions, which had but one', () => {
    const codecs = ['org.apache.hadoop.io.compress.DefaultCodec'];
    expect(hadoopMarks(sequenceFile(SNAPPY, { version: 3 }))).toEqual({ oldColumns: [], codecs });
    expect(hadoopMarks(sequenceFile(SNAPPY, { version: 4 }))).toEqual({ oldColumns: [], codecs });
  });

  it('asks for more where the header goes on, and takes nothing else for one', () => {
    for (const file of [sequenceFile(LONG), rcFile(LONG)])
      for (let length = 3; length < file.length - rest.length; length += 1)
        expect(hadoopMarks(file.subarray(0, length)), String(length)).toEqual({ neededBytes: length * 4 });
    expect(hadoopMarks(Buffer.from('a,b\n'))).toBeUndefined();
    expect(hadoopMarks(new Uint8Array())).toBeUndefined();
  });
});
