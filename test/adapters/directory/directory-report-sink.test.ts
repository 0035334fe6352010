import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DirectoryReportSink } from '../../../src/adapters/directory/directory-report-sink.ts';

describe('DirectoryReportSink', () => {
  let directory: string;
  beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'lakelift-reports-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  it('makes folders, writes text and streams, and replaces what was there', async () => {
    const sink = new DirectoryReportSink(join(directory, 'absences', 'r1'));
    await sink.write('report.html', 'old');
    const path = await sink.write('report.html', 'new');
    await sink.write('items.csv', ['a\n', 'é\n']);
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readFileSync(join(directory, 'absences', 'r1', 'items.csv'), 'utf8')).toBe('a\né\n');
  });

  it('leaves the old file, and no remains, when the new one breaks off', async () => {
    const sink = new DirectoryReportSink(directory);
    await sink.write('items.csv', 'old');
    const breaking = function* () {
      yield 'half';
      throw new Error('broken off');
    };
    await expect(sink.write('items.csv', breaking())).rejects.toThrow('broken off');
    expect(readdirSync(directory)).toEqual(['items.csv']);
    expect(readFileSync(join(directory, 'items.csv'), 'utf8')).toBe('old');
  });

  it.each(['../evil', '/etc/x', 'a/../b', '.hidden', 'A b'])('refuses the name %s', async (name) => {
    await expect(new DirectoryReportSink(directory).write(name, '')).rejects.toMatchObject({ code: 'REPORT_NAME' });
  });

  it('says what is in the way', async () => {
    writeFileSync(join(directory, 'file'), '');
    const sink = new DirectoryReportSink(join(directory, 'file', 'below'));
    await expect(sink.write('report.html', '')).rejects.toMatchObject({ code: 'REPORT_NOT_WRITTEN' });
  });
});
