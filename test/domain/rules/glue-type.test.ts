import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toGlueType } from '../../../src/domain/rules/glue-type.ts';

const spelled: readonly [string, string][] = [
  ['INT', 'int'],
  ['integer', 'int'],
  ['double precision', 'double'],
  ['decimal', 'decimal(10,0)'],
  ['decimal(12)', 'decimal(12,0)'],
  ['numeric(38, 10)', 'decimal(38,10)'],
  ['varchar(65535)', 'varchar(65535)'],
  ['char(3)', 'char(3)'],
  ['void', 'string'],
  ['array< string >', 'array<string>'],
  ['map<string,decimal(9,2)>', 'map<string,decimal(9,2)>'],
  ["struct<`Prénom`:string,n:int comment 'a, b'>", 'struct<prénom:string,n:int>'],
  [
    'array<map<int,struct<a:array<struct<b:decimal>>,c:bigint>>>',
    'array<map<int,struct<a:array<struct<b:decimal(10,0)>>,c:bigint>>>',
  ],
];

const unsupported: readonly [string, string][] = [
  ['uniontype<int,string>', 'TYPE_UNION'],
  ['array<uniontype<int>>', 'TYPE_UNION'],
  ['timestamp with local time zone', 'TYPE_LOCAL_TIMESTAMP'],
  // As the metastore of Hive 3.1.3 holds it.
  ["timestamp with local time zone('UTC')", 'TYPE_LOCAL_TIMESTAMP'],
  ["array<timestamp with local time zone('Europe/Paris')>", 'TYPE_LOCAL_TIMESTAMP'],
  ["timestamp with local time zone('UTC'", 'TYPE_UNREADABLE'],
  ['interval_day_time', 'TYPE_UNSUPPORTED'],
  ['geometry', 'TYPE_UNSUPPORTED'],
  ['decimal(39,2)', 'TYPE_DECIMAL'],
  ['decimal(4,5)', 'TYPE_DECIMAL'],
  ['char(256)', 'TYPE_LENGTH'],
  ['varchar', 'TYPE_LENGTH'],
  ['int(3)', 'TYPE_UNSUPPORTED'],
  ['map<array<int>,string>', 'TYPE_MAP_KEY'],
  ['struct<`a-b`:int>', 'TYPE_FIELD_NAME'],
  ['struct<A:int,a:string>', 'TYPE_FIELD_TWICE'],
  ['struct<a:int', 'TYPE_UNREADABLE'],
  ['array<int>>', 'TYPE_UNREADABLE'],
  ['struct<>', 'TYPE_UNREADABLE'],
  ['', 'TYPE_UNREADABLE'],
];

describe('the Glue spelling of a Hive type', () => {
  it.each(spelled)('%s becomes %s', (hive, glue) => {
    expect(toGlueType(hive)).toMatchObject({ isSupported: true, type: glue });
  });

  it.each(unsupported)('"%s" is refused as %s', (hive, code) => {
    const ruling = toGlueType(hive);
    expect(ruling.isSupported).toBe(false);
    expect(ruling).toMatchObject({ reason: { code } });
    expect((ruling as { reason: { hint?: string } }).reason.hint).toBeTruthy();
  });

  it('says where an unreadable type breaks off', () => {
    expect(toGlueType('map<string;int>')).toMatchObject({
      reason: { text: expect.stringContaining('position') as string },
    });
  });

  it('keeps types of any depth, and spelling twice changes nothing', () => {
    const type = fc.letrec((tie) => ({
      type: fc.oneof(
        { depthSize: 'large', withCrossShrink: true },
        fc.constantFrom('int', 'string', 'decimal(5,2)', 'timestamp'),
        tie('type').map((element) => `array<${String(element)}>`),
        tie('type').map((value) => `map<string,${String(value)}>`),
        fc
          .array(tie('type'), { minLength: 1, maxLength: 3 })
          .map((fields) => `struct<${fields.map((field, index) => `f${index}:${String(field)}`).join(',')}>`),
      ),
    })).type;
    fc.assert(
      fc.property(type, (text) => {
        expect(toGlueType(String(text))).toMatchObject({ isSupported: true, type: text });
      }),
    );
  });

  it('reads a type nested a thousand levels deep', () => {
    const deep = `${'array<'.repeat(1000)}int${'>'.repeat(1000)}`;
    expect(toGlueType(deep)).toMatchObject({ isSupported: true, type: deep });
  });
});
