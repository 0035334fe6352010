import { describe, expect, it } from 'vitest';
import type { UseCaseId } from '../../../src/domain/names.ts';
import type { DatasetColumn } from '../../../src/domain/privacy/dataset.ts';
import { servedFrom } from '../../../src/domain/serving/serving-place.ts';
import type { Blueprint } from '../../../src/generate/blueprint.ts';
import { sharedInfrastructure } from '../../../src/generate/infrastructure/infrastructure.ts';
import { aDataset } from '../../domain/privacy/a-dataset.ts';
import { blueprintOf } from '../blueprint.ts';

interface Rule {
  readonly Id: string;
  readonly Prefix?: string;
  readonly ExpirationInDays?: number;
}

const ABSENCES = await blueprintOf('absences');
const FIELD_SALES = await blueprintOf('field-sales');
const JOUR = 'rh.absences_prevues';

const fileOf = (blueprints: readonly Blueprint[], path: string): unknown =>
  JSON.parse(sharedInfrastructure(blueprints).find((file) => file.path === path)!.text);

function rulesOf(bucket: string, ...blueprints: readonly Blueprint[]): readonly Rule[] {
  const { Resources } = fileOf(blueprints, 'cloudformation/zones.json') as {
    Resources: Record<string, { Properties: { LifecycleConfiguration: { Rules: readonly Rule[] } } }>;
  };
  return Resources[bucket]!.Properties.LifecycleConfiguration.Rules;
}

/** The days after which the object of a dataset goes that keeps rows by the day of an absence, however that is treated. */
function expiration(period: string, jour: DatasetColumn, type?: string): number {
  const dataset = aDataset({
    from: JOUR,
    columns: { jour: { because: 'to test', ...jour, as: 'quand' }, nature: { treat: 'drop' } },
    retention: { period, from: 'quand' },
  });
  const table = ABSENCES.mapping.tables[JOUR]!;
  const columns = { ...table.columns, jour: { ...table.columns['jour']!, type } };
  const mapping = { ...ABSENCES.mapping, tables: { ...ABSENCES.mapping.tables, [JOUR]: { ...table, columns } } };
  const rules = rulesOf('CleanedBucket', {
    ...ABSENCES,
    mapping,
    datasets: { ...ABSENCES.datasets, datasets: [dataset] },
  });
  // What a function writes beside it is as old as it is.
  expect(rules.slice(1)).toMatchObject([
    { Id: 'Retention-cleaned_rh-people', Prefix: 'lake/cleaned_rh/people/' },
    { Id: 'Retention-cleaned_rh-people_small_files', Prefix: 'lake/cleaned_rh/people_small_files/' },
  ]);
  expect(rules[2]!.ExpirationInDays).toBe(rules[1]!.ExpirationInDays);
  return rules[1]!.ExpirationInDays!;
}

const DAY_MS = 86_400_000;
const text = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** As Athena's date_add: the last day of the month where it has no such day. */
function monthsBefore(time: number, months: number): number {
  const date = new Date(time);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() - months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(date.getUTCDate(), lastDay));
}

/** Whether the plan of retention (its SQL) finds a row that is to be deleted today. */
function isExpired(value: string, today: number, { months, days }: { months: number; days: number }): boolean {
  return value < text(monthsBefore(today, months) - days * DAY_MS).slice(0, value.length);
}

