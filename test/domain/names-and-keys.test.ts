import { describe, expect, it } from 'vitest';
import { foreignLocation } from '../../src/domain/cluster.ts';
import { rulingOnPathEntry, rulingOnTableEntry } from '../../src/domain/hidden-name.ts';
import { parseLocation } from '../../src/domain/location.ts';
import { s3Key } from '../../src/domain/names.ts';
import { nearNames } from '../../src/domain/near-names.ts';
import { joinKey, keyProblem } from '../../src/domain/object-key.ts';

describe('object keys', () => {
  it('are the parts as they are, joined by one slash', () => {
    expect(joinKey('', 'rh', 't/a=x%3Ay/b=é 50%', 'f+1#?.txt')).toBe('rh/t/a=x%3Ay/b=é 50%/f+1#?.txt');
    expect(joinKey('/zone/', 'rh')).toBe('zone/rh');
  });

  it('hold at most 1024 bytes of UTF-8, not characters', () => {
    expect(keyProblem(s3Key('a'.repeat(1024)))).toBeUndefined();
    expect(keyProblem(s3Key('é'.repeat(513)))).toMatchObject({ code: 'KEY_TOO_LONG' });
  });

  it.each(['a//b', 'a/./b', '../a', 'a/..'])('may not be %s', (key) => {
    expect(keyProblem(s3Key(key))).toMatchObject({ code: 'KEY_SEGMENT' });
  });
});

describe('names below a table', () => {
  it.each([
    ['_SUCCESS', 'HIDDEN'],
    ['.part-0.crc', 'HIDDEN'],
    ['.hive-staging_hive_2024', 'TRANSIENT'],
    ['_temporary', 'TRANSIENT'],
    ['x.csv._COPYING_', 'UNFINISHED_UPLOAD'],
    ['._COPYING_', 'UNFINISHED_UPLOAD'],
    ['000000_0', undefined],
  ])('%s: %s', (name, code) => {
    expect(rulingOnTableEntry(name)?.reason.code).toBe(code);
  });

  it('below a plain directory, an underscore hides nothing', () => {
    expect(rulingOnPathEntry('_recu.csv')).toBeUndefined();
    expect(rulingOnPathEntry('.hidden')).toBeUndefined();
    expect(rulingOnPathEntry('.Trash')?.verdict).toBe('skip');
    expect(rulingOnPathEntry('x._COPYING_')?.verdict).toBe('refuse');
  });
});

describe('locations of the cluster', () => {
  it.each([
    ['/w/t', undefined],
    ['hdfs:///w/t', undefined],
    ['hdfs://NS1/w/t', undefined],
    ['hdfs://nn1.example.org/w/t', undefined],
    ['hdfs://nn1.example.org:8020/w/t', undefined],
    ['hdfs://nn1.example.org:9000/w/t', 'LOCATION_OTHER_CLUSTER'],
    ['hdfs://other/w/t', 'LOCATION_OTHER_CLUSTER'],
    ['s3a://bucket/t', 'LOCATION_SCHEME'],
    ['file:/tmp/t', 'LOCATION_SCHEME'],
  ])('%s: %s', (uri, code) => {
    expect(foreignLocation(parseLocation(uri), ['ns1', 'nn1.example.org:8020'])?.code).toBe(code);
  });
});

describe('near names', () => {
  it('are those a few edits away, or holding the other', () => {
    expect(nearNames('arret_travial', ['arret_travail', 'salaries', 'dsn_salarie'])).toEqual(['arret_travail']);
    expect(nearNames('dsn', ['dsn_salarie', 'zzz'])).toEqual(['dsn_salarie']);
    expect(nearNames('x', ['salaries'])).toEqual([]);
  });
});
