import { describe, expect, it } from 'vitest';
import { sampleRows, type FetchedRow } from '../../../src/domain/fingerprint/row-samples.ts';
import { differenceOf, masked } from '../../../src/domain/fingerprint/value-difference.ts';

describe('differenceOf', () => {
  it.each<[string, string | undefined, string | undefined, string]>([
    ['string', undefined, '', 'null'],
    ['string', 'Dupont', 'DUPONT', 'case'],
    ['string', 'a', 'a ', 'space'],
    ['varchar(9)', 'abc', 'ab', 'truncated'],
    ['string', 'a', 'b', 'value'],
    ['decimal(9,2)', '12.5', '1.25', 'scale'],
    ['decimal(9,2)', '100', '1', 'scale'],
    ['decimal(9,4)', '0.1234', '0.12', 'rounding'],
    ['decimal(9,2)', '0.1', '7', 'value'],
    ['timestamp', '2024-03-31 10:00:00.000', '2024-03-31 08:00:00.000', 'zone'],
    ['timestamp', '2024-03-31 10:00:00.000', '2024-03-31 10:00:01.000', 'value'],
    ['timestamp', '2024-03-31 10:00:00.000', '2024-04-30 10:00:00.000', 'value'],
    ['int', '1', '10', 'value'],
  ])('%s: "%s" and "%s" differ by %s', (type, source, target, kind) => {
    expect(differenceOf(type, source, target)).toBe(kind);
  });
});

describe('masked', () => {
  it('shows no value, whatever its class', () => {
    expect(masked('2 85 12', 'identifier')).toBe('7 characters');
    expect(masked('Évry 91', 'unclassified')).toBe('7 characters');
    expect(masked('Évry-91 é😀', 'public')).toBe('"Aaaa-99 a?"');
    expect(masked('x'.repeat(100), 'technical')).toMatch(/^"a{24}…" \(100 characters\)$/);
    expect(masked(undefined, 'sensitive')).toBe('NULL');
  });
});

describe('sampleRows', () => {
  const row = (hash: string, rest: string, ...fields: string[]): FetchedRow => ({ hash, rest, fields });
  const name = { name: 'nom', type: 'string', class: 'identifier' } as const;

  it('takes rows alike in all else for one that changed', () => {
    const samples = sampleRows([row('aaaaaaaaaa', 'r', '6:Dupont')], [row('bbbbbbbbbb', 'r', '~')], [name]);
    expect(samples).toEqual([
      { kind: 'changed', row: 'aaaaaaaa', column: 'nom', difference: 'null', source: '6 characters', target: 'NULL' },
    ]);
  });

  it('tells a row that came twice from one that was lost, and leaves out those that are there as often', () => {
    const [a, b, c] = [row('aaaaaaaa', '1'), row('bbbbbbbb', '2'), row('cccccccc', '3')];
    expect(sampleRows([a, b, c, c], [a, a, c, c], [])).toEqual([
      { kind: 'missing', row: 'bbbbbbbb', source: '1 times', target: '0 times' },
      { kind: 'unexpected', row: 'aaaaaaaa', source: '1 times', target: '2 times' },
    ]);
  });
});
