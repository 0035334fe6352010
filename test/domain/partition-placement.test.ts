import { describe, expect, it } from 'vitest';
import { hdfsPath } from '../../src/domain/names.ts';
import { PartitionPlaces, type LocatedPartition } from '../../src/domain/partition-placement.ts';

const TABLE = hdfsPath('/w/t');

function placesOf(located: readonly LocatedPartition[], offPath: 'relocate' | 'refuse' = 'relocate', table = TABLE) {
  const findFolder = (name: string) => located.find((one) => one.name === name)?.folder;
  const newMap = <Value>() => new Map<string, Value>();
  const places = new PartitionPlaces(table, { offPath, findFolder, newMap });
  for (const one of located) places.add(one);
  return places;
}

function place(partitions: Record<string, string>, offPath: 'relocate' | 'refuse' = 'relocate', table = TABLE) {
  const located = Object.entries(partitions).map(([name, folder]) => ({ name, folder: hdfsPath(folder) }));
  const places = placesOf(located, offPath, table);
  return located.map((partition) => {
    const placement = places.place(partition);
    return placement.kind === 'placed'
      ? [placement.relativeFolder, placement.isShared, placement.note?.code]
      : ['refused', placement.reason.code];
  });
}

describe('the place of partitions', () => {
  it('is their own folder, whatever it is called', () => {
    expect(place({ 'a=1': '/w/t/a=1', 'a=x%3Ay': '/w/t/a=x%3Ay', 'a=2': '/w/t/A=2', 'a=3': '/w/t/third' })).toEqual([
      ['a=1', false, undefined],
      ['a=x%3Ay', false, undefined],
      ['A=2', false, 'PARTITION_FOLDER_CASE'],
      ['third', false, 'PARTITION_FOLDER_NAME'],
    ]);
  });

  it('is the folder of their name when they lie elsewhere, unless the mapping refuses', () => {
    const partitions = { 'a=1': '/archive/one', 'a=2': '/w/t2/a=2' };
    expect(place(partitions)).toEqual([
      ['a=1', false, 'PARTITION_RELOCATED'],
      ['a=2', false, 'PARTITION_RELOCATED'],
    ]);
    expect(place(partitions, 'refuse')).toEqual([
      ['refused', 'PARTITION_OFF_PATH'],
      ['refused', 'PARTITION_OFF_PATH'],
    ]);
  });

  it.each([
    ['taken by another partition', { 'a=1': '/archive/one', 'a=2': '/w/t/a=1' }],
    ['inside the folder of another', { 'a=1/b=1': '/archive/one', 'a=2/b=1': '/w/t/a=1' }],
    ['around the folder of another', { 'a=1': '/archive/one', 'a=2': '/w/t/a=1/x' }],
    ['inside the table, which is itself a partition', { 'a=1': '/archive/one', 'a=2': '/w/t' }],
  ])('is refused when the folder of their name is %s', (_, partitions) => {
    expect(place(partitions)[0]).toEqual(['refused', 'PARTITION_COLLISION']);
  });

  it('is one for partitions that share a folder, whose files are copied once', () => {
    expect(place({ 'a=1': '/w/t/both', 'a=2': '/w/t/both' })).toEqual([
      ['both', false, 'PARTITION_FOLDER_NAME'],
      ['both', true, 'PARTITION_SHARED_FOLDER'],
    ]);
    expect(place({ 'a=1': '/archive/one', 'a=2': '/archive/one' })).toEqual([
      ['a=1', false, 'PARTITION_RELOCATED'],
      ['a=1', true, 'PARTITION_SHARED_FOLDER'],
    ]);
  });

  it('is refused inside another partition, because readers of S3 descend', () => {
    expect(place({ 'a=1': '/w/t/x', 'a=2': '/w/t/x/y' })).toEqual([
      ['x', false, 'PARTITION_FOLDER_NAME'],
      ['refused', 'PARTITION_NESTED'],
    ]);
  });

  it('is shared by whoever of two comes second, also with the one whose name the folder has', () => {
    expect(place({ 'a=1': '/w/t/a=2', 'a=2': '/w/t/a=2' })).toEqual([
      ['a=2', false, 'PARTITION_FOLDER_NAME'],
      ['a=2', true, 'PARTITION_SHARED_FOLDER'],
    ]);
    expect(place({ 'a=1': '/w/t/a=1', 'a=2': '/w/t/a=1' })).toEqual([
      ['a=1', false, undefined],
      ['a=1', true, 'PARTITION_SHARED_FOLDER'],
    ]);
  });

  it.each([
    ['a folder of another name', '/w/t/both', '/w/t/both'],
    ['the folder of the first', '/w/t/a=1', '/w/t/a=1'],
    ['the folder of the second', '/w/t/a=2', '/w/t/a=2'],
    ['a folder outside the table', '/archive/one', '/archive/one'],
  ])('tells the first of two in %s that it has company', (_, one, two) => {
    const located = [
      { name: 'a=1', folder: hdfsPath(one) },
      { name: 'a=2', folder: hdfsPath(two) },
      { name: 'a=3', folder: hdfsPath('/w/t/a=3') },
      { name: 'a=4', folder: hdfsPath('/w/t/alone') },
      { name: 'a=5', folder: hdfsPath('/archive/alone') },
    ];
    const places = placesOf(located);
    expect(located.map((one) => places.place(one))).toMatchObject([
      { isShared: false, hasSharers: true },
      { isShared: true, hasSharers: false },
      ...located.slice(2).map(() => ({ isShared: false, hasSharers: false })),
    ]);
  });

  it('is told again the same, and folders are known by whether partitions lie in or below them', () => {
    const located = [
      { name: 'a=1/b=1', folder: hdfsPath('/w/t/a=1/b=1') },
      { name: 'a=1/b=2', folder: hdfsPath('/archive/x') },
    ];
    const places = placesOf(located);
    const told = located.map((one) => places.place(one));
    expect(located.map((one) => places.place(one))).toEqual(told);
    expect(['/w/t/a=1/b=1', '/archive/x', '/w/t/a=1', '/archive'].map((path) => places.has(hdfsPath(path)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(['/w/t/a=1', '/w/t/a=1/b=1', '/w/t/a=2'].map((path) => places.isAbove(hdfsPath(path)))).toEqual([
      true,
      false,
      false,
    ]);
  });
});
