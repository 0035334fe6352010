import { describe, expect, it } from 'vitest';
import { renderAssessmentCsv } from '../../src/report/assessment-csv.ts';
import { assessmentJsonSchema } from '../../src/report/assessment-schema.ts';
import { assessment } from './full-assessment.ts';

describe('the published schema of assessment.json', () => {
  // To renew it after a change that keeps readers working: npx vitest run --config .config/vitest.ts --project sandbox test/report/assessment -u
  it('is current', async () => {
    const schema = `${JSON.stringify(assessmentJsonSchema(), undefined, 2)}\n`;
    await expect(schema).toMatchFileSnapshot('../../docs/schema/assessment.schema.json');
  });
});

describe('the CSV of an assessment', () => {
  it('has a line for each item, numbers plain, and starts no formula', () => {
    const [header, ...lines] = [...renderAssessmentCsv(assessment.items)];
    expect(header).toContain('item,kind,format,partitions');
    expect(lines).toHaveLength(assessment.items.length);
    expect(lines[0]).toBe(
      `rh.t,table,csv,3,4,1,500,2000000,500,2024-06-01T00:00:00.000Z,,0,1,1,0,ENCODING SMALL_FILES,a b,,1.45\r\n`,
    );
    expect(lines[1]).toMatch(/^"'=cmd/);
  });
});
