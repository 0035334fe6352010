import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { acceptanceRecord } from '../../src/domain/acceptance/acceptance.ts';
import { publishedSchemas } from '../../src/report/published-schemas.ts';
import { erasure } from './full-erasure.ts';
import { privacy } from './full-privacy.ts';
import { standing } from './full-standing.ts';
import { acceptance, fullReport, portfolio } from './full-report.ts';

const FOLDER = join(import.meta.dirname, '../../docs/schema');

describe.each(Object.entries(publishedSchemas()))('the published %s', (name, schema) => {
  // To renew it after a change that keeps readers working: npx vitest run --config .config/vitest.ts --project sandbox test/report/published-schemas -u
  it('is current', async () => {
    await expect(`${JSON.stringify(schema, undefined, 2)}\n`).toMatchFileSnapshot(join(FOLDER, name));
  });

  it('takes what lakelift writes, and nothing that it does not know', () => {
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const validate = ajv.compile(schema);
    const written: Readonly<Record<string, object>> = {
      'run-report.schema.json': fullReport,
      'acceptance.schema.json': acceptanceRecord('absences', [acceptance]),
      'privacy-report.schema.json': privacy,
      'standing-privacy.schema.json': standing,
      'erasure.schema.json': erasure,
      'portfolio.schema.json': portfolio,
    };
    const value = JSON.parse(JSON.stringify(written[name])) as object;
    expect(validate(value), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...value, unknown: 1 })).toBe(false);
    expect(validate({ ...value, schema: 'lakelift/other/1' })).toBe(false);
  });
});

it('leaves no published schema unchecked', () => {
  // Three are checked beside what writes or reads them.
  const elsewhere = ['lakelift.schema.json', 'assessment.schema.json', 'datasets.schema.json'];
  expect(readdirSync(FOLDER).sort()).toEqual([...elsewhere, ...Object.keys(publishedSchemas())].sort());
});
