import { afterAll, describe, expect, inject, it } from 'vitest';
import { TrinoEngine } from '../../../src/adapters/trino/trino-engine.ts';
import type { Dataset } from '../../../src/domain/privacy/dataset.ts';
import { parseTreatment } from '../../../src/domain/privacy/treatment.ts';
import { expiredRowsSql } from '../../../src/generate/gdpr/retention.ts';

/** `2020-2024`, so many years before this one at its end. */
function bandTo(years: number, width = 5): string {
  const year = (before: number): string => `CAST(year(current_date) + ${before} AS varchar)`;
  return `${year(years - width + 1)} || '-' || ${year(years)}`;
}

const stack = inject('stack');

describe.skipIf(stack === undefined)('the query for expired rows, in Trino', () => {
  const trino = new TrinoEngine({ url: stack?.trinoUrl ?? '', catalog: stack?.trinoCatalog ?? '', user: 'gdpr' });
  afterAll(() => trino.close());

  it.each([
    // A year and a month count as a whole; what is to go today went by yesterday.
    ['a date', `date_add('day', -1, date_add('year', -5, current_date))`, `date_add('year', -5, current_date)`],
    [
      'a month',
      `date_format(date_add('month', -61, current_date), '%Y-%m')`,
      `date_format(date_add('month', -60, current_date), '%Y-%m')`,
    ],
    ['a year', `year(date_add('year', -6, current_date))`, `year(date_add('year', -5, current_date))`],
    // By its last year: the first may be long past.
    ['a band of years', bandTo(-6), bandTo(-5), 'year-band:5'],
    ['a band of one year', bandTo(-6, 1), bandTo(-5, 1), 'year-band:1'],
  ])('%s is past, or not yet', async (_what, past, present, treat = 'keep') => {
    const dataset = { target: { database: 'd', table: 't' }, retention: { period: 'P5Y', from: 'c' } } as Dataset;
    const column = { name: 'c', source: 'c', class: 'technical', treatment: parseTreatment(treat)! } as const;
    const rows = `(VALUES (${past}), (${present}), (NULL)) AS t (c)`;
    expect(await trino.query(expiredRowsSql({ dataset, output: [column] })!.replace('"d"."t"', rows))).toEqual([['1']]);
  });
});