describe('objects of a dataset with a retention', () => {
  it.each([
    ['P1Y', { months: 12, days: 0 }],
    ['P1M', { months: 1, days: 0 }],
    ['P1Y6M10D', { months: 18, days: 10 }],
    ['P90D', { months: 0, days: 90 }],
  ])('never go before their rows may, whatever the day on which they were written: %s', (period, counted) => {
    const forms = [
      [4, expiration(period, { treat: 'year' })],
      [4, expiration(period, { treat: 'keep' })],
      [7, expiration(period, { treat: 'month' })],
      [10, expiration(period, { treat: 'keep' }, 'date')],
    ] as const;
    for (let written = Date.UTC(2023, 0, 1); written < Date.UTC(2025, 0, 1); written += DAY_MS)
      for (const [length, days] of forms) {
        // S3 takes what is due at the midnight after (User Guide, "Lifecycle rules: Based on an object's age").
        const gone = written + (days + 1) * DAY_MS;
        const value = text(written).slice(0, length);
        if (!isExpired(value, gone, counted)) expect.fail(`${value}, written ${text(written)}, goes ${text(gone)}`);
      }
  });

  it('stay a month or a year longer where their dates name no more, and no longer where they name a day', () => {
    expect(expiration('P1Y6M10D', { treat: 'year' })).toBe(366 + 6 * 31 + 10 + 366);
    expect(expiration('P1Y6M10D', { treat: 'year-band:5' })).toBe(366 + 6 * 31 + 10 + 5 * 366);
    expect(expiration('P1Y6M10D', { treat: 'month' })).toBe(366 + 6 * 31 + 10 + 31);
    for (const type of ['date', 'timestamp'])
      expect(expiration('P1Y6M10D', { treat: 'keep' }, type)).toBe(366 + 6 * 31 + 10);
  });

  it('stay a year longer where it is not known how much of a date their values are', () => {
    for (const type of [undefined, 'int', 'string', 'varchar(10)'])
      expect(expiration('P1Y', { treat: 'keep' }, type)).toBe(2 * 366);
  });

  it('go by what was done to the date, here or in the dataset that they are made of', () => {
    const days = (bucket: string, blueprint: Blueprint) =>
      Object.fromEntries(
        rulesOf(bucket, blueprint).flatMap((rule) => (rule.Prefix ? [[rule.Id, rule.ExpirationInDays]] : [])),
      );
    expect(days('CleanedBucket', ABSENCES)).toEqual({
      'Retention-cleaned_rh-arret_travail': 5 * 366 + 31,
      'Retention-cleaned_rh-arret_travail_small_files': 5 * 366 + 31,
      'Retention-cleaned_rh-arrets_declares': 5 * 366 + 31,
      'Retention-cleaned_rh-arrets_declares_small_files': 5 * 366 + 31,
    });
    expect(days('RefinedBucket', ABSENCES)).toEqual({ 'Retention-refined_rh-absences_par_departement': 6 * 366 });
    const suivi = aDataset({
      name: 'suivi',
      from: 'arrets',
      target: { zone: 'refined', database: 'refined_rh', table: 'suivi' },
      retention: { period: 'P1Y', from: 'mois_debut' },
    });
    const datasets = { ...ABSENCES.datasets, datasets: [...ABSENCES.datasets.datasets, suivi] };
    expect(days('RefinedBucket', { ...ABSENCES, datasets })).toMatchObject({ 'Retention-refined_rh-suivi': 366 + 31 });
  });

  it('know dates of DSN files for days', () => {
    const datasets = ABSENCES.datasets.datasets.map((dataset) => {
      if (dataset.name !== 'arrets_declares') return dataset;
      const r002 = { treat: 'keep', as: 'mois_arret', because: 'to test' };
      return { ...dataset, columns: { ...dataset.columns, r002 } };
    });
    const rules = rulesOf('CleanedBucket', { ...ABSENCES, datasets: { ...ABSENCES.datasets, datasets } });
    expect(rules.find(({ Id }) => Id.endsWith('arrets_declares'))!.ExpirationInDays).toBe(5 * 366);
  });

  it('go in Terraform after as many days', () => {
    const { resource } = fileOf([ABSENCES], 'terraform/zones/main.tf.json') as { resource: Record<string, object> };
    expect(resource['awscc_s3_bucket']).toMatchObject({
      refined_bucket: {
        lifecycle_configuration: {
          rules: [{ id: 'Undo' }, { prefix: 'refined_rh/absences_par_departement/', expiration_in_days: 6 * 366 }],
        },
      },
    });
  });
});

describe('files that items are imported from', () => {
  const rule = {
    Id: 'Serving-field-sales',
    Status: 'Enabled',
    Prefix: 'lake/_serving/field-sales/items/',
    ExpirationInDays: 30,
  };
  const servingRules = (bucket: string, ...blueprints: readonly Blueprint[]) =>
    rulesOf(bucket, ...blueprints).filter(({ Prefix }) => Prefix?.includes('_serving'));

  it('go after 30 days in the zone where they stand, and there alone', () => {
    expect(servingRules('CleanedBucket', ABSENCES, FIELD_SALES)).toEqual([rule]);
    for (const bucket of ['RawBucket', 'RefinedBucket']) expect(servingRules(bucket, FIELD_SALES)).toEqual([]);
    expect(servingRules('CleanedBucket', ABSENCES)).toEqual([]);
  });

  it('go in Terraform as well', () => {
    expect(JSON.stringify(fileOf([FIELD_SALES], 'terraform/zones/main.tf.json'))).toContain(
      `"prefix":"${rule.Prefix}","expiration_in_days":30`,
    );
  });

  it('are not what says which version is the latest: a refresh reads that at any time', () => {
    const { items, latest } = servedFrom('field-sales' as UseCaseId, { prefix: 'lake' });
    expect(rule.Prefix).toBe(`${items}/`);
    expect(latest.startsWith(rule.Prefix)).toBe(false);
  });
});
