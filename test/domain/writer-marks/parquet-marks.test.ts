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

/** Two rows of (id int32, nir string), the latter encrypted under a key of its own, as pyarrow 26.0.0 wrote them with a readable footer. */
const WITH_ENCRYPTED_COLUMN = Buffer.from(
  [
    'UEFSMRUAFRwVHCwVBBUAFQYVBhwYBAIAAAAYBAEAAAAWACgEAgAAABgEAQAAABERAAAAAgAAAAQBAQAAAAIAAAA5AAAA4fUUN7ibYBWFrqvr1kLyyG',
    'bShxkuxHJaOcWJ8uxWBm3XBdXRPs0wQusiOOjNOjLOsE81XIu58V5qLAAAAA7ZK3C5um7ZqvXb3RS09/G5p33Kzn+/Y/kdeAQc1BBUbLj4DWT6B3TD',
    '/Et8FQQZPDUAGAZzY2hlbWEVBAAVAiUCGAJpZAAVDCUCGANuaXIlAEwcAAAAFgQZHBksJgAcFQIZJQYAGRgCaWQVABYEFnoWeiYIPBgEAgAAABgEAQ',
    'AAABYAKAQCAAAAGAQBAAAAEREAGRwVABUAFQIAPCkGGSYABAAAACYAHBUMGSUGABkYA25pchUAFgQWmgEW2gEmggF8FgQZBhkmAAQAAFwsGRgDbmly',
    'GJcBeyJrZXlNYXRlcmlhbFR5cGUiOiJQS01UMSIsImludGVybmFsU3RvcmFnZSI6dHJ1ZSwiaXNGb290ZXJLZXkiOmZhbHNlLCJtYXN0ZXJLZXlJRC',
    'I6ImMiLCJ3cmFwcGVkREVLIjoiRVdMTHIvQThOQUtlQWFQbUt1STR4UT09IiwiZG91YmxlV3JhcHBpbmciOmZhbHNlfQAAGFlVAAAAHtVHEdepDBY9',
    '+3PpsQqiG982OHjT43DaDnQtVDcxhra3ieKzxPvFWdiQr7M7bLyYmVW4s5Qad5R+9NhOVNiNMIzUslw9UB2N7cRItwaHJ+zS2NMm2QAWlAIWBCYIFt',
    'QCFAAAKCBwYXJxdWV0LWNwcC1hcnJvdyB2ZXJzaW9uIDI2LjAuMRksHAAAHAAAHBwoCLETNr+LhwBuEgAAGMsBeyJrZXlNYXRlcmlhbFR5cGUiOiJQ',
    'S01UMSIsImludGVybmFsU3RvcmFnZSI6dHJ1ZSwiaXNGb290ZXJLZXkiOnRydWUsImttc0luc3RhbmNlSUQiOiJERUZBVUxUIiwia21zSW5zdGFuY2',
    'VVUkwiOiJERUZBVUxUIiwibWFzdGVyS2V5SUQiOiJmIiwid3JhcHBlZERFSyI6ImJxaHhDdThicm1ZbzV3aWRrVjAzWkE9PSIsImRvdWJsZVdyYXBw',
    'aW5nIjpmYWxzZX0AG2w0tvTKVpRVjyxz2OW+8iXtXwYiXnF0U93l5NECAABQQVIx',
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

  it('is that columns are encrypted, and nothing else where the footer is', () => {
    expect(parquetMarks(WITH_ENCRYPTED_COLUMN)).toMatchObject({ codecs: ['UNCOMPRESSED'], isEncrypted: true });
    const whole = Buffer.concat([WITH_ENCRYPTED_COLUMN.subarray(0, -4), Buffer.from('PARE')]);
    expect(parquetMarks(whole)).toEqual({ oldColumns: [], codecs: [], isEncrypted: true });
  });

  it('names the codec as unknown where the format has got another since', () => {
    // `codec` (field 4) of the first column, behind `path_in_schema`: 0 there becomes 9.
    const place = OF_HIVE_4.indexOf(Buffer.from([0x19, 0x18, 2, ...Buffer.from('id'), 0x15, 0]));
    const newer = Buffer.from(OF_HIVE_4);
    newer[place + 6] = 18;
    expect(parquetMarks(newer)).toMatchObject({ codecs: ['an unknown codec', 'UNCOMPRESSED'] });
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
