import { describe, expect, it } from 'vitest';
import { runReportJsonSchema } from '../../src/report/run-report-schema.ts';

describe('the published schema of report.json', () => {
  // To renew it after a change that keeps readers working: npx vitest run --config .config/vitest.ts --project sandbox test/report/run-report-schema -u
  it('is current', async () => {
    const schema = `${JSON.stringify(runReportJsonSchema(), undefined, 2)}\n`;
    await expect(schema).toMatchFileSnapshot('../../docs/schema/run-report.schema.json');
  });
});
