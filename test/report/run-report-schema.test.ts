import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runReportJsonSchema } from '../../src/report/run-report-schema.ts';

describe('the published schema of report.json', () => {
  // To renew it: node test/report/write-schema.ts
  it('is current', () => {
    const published = readFileSync('docs/schema/run-report.schema.json', 'utf8');
    expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(runReportJsonSchema())));
  });
});
