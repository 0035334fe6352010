import { describe, expect, it } from 'vitest';
import { avroSchemaSource, readAvroSchema } from '../../../src/domain/rules/avro-schema.ts';
import { avroToHive } from '../../../src/domain/rules/avro-type.ts';
import { CSV, sketchTable } from '../../../src/sandbox/lake/lake-table.ts';

const record = (fields: unknown[], more: object = {}) => ({ type: 'record', name: 'r', fields, ...more });
const typeOf = (type: unknown): string | undefined => avroToHive(record([{ name: 'c', type }]))[0]?.type;

describe('columns of an Avro schema', () => {
  it.each<[string, unknown, string]>([
    ['a primitive', 'long', 'bigint'],
    ['a primitive written as an object', { type: 'string' }, 'string'],
    ['a type that may be null', ['null', 'int'], 'int'],
    ['a union of one type, which Hive takes for a union', ['string'], 'uniontype<string>'],
    ['several types', ['null', 'int', 'string'], 'uniontype<int,string>'],
    [
      'an array of maps',
      { type: 'array', items: { type: 'map', values: ['null', 'bytes'] } },
      'array<map<string,binary>>',
    ],
    ['an enumeration', { type: 'enum', name: 'E', symbols: ['A'] }, 'string'],
    ['fixed bytes', { type: 'fixed', name: 'F', size: 4 }, 'binary'],
    ['a decimal', { type: 'bytes', logicalType: 'decimal', precision: 12, scale: 3 }, 'decimal(12,3)'],
    ['a date', { type: 'int', logicalType: 'date' }, 'date'],
    ['a timestamp', { type: 'long', logicalType: 'timestamp-millis' }, 'timestamp'],
    ['microseconds, which Hive reads as a number', { type: 'long', logicalType: 'timestamp-micros' }, 'bigint'],
    ['char', { type: 'string', logicalType: 'char', maxLength: 3 }, 'char(3)'],
    ['a record', { type: 'record', name: 'S', fields: [{ name: 'x', type: 'int' }] }, 'struct<x:int>'],
    ['nothing but null', 'null', 'void'],
  ])('%s', (_, type, expected) => {
    expect(typeOf(type)).toBe(expected);
  });

  it('a type defined once is named afterwards, by its short and its full name', () => {
    const place = { type: 'record', name: 'Place', fields: [{ name: 'x', type: 'int' }] };
    const fields = [
      { name: 'a', type: place },
      { name: 'B', type: ['null', 'Place'], doc: 'où' },
      { name: 'c', type: 'org.geo.Place' },
    ];
    expect(avroToHive(record(fields, { namespace: 'org.geo' }))).toEqual([
      { name: 'a', type: 'struct<x:int>' },
      { name: 'b', type: 'struct<x:int>', comment: 'où' },
      { name: 'c', type: 'struct<x:int>' },
    ]);
  });

  it('fixed bytes that are a decimal stay bytes, as Hive shows them, by whatever name they go', () => {
    const amount = { type: 'fixed', name: 'Amount', size: 8, logicalType: 'decimal', precision: 12, scale: 2 };
    const fields = [
      { name: 'a', type: amount },
      { name: 'b', type: ['null', 'Amount'] },
    ];
    expect(avroToHive(record(fields)).map(({ type }) => type)).toEqual(['binary', 'binary']);
  });

  it('a record that is named under another namespace holds the types of its own', () => {
    const code = (namespace: string, type: string) => ({
      ...{ type: 'record', name: `Holder_${type}`, namespace },
      fields: [{ name: 'x', type: { type: 'record', name: 'Code', fields: [{ name: type, type }] } }],
    });
    const place = { type: 'record', name: 'Place', namespace: 'geo', fields: [{ name: 'c', type: 'Code' }] };
    const fields = [
      { name: 'a', type: code('geo', 'int') },
      { name: 'b', type: code('post', 'string') },
      { name: 'c', type: place },
      {
        name: 'd',
        type: { type: 'record', name: 'Mail', namespace: 'post', fields: [{ name: 'p', type: 'geo.Place' }] },
      },
    ];
    const types = avroToHive(record(fields)).map(({ type }) => type);
    expect(types.slice(2)).toEqual(['struct<c:struct<int:int>>', 'struct<p:struct<c:struct<int:int>>>']);
  });

  it.each<[string, unknown, string]>([
    ['a record that holds itself', record([{ name: 'c', type: ['null', 'r'] }]), 'holds itself'],
    ['a name that nothing defines', record([{ name: 'c', type: 'nowhere' }]), 'not defined'],
    ['no record', 'string', 'not a record'],
    ['no fields', { type: 'record', name: 'r' }, 'without fields'],
  ])('%s is refused', (_, schema, message) => {
    expect(() => avroToHive(schema)).toThrow(message);
  });
});

