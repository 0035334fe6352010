import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { standardLiteral } from '../../../src/domain/fingerprint/dialect.ts';
import { parseReading } from '../../../src/domain/privacy/reading.ts';
import { readingSql, unreadableSql } from '../../../src/domain/privacy/reading-sql.ts';

describe('A text that is read as a type', () => {
  let instance: DuckDBInstance;
  beforeAll(async () => void (instance = await DuckDBInstance.create(':memory:')));
  afterAll(() => instance.closeSync());

  async function read(form: string, text: string): Promise<unknown> {
    const reading = parseReading(form)!;
    const literal = standardLiteral(text);
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll(
      `SELECT CAST(${readingSql(reading, literal)} AS VARCHAR), ${unreadableSql(reading, literal)}`,
    );
    connection.closeSync();
    const [value, isUnreadable] = reader.getRowsJson()[0]!;
    expect(isUnreadable).toBe(value === null && text.trim() !== '');
    return value;
  }

  it.each([
    ['date:dd/MM/yyyy', ' 31/12/2024\t', '2024-12-31'],
    ['date:dd/MM/yyyy', '30/02/2024', null],
    ['date:dd/MM/yyyy', '00/00/0000', null],
    ['date:dd/MM/yyyy', '2024-12-31', null],
    ['date:yyyy-MM-dd HH:mm:ss', '2024-12-31 23:59:59', '2024-12-31'],
    ['date', '0000-01-01', null],
    ['timestamp', '2024-01-31 10:00:00.5', '2024-01-31 10:00:00.5'],
    ['timestamp', '2024-01-31 24:00:00', null],
    ['timestamp:dd/MM/yyyy HH:mm', '31/01/2024 10:05', '2024-01-31 10:05:00'],
    ['decimal(10,2):,', '00012,5', '12.50'],
    ['decimal(10,2):,', '12.5', null],
    ['decimal(10,2)', '12.345', null],
    ['decimal(10,2)', '123456789', null],
    ['decimal(3,0)', '-007', '-7'],
    ['double:,', '1,5e3', '1500.0'],
    ['int', '+7', '7'],
    ['int', '2147483648', null],
    ['bigint', '-9223372036854775808', '-9223372036854775808'],
    ['bigint', '1_000', null],
    ['boolean:oui/non', 'Oui', 'true'],
    ['boolean', 'FALSE', 'false'],
    ['boolean', '1', null],
    ['int', ' ', null],
  ])('%s of "%s" is %s', async (form, text, value) => expect(await read(form, text)).toBe(value));

  it.each([
    ...['', 'texte', 'int:,', 'decimal', 'decimal(39,2)', 'decimal(2,2)', 'decimal(10,2):;', 'double:x'],
    ...['boolean:oui', 'boolean:oui/oui', "boolean:o'/n", 'date:dd/MM', 'date:dd/dd/MM/yyyy', "date:yyyy'MM'dd"],
    ...['date:dd/MM/yy', 'timestamp:', 'date:yyyy\\MM]dd'],
  ])('has no type "%s"', (form) => expect(parseReading(form)).toBeUndefined());
});
