import { describe, expect, it } from 'vitest';
import { parquetMarks } from '../../../src/domain/writer-marks/parquet-marks.ts';
import { datedParquet } from './dated-parquet.ts';

/** Seven rows of (id int, d date, t timestamp), days of year 1 and 1500 among them, as Hive 4.0.1 in Paris wrote them unless told otherwise. */
const OF_HIVE_4 = Buffer.from(
  [
    'UEFSMRUAFUQVRBXS+tfvChwVDhUAFQYVCAAAAgAAAAN/AQAAAAIAAAADAAAABAAAAAUAAAAGAAAABwAAABUAFTwVPBW/k9uBAhwVDhUAFQYVCA',
    'AAAgAAAAM/ZU0AADdOAACM1/3/xAb1/6DALAAhnP//FQQVkAEVkAEVwbTzjAs8FQwVBAAAwMRpUOkEAADxiiUAAFBcGKMBAADDiyUAADtAyMcm',
    'AABBnyIAAFYa8xFOAABPRBoAwB2HYE5LAAAs/lEAgH5H+E1LAACLPSUAFQAVFhUWFdSkkesHHBUOFQQVBhUIAAACAAAAAz8DA4jGAhkRAhkYBA',
    'EAAAAZGAQHAAAAFQIZFgAAGRECGRgExAb1/xkYBKDALAAVAhkWAgAZHBYIFXIWAAAAGRwWehVqFgAAABkcFp4DFUQWAAAAFQIZTEgLaGl2ZV9z',
    'Y2hlbWEVBgAVAiUCGAJpZAAVAiUCGAFkJQxMbAAAABUGJQIYAXQAFg4ZHBk8JggcFQIZNQgGABkYAmlkFQAWDhZyFnImCDwYBAcAAAAYBAEAAA',
    'AWACgEBwAAABgEAQAAAAAZHBUAFQAVAgAAFr4EFRQW4gMVLgAmehwVAhk1CAYAGRgBZBUAFg4WahZqJno8GASgwCwAGATEBvX/FgIoBKDALAAY',
    'BMQG9f8AGRwVABUAFQIAABbSBBUUFpAEFS4AJp4DHBUGGTUIBgQZGAF0FQAWDhb+ARb+ASaeAybkARw2AgAZLBUEFQQVAgAVABUEFQIAABbmBB',
    'UWABbaAxYOJggW2gMUAAAZTBgQd3JpdGVyLnRpbWUuem9uZRgMRXVyb3BlL1BhcmlzABgRd3JpdGVyLm1vZGVsLm5hbWUYBTQuMC4xABgVd3Jp',
    'dGVyLmRhdGUucHJvbGVwdGljGAVmYWxzZQAYHXdyaXRlci56b25lLmNvbnZlcnNpb24ubGVnYWN5GAVmYWxzZQAYSnBhcnF1ZXQtbXIgdmVyc2',
    'lvbiAxLjEzLjEgKGJ1aWxkIGRiNDE4MzEwOWQ1YjczNGVjNTkzMGQ4NzBjZGFlMTYxZTQwOGRkYmEpGTwcAAAcAAAcAAAA7wEAAFBBUjE=',
  ].join(''),
  'base64',
);

describe('what a Parquet file says of its writer', () => {
  it('is all in a file of Hive 4 but for the least instant', () => {
    expect(parquetMarks(OF_HIVE_4)).toEqual({
      dayCalendar: 'hybrid',
      timeCalendar: 'hybrid',
      timeZone: 'Europe/Paris',
      oldColumns: ['d'],
      codecs: ['UNCOMPRESSED'],
    });
  });

  it('names the calendar by the key of Hive 4, and by those of Spark', () => {
    const calendarOf = (metadata: Record<string, string>) => {
      const marks = parquetMarks(datedParquet([0], metadata));
      return marks !== undefined && 'oldColumns' in marks ? marks.dayCalendar : 'unread';
    };
    expect(calendarOf({})).toBeUndefined();
    expect(calendarOf({ 'writer.date.proleptic': 'false' })).toBe('hybrid');
    expect(calendarOf({ 'writer.date.proleptic': 'true' })).toBe('proleptic');
    expect(calendarOf({ 'org.apache.spark.version': '3.5.6' })).toBe('proleptic');
    expect(calendarOf({ 'org.apache.spark.version': '2.4.8' })).toBe('hybrid');
    expect(calendarOf({ 'org.apache.spark.version': 'of our own' })).toBeUndefined();
    const legacy = { 'org.apache.spark.version': '3.5.6', 'org.apache.spark.legacyDateTime': '' };
    const legacyInt96 = { 'org.apache.spark.version': '3.5.6', 'org.apache.spark.legacyINT96': '' };
    expect(calendarOf(legacy)).toBe('hybrid');
    expect(calendarOf(legacyInt96)).toBe('proleptic');
  });

  it.each([
    [{ 'writer.date.proleptic': 'true' }, 'hybrid', 'proleptic'],
    [{ 'org.apache.spark.version': '2.4.8' }, 'hybrid', 'hybrid'],
    [{ 'org.apache.spark.version': '3.0.3' }, 'hybrid', 'proleptic'],
    [{ 'org.apache.spark.version': '3.5.6' }, 'proleptic', 'proleptic'],
    [{ 'org.apache.spark.version': '3.5.6', 'org.apache.spark.legacyINT96': '' }, 'hybrid', 'proleptic'],
    [{ 'org.apache.spark.version': '3.5.6', 'org.apache.spark.legacyDateTime': '' }, 'proleptic', 'hybrid'],
  ])('tells the calendar of INT96 apart from that of INT64: %o', (metadata, ofInt96, ofInt64) => {
    expect(parquetMarks(datedParquet([0], metadata, { hasInt96: true }))).toMatchObject({ timeCalendar: ofInt96 });
    expect(parquetMarks(datedParquet([0], metadata))).toMatchObject({ timeCalendar: ofInt64 });
  });

  it('names the columns whose least day lies before 15 October 1582', () => {
    expect(parquetMarks(datedParquet([0, -141_427]))).toMatchObject({ oldColumns: [] });
    expect(parquetMarks(datedParquet([0, -141_428]))).toMatchObject({ oldColumns: ['Jour'] });
  });

  it('names no zone where there is no instant: wall time is what it is', () => {
    expect(parquetMarks(datedParquet([0], { 'writer.time.zone': 'Europe/Paris' }))).not.toHaveProperty(
      'timeZone',
      'Europe/Paris',
    );
  });

  it('asks for as many bytes as the footer has, and takes nothing else for Parquet', () => {
    const file = datedParquet([0, 1, 2]);
    const reading = parquetMarks(file.subarray(-20));
    expect(reading).toHaveProperty('neededBytes');
    const { neededBytes } = reading as { neededBytes: number };
    expect(parquetMarks(file.subarray(-neededBytes))).toEqual(parquetMarks(file));
    expect(parquetMarks(Buffer.from('a,b\n1,2\n'))).toBeUndefined();
    expect(parquetMarks(new Uint8Array())).toBeUndefined();
  });
});
