import { describe, expect, it } from 'vitest';
import { avroMarks } from '../../../src/domain/writer-marks/avro-marks.ts';

/** As Hive 4.0.1 in Paris wrote it unless told otherwise. */
const OF_HIVE_4 = Buffer.from(
  [
    'T2JqAQgWYXZyby5zY2hlbWHWBHsidHlwZSI6InJlY29yZCIsIm5hbWUiOiJkYXlzX2F2cm8iLCJuYW1lc3BhY2UiOiJkYXlzX213eGtsdnlsIi',
    'wiZmllbGRzIjpbeyJuYW1lIjoiaWQiLCJ0eXBlIjpbIm51bGwiLCJpbnQiXSwiZGVmYXVsdCI6bnVsbH0seyJuYW1lIjoiZCIsInR5cGUiOlsi',
    'bnVsbCIseyJ0eXBlIjoiaW50IiwibG9naWNhbFR5cGUiOiJkYXRlIn1dLCJkZWZhdWx0IjpudWxsfSx7Im5hbWUiOiJ0IiwidHlwZSI6WyJudW',
    'xsIix7InR5cGUiOiJsb25nIiwibG9naWNhbFR5cGUiOiJ0aW1lc3RhbXAtbWlsbGlzIn1dLCJkZWZhdWx0IjpudWxsfV19IHdyaXRlci50aW1l',
    'LnpvbmUYRXVyb3BlL1BhcmlzIHdyaXRlci5wcm9sZXB0aWMKZmFsc2U6d3JpdGVyLnpvbmUuY29udmVyc2lvbi5sZWdhY3kKZmFsc2UAsWrqMw',
    'eSarAPiwX9u2gG7g6oAQICAsq1AgL2yIWi0mMCBALuuAICgO2JttlkAgYC56ERAufN0sf83gYCCAL35FcCz/2QyOOgHAIKAsCC5gIC/rXHnvqd',
    'cwIMAr2PAwKr1bcDAg4AALFq6jMHkmqwD4sF/btoBu4=',
  ].join(''),
  'base64',
);

const long = (value: number): Buffer => {
  const bytes: number[] = [];
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
};
const text = (value: string): Buffer => Buffer.concat([long(Buffer.byteLength(value)), Buffer.from(value)]);

/** The header of an Avro file; a sized block counts its pairs below zero and gives its length. */
function avro(metadata: Readonly<Record<string, string>>, { isSized = false } = {}): Buffer {
  const pairs = Buffer.concat(Object.entries(metadata).flatMap(([key, value]) => [text(key), text(value)]));
  const count = Object.keys(metadata).length;
  const start = isSized ? [long(-count), long(pairs.length)] : [long(count)];
  return Buffer.concat([Buffer.from('Obj\u0001'), ...start, pairs, long(0), Buffer.alloc(16)]);
}

const METADATA = {
  'avro.schema': JSON.stringify({ type: 'record', name: 'é'.repeat(200), fields: [] }),
  'writer.proleptic': 'false',
  'writer.time.zone': 'Europe/Paris',
};

describe('what an Avro file says of its writer', () => {
  it.each([false, true])('is in its header (block with its length: %s)', (isSized) => {
    const marks = { dayCalendar: 'hybrid', timeCalendar: 'hybrid', oldColumns: [], codecs: ['NULL'] };
    expect(avroMarks(OF_HIVE_4)).toEqual(marks);
    expect(avroMarks(avro(METADATA, { isSized }))).toEqual(marks);
    expect(avroMarks(avro({ 'writer.proleptic': 'true' }, { isSized }))).toEqual({
      dayCalendar: 'proleptic',
      timeCalendar: 'proleptic',
      oldColumns: [],
      codecs: ['NULL'],
    });
    expect(avroMarks(avro({ 'avro.codec': 'deflate' }, { isSized }))).toEqual({ oldColumns: [], codecs: ['DEFLATE'] });
  });

  it('asks for more where the header goes on, and takes nothing else for Avro', () => {
    const file = avro(METADATA);
    for (let length = 4; length < file.length - 16; length += 1)
      expect(avroMarks(file.subarray(0, length)), String(length)).toEqual({ neededBytes: length * 4 });
    expect(avroMarks(Buffer.from('Objet;1\n'))).toBeUndefined();
    expect(avroMarks(new Uint8Array())).toBeUndefined();
  });
});