describe('the schema of an Avro table', () => {
  it('lets text stand for what is nothing but null, on which Trino 476 fails', () => {
    const list = { type: 'array', items: 'null' };
    const fields = [
      { name: 'c', type: 'null' },
      { name: 'd', type: list },
      { name: 'e', type: ['null', 'int'], default: null },
      { name: 'f', type: [{ type: 'null' }, 'int'], default: { type: 'null' } },
    ];
    const { literal, columns } = readAvroSchema(JSON.stringify(record(fields)));
    const nothing = ['null', 'string'];
    expect(JSON.parse(literal!)).toEqual(
      record([{ name: 'c', type: nothing }, { name: 'd', type: { ...list, items: nothing } }, ...fields.slice(2)]),
    );
    expect(columns.map(({ type }) => type)).toEqual(['void', 'array<void>', 'int', 'int']);
  });

  const avro = (serde: Record<string, string>, parameters: Record<string, string> = {}) => {
    const format = { ...CSV, serde: { library: 'org.apache.hadoop.hive.serde2.avro.AvroSerDe', parameters: serde } };
    return sketchTable({ database: 'd', name: 't', columns: ['a int'], format, parameters });
  };

  it('is the literal before the file, and the parameters of the table come before those of the SerDe', () => {
    expect(avroSchemaSource(avro({ 'avro.schema.url': '/s' }, { 'avro.schema.url': '/t' }))).toEqual({
      kind: 'url',
      url: '/t',
    });
    expect(avroSchemaSource(avro({ 'avro.schema.literal': '{}', 'avro.schema.url': '/s' }))?.kind).toBe('literal');
    expect(avroSchemaSource(avro({ 'avro.schema.literal': 'none', 'avro.schema.url': '/s' }))?.kind).toBe('url');
    expect(avroSchemaSource(avro({}))).toBeUndefined();
    expect(avroSchemaSource(sketchTable({ database: 'd', name: 't', columns: [], format: CSV }))).toBeUndefined();
  });

  it('loses its documentation only where it would be too long for Glue with it', () => {
    const schema = (doc: string) => JSON.stringify(record([{ name: 'doc', type: 'int', doc }]), undefined, 2);
    expect(readAvroSchema(schema('court'))).toMatchObject({
      literal: JSON.stringify(record([{ name: 'doc', type: 'int', doc: 'court' }])),
      notes: [],
    });
    const long = readAvroSchema(schema('é'.repeat(300_000)));
    expect(long.literal).toBe(JSON.stringify(record([{ name: 'doc', type: 'int' }])));
    expect(long.notes).toMatchObject([{ code: 'AVRO_SCHEMA_SHORTENED' }]);
  });

  it('that is no JSON needs a decision, and says where it stands', () => {
    expect(readAvroSchema('{oops', 'hdfs:///s.avsc').problems).toMatchObject([
      { code: 'AVRO_SCHEMA_UNREADABLE', text: expect.stringContaining('hdfs:///s.avsc') as string },
    ]);
  });
});
